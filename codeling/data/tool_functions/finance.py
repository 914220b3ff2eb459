"""Money: interest, loans, taxes and tips are really computed; accounts, shares and exchange rates are simulated."""

from __future__ import annotations

from random import Random
from typing import Any

from codeling.data.tool_functions.everyday_values import (
    BILLS,
    CURRENCIES,
    city,
    company,
    different,
    first_name,
    full_name,
    price,
    ticker,
)
from codeling.data.tool_functions.mathematics import tidy
from codeling.data.tool_functions.spec import FunctionSpec, answer, choice, integer, lines, number, text
from codeling.data.tool_functions.values import decimal, magnitudes, mixed, one_of, whole

_DOMAIN = "finance"
_rate = mixed(whole(1, 12), decimal(1, 9), decimal(1, 6, 2))
_sum = mixed(magnitudes(100, 90000), price)
_CATEGORIES = ("food", "rent", "travel", "clothes", "health", "leisure", "transport", "gifts")


def _cents(value: float) -> float:
    return tidy(round(value, 2))


def loan_payment(amount: float, rate: float, years: int) -> float:
    """Monthly payment of an annuity loan: ``rate`` is the yearly interest in percent, charged monthly."""
    monthly, months = rate / 1200, years * 12
    return _cents(amount * monthly / (1 - (1 + monthly) ** -months))


def _exchange(a: dict[str, Any], random: Random) -> Any:
    rate = random.randint(50, 20000) / 10000
    return {"amount": _cents(a["amount"] * rate), "rate": rate}


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec(
        "compound_interest",
        _DOMAIN,
        "Savings after years of compound interest",
        (
            number("amount", _sum, names=("principal",)),
            number("rate", _rate, "percent a year", names=("interest",)),
            integer("years", whole(2, 40)),
        ),
        lines("""
            How much are {amount} worth after {years} years at {rate}% compound interest?
            Compound interest: {amount} at {rate} percent for {years} years
            I save {amount} at {rate}% a year. What do I have after {years} years?
            compound {amount}, {rate}%, {years} years
            What will {amount} grow to in {years} years with {rate} percent yearly interest?
            Invest {amount} for {years} years at {rate}% and tell me the result
            {amount} in the bank at {rate}% interest for {years} years, how much is that?
            With {rate}% interest per year, what do {amount} become in {years} years?
            If I leave {amount} alone for {years} years at {rate} percent, what is the final sum?
            My savings of {amount} earn {rate}% annually; compute the value in {years} years
        """),
        lambda a, random: {"total": _cents(a["amount"] * (1 + a["rate"] / 100) ** a["years"])},
        names=("savings_growth", "future_value"),
    ),
    FunctionSpec(
        "loan_payment",
        _DOMAIN,
        "Monthly payment of a loan",
        (
            number("amount", magnitudes(1000, 600000), names=("loan",)),
            number("rate", _rate, "percent a year", names=("interest",)),
            integer("years", whole(1, 35)),
        ),
        lines("""
            What is the monthly payment for a loan of {amount} at {rate}% over {years} years?
            Loan payment: {amount}, {rate} percent, {years} years
            I borrow {amount} at {rate}% for {years} years. What do I pay each month?
            mortgage {amount} {rate}% {years} years
            How much is the monthly rate of a {years} year loan of {amount} at {rate}%?
            Compute the installment for a credit of {amount} with {rate}% interest and {years} years
            A mortgage of {amount} runs {years} years at {rate} percent. What is due per month?
            If the bank lends me {amount} for {years} years at {rate}%, what will I owe monthly?
            Paying back {amount} in {years} years at {rate} percent interest costs how much a month?
            What monthly sum pays off a debt of {amount} in {years} years if the interest is {rate}%?
        """),
        lambda a, random: {"monthly": loan_payment(a["amount"], a["rate"], a["years"])},
        names=("monthly_payment", "mortgage_payment"),
    ),
    FunctionSpec(
        "calculate_tip",
        _DOMAIN,
        "Tip and total of a restaurant bill",
        (number("bill", price, names=("amount",)), number("percent", whole(5, 30), names=("tip_percent",))),
        lines("""
            What is a {percent}% tip on a bill of {bill}?
            Tip {percent} percent on {bill}
            The bill is {bill}. How much is a tip of {percent}%?
            tip {bill} {percent}%
            How much do I pay with a {percent}% tip if dinner costs {bill}?
            Add a tip of {percent} percent to the bill of {bill}
            Compute the tip: bill {bill}, {percent} percent
            The waiter was nice, give {percent}% of tip on {bill}
            Our restaurant check says {bill}; what is it including a {percent} percent tip?
            I'd like to leave {percent}% as a tip, the bill being {bill}
        """),
        lambda a, random: {
            "tip": _cents(a["bill"] * a["percent"] / 100),
            "total": _cents(a["bill"] * (100 + a["percent"]) / 100),
        },
        names=("tip_calculator", "compute_tip"),
    ),
    FunctionSpec(
        "split_bill",
        _DOMAIN,
        "Split a bill among people",
        (number("total", price, names=("bill", "amount")), integer("people", whole(2, 14), names=("persons",))),
        lines("""
            Split a bill of {total} among {people} people
            How much does each pay if {people} people share {total}?
            Divide the bill of {total} by {people} persons
            split {total} by {people}
            We are {people} and the bill is {total}. What does everyone pay?
            {people} friends share a bill of {total}, how much is it for each?
            Share the costs of {total} equally between {people} people
            Dinner was {total} for {people} of us; who owes what?
            What is my part of {total} when {people} people chip in?
            A gift costs {total} and {people} colleagues pay for it, how much each?
        """),
        lambda a, random: {"each": _cents(a["total"] / a["people"])},
        names=("share_bill", "divide_bill"),
    ),
    FunctionSpec(
        "sales_tax",
        _DOMAIN,
        "Price including sales tax",
        (
            number("price", price, "net price", names=("net",)),
            number("rate", mixed(whole(3, 27), decimal(3, 20)), "percent", names=("tax_rate",)),
        ),
        lines("""
            What is {price} plus {rate}% sales tax?
            Add {rate} percent tax to {price}
            Price with tax: {price} net, {rate}%
            tax {rate}% on {price}
            How much is {price} including a tax of {rate}%?
            An item costs {price} before tax. The tax is {rate}%. What do I pay?
            Put {rate}% VAT on top of {price}
            Net price {price}, tax rate {rate} percent: what is the gross price?
            If VAT is {rate}%, what does a net amount of {price} come to?
            Compute the price after tax for {price} at {rate} percent
        """),
        lambda a, random: {"total": _cents(a["price"] * (100 + a["rate"]) / 100)},
        names=("price_with_tax", "add_tax"),
    ),
    FunctionSpec(
        "convert_currency",
        _DOMAIN,
        "Convert money into another currency",
        (
            number("amount", price, names=("value",)),
            text("from_currency", one_of(CURRENCIES), names=("source",)),
            text("to_currency", one_of(CURRENCIES), names=("target",)),
        ),
        lines("""
            Convert the amount {amount} {from_currency} to {to_currency}
            How much is {amount} {from_currency} in {to_currency}?
            money: {amount} {from_currency} in {to_currency}
            What are {amount} {from_currency} worth in {to_currency}?
            Exchange {amount} {from_currency} into {to_currency}
            I have {amount} {from_currency}. How many {to_currency} do I get?
            Change {amount} {from_currency} for {to_currency}
            A hotel costs {amount} {from_currency}; what is that in {to_currency}?
            How many {to_currency} must I bring to have {amount} {from_currency}?
            Please express {amount} {from_currency} as {to_currency}
        """),
        _exchange,
        names=("currency_converter", "exchange_money"),
        relate=different("to_currency", "from_currency", one_of(CURRENCIES)),
    ),
    FunctionSpec(
        "stock_price",
        _DOMAIN,
        "Current price of a share",
        (text("symbol", ticker, names=("ticker", "stock")),),
        lines("""
            What is the price of {symbol} stock?
            How much is a share of {symbol}?
            stock {symbol}
            Get the current stock price of {symbol}
            Where does {symbol} stand on the stock market?
            Share price of {symbol}, please
            What is {symbol} trading at?
            Check the quote for the symbol {symbol}
            Are my {symbol} shares up? Show the price
            Tell me what one {symbol} share costs now
        """),
        answer("symbol", price=price, change=decimal(-5, 5, 2)),
        names=("get_stock_price", "share_price"),
    ),
    FunctionSpec(
        "buy_shares",
        _DOMAIN,
        "Buy shares of a company",
        (
            text("symbol", ticker, names=("ticker", "stock")),
            integer("quantity", whole(1, 500), names=("shares", "amount")),
            number("limit", price, "highest price", required=False, names=("max_price",)),
        ),
        lines("""
            Buy {quantity} shares of {symbol}[ for at most {limit}]
            Purchase {quantity} {symbol} shares[ with a limit of {limit}]
            buy {quantity} {symbol}[ limit {limit}]
            I'd like to buy {quantity} shares of {symbol}[ at no more than {limit}]
            Place an order for {quantity} shares of {symbol}[, limit {limit}]
            Get me {quantity} {symbol} stocks[ up to {limit} each]
            Order {quantity} shares in {symbol}[ below {limit}]
            Put my money into {quantity} shares of {symbol}[, paying {limit} at most]
            Add {quantity} {symbol} shares to my portfolio[ if they cost {limit} or less]
            My broker should buy {symbol}, {quantity} shares[, highest price {limit}]
        """),
        answer("symbol", "quantity", order=whole(10000, 99999)),
        names=("purchase_stock", "order_shares"),
    ),
    FunctionSpec(
        "transfer_money",
        _DOMAIN,
        "Send money to a person",
        (
            text("recipient", mixed(first_name, full_name), names=("to", "receiver")),
            number("amount", price, names=("sum",)),
            text("currency", one_of(CURRENCIES), required=False),
            text(
                "reason",
                one_of(
                    (
                        *BILLS,
                        "dinner",
                        "the tickets",
                        "the gift",
                        "the taxi",
                        "groceries",
                        "the trip",
                        "the book",
                        "the repair",
                    )
                ),
                required=False,
                names=("note",),
            ),
        ),
        lines("""
            Send {amount}[ {currency}] to {recipient}[ for {reason}]
            Transfer {amount}[ {currency}] to {recipient}[, reason {reason}]
            Pay {recipient} {amount}[ {currency}][ for {reason}]
            transfer {amount}[ {currency}] {recipient}[ {reason}]
            I owe {recipient} {amount}[ {currency}][ for {reason}], please send it
            Wire {amount}[ {currency}] to {recipient}[ because of {reason}]
            Give {recipient} {amount}[ {currency}] from my account[ for {reason}]
            {recipient} gets {amount}[ {currency}] from me[ for {reason}]
            Move {amount}[ {currency}] over to {recipient}[, it is for {reason}]
            Settle my debt with {recipient}: {amount}[ {currency}][, for {reason}]
        """),
        answer("recipient", "amount", sent=True),
        names=("send_money", "make_payment"),
    ),
    FunctionSpec(
        "log_expense",
        _DOMAIN,
        "Record an expense",
        (
            number("amount", price, names=("cost",)),
            choice("category", _CATEGORIES),
            text("shop", company, required=False, names=("store",)),
        ),
        lines("""
            I spent {amount} on {category}[ at {shop}]
            Record an expense of {amount} for {category}[ at {shop}]
            Log {amount} under {category}[, shop {shop}]
            expense {amount} {category}[ {shop}]
            Note that I paid {amount} for {category}[ at {shop}]
            Add an expense: {amount}, {category}[, {shop}]
            Put {amount} into my budget as {category}[, paid at {shop}]
            Another {amount} gone for {category}[ at {shop}], write it down
            My {category} cost {amount}[ at {shop}]; keep track of it
            Enter {amount} as spending on {category}[ from {shop}]
        """),
        answer("amount", "category", saved=True),
        names=("add_expense", "record_spending"),
    ),
    FunctionSpec(
        "spending_report",
        _DOMAIN,
        "Spending by category in a period",
        (
            choice("period", ("today", "this_week", "this_month", "this_year")),
            choice("category", _CATEGORIES, required=False),
        ),
        lines("""
            How much did I spend[ on {category}] {period}?
            Show my spending[ on {category}] for {period}
            spending {period}[ {category}]
            What did I spend[ for {category}] {period}?
            Give me a report of my expenses[ for {category}] {period}
            How high are my costs[ for {category}] {period}?
            Summarize where my money went {period}[, only {category}]
            I want to see all expenses {period}[ in the category {category}]
            Have I been careful with money {period}[, especially for {category}]?
            What is the total I paid[ on {category}] {period}?
        """),
        answer("period", total=price),
        names=("expense_report", "get_spending"),
    ),
    FunctionSpec(
        "find_atm",
        _DOMAIN,
        "Nearest cash machine in a city",
        (text("city", city, names=("location",)), integer("radius", whole(1, 20), "kilometers", required=False)),
        lines("""
            Where can I find a cash machine in {city}[ within {radius} kilometers]?
            Nearest ATM in {city}[, {radius} km]
            atm {city}[ {radius} km]
            I need cash in {city}. Where is an ATM[ within {radius} km]?
            Find a cash machine in {city}[, at most {radius} kilometers away]
            Is there an ATM around in {city}[ in a radius of {radius} kilometers]?
            Show cash machines in {city}[ within {radius} kilometers]
            I ran out of money in {city}, look for a cash dispenser[ up to {radius} km away]
            Which bank machine is close to me in {city}[, not farther than {radius} km]?
            Let me withdraw money in {city}[, {radius} kilometers are fine]
        """),
        answer("city", meters=whole(50, 3000)),
        names=("cash_machine", "nearest_atm"),
    ),
)
