"""Shopping: products, carts, orders and shopping lists; the shop is simulated, the discount is really computed."""

from __future__ import annotations

from codeling.data.tool_functions.everyday_values import (
    FOODS,
    GOODS,
    address,
    city,
    code,
    company,
    first_name,
    price,
    product,
)
from codeling.data.tool_functions.mathematics import tidy
from codeling.data.tool_functions.spec import FunctionSpec, answer, choice, flag, integer, lines, listing, number, text
from codeling.data.tool_functions.values import mixed, one_of, sentence, whole

_DOMAIN = "shopping"
_groceries = mixed(one_of(FOODS), one_of(GOODS))

FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec(
        "search_products",
        _DOMAIN,
        "Search products in the shop",
        (
            text("query", product, names=("product", "keywords")),
            number("max_price", whole(5, 900), required=False, names=("price_limit",)),
            choice("sort", ("cheapest", "newest", "best_rated"), required=False, names=("order_by",)),
        ),
        lines("""
            Show me a {query}[ under {max_price}][, {sort} first]
            I want to buy a {query}[ for at most {max_price}][, {sort} first]
            Search the shop for a {query}[ below {max_price}][, sort by {sort}]
            shop: {query}[, max {max_price}][, {sort}]
            Find a {query}[ that costs less than {max_price}][, {sort} first]
            Do you sell a {query}[ up to {max_price}][? The {sort} first please]
            I'm looking for a {query}[, budget {max_price}][, {sort} ones on top]
            What {query} can I get[ for {max_price}][, {sort} on top]?
            Is there any {query} in stock[ at a price under {max_price}][, starting with the {sort}]?
            Let me browse every {query} you have[ not above {max_price}][, ordered by {sort}]
        """),
        answer("query", price=price, rating=whole(1, 5)),
        names=("find_products", "product_search"),
    ),
    FunctionSpec(
        "add_to_cart",
        _DOMAIN,
        "Put a product into the shopping cart",
        (
            text("product", product, names=("item",)),
            integer("quantity", whole(2, 12), required=False, default=1, names=("amount", "count")),
        ),
        lines("""
            Add the {product} to my cart[, {quantity} pieces]
            Put the {product} in my shopping cart[ {quantity} times]
            cart: {product}[ x {quantity}]
            I'll take the {product}, add it to the cart[, quantity {quantity}]
            Please place the {product} into the cart[, {quantity} of them]
            Into the cart with the {product}[, {quantity} units]
            Can you add the {product} to the basket[, {quantity} pieces]?
            The {product} looks nice; put it in my basket[, I need {quantity}]
            My cart should have the {product}[, {quantity} of it]
            Throw the {product} in the basket[, amount {quantity}]
        """),
        answer("product", "quantity", items=whole(1, 20)),
        names=("cart_add", "put_in_cart"),
    ),
    FunctionSpec(
        "remove_from_cart",
        _DOMAIN,
        "Take a product out of the shopping cart",
        (text("product", product, names=("item",)),),
        lines("""
            Remove the {product} from my cart
            Take the {product} out of the shopping cart
            Delete the {product} from the basket
            cart: remove {product}
            I don't want the {product} any more, remove it from the cart
            Please drop the {product} from my cart
            No {product} after all, take it out of the cart
            The {product} is too expensive, out of the basket with it
            Get rid of the {product} in my cart
            My basket should not contain the {product}
        """),
        answer("product", items=whole(0, 20)),
        names=("cart_remove", "drop_from_cart"),
    ),
    FunctionSpec(
        "track_order",
        _DOMAIN,
        "Where an order is",
        (text("order", code, names=("order_id", "order_number")),),
        lines("""
            Where is my order {order}?
            Track order {order}
            order status {order}
            When will order {order} arrive?
            Has order {order} been shipped?
            Check the delivery of order {order}
            I'm waiting for my order {order}, where is it?
            Tell me how far my order {order} has come
            What is happening with my purchase, order number {order}?
            My parcel from order {order} hasn't come yet. Look it up
        """),
        answer("order", status=one_of(("packed", "shipped", "in transit", "delivered")), days_left=whole(0, 9)),
        names=("order_status", "check_order"),
    ),
    FunctionSpec(
        "cancel_order",
        _DOMAIN,
        "Cancel an order",
        (text("order", code, names=("order_id", "order_number")),),
        lines("""
            Cancel my order {order}
            Please cancel order {order}
            cancel order {order}
            I changed my mind, stop the order {order}
            Can you cancel the order with number {order}?
            I ordered by mistake. Cancel {order}
            Order {order} should not be sent, cancel it
            Don't ship order {order}, I don't need it
            Call off my purchase, order {order}
            It is about order {order}: I want to withdraw it
        """),
        answer("order", cancelled=True),
        names=("stop_order", "withdraw_order"),
    ),
    FunctionSpec(
        "return_item",
        _DOMAIN,
        "Return a product of an order",
        (
            text("order", code, names=("order_id", "order_number")),
            text("product", product, names=("item",)),
            choice("reason", ("broken", "too_small", "too_big", "wrong_color", "too_late"), required=False),
        ),
        lines("""
            I want to return the {product} from order {order}[ because it is {reason}]
            Return {product}, order {order}[, reason: {reason}]
            Please take back the {product} of order {order}[, it is {reason}]
            return {order} {product}[ {reason}]
            The {product} from my order {order} should go back[, reason {reason}]
            Start a return for the {product} in order {order}[ as it is {reason}]
            Can I send back the {product} from order {order}[? It was {reason}]
            I'm not happy with the {product} of order {order}[, it came {reason}], return it
            From order {order}, I'd like to give back the {product}[: {reason}]
            Give me a return label for the {product} bought with order {order}[; {reason}]
        """),
        answer("order", "product", label=code),
        names=("return_product", "send_back"),
    ),
    FunctionSpec(
        "apply_discount",
        _DOMAIN,
        "Price after a discount in percent",
        (number("price", price, names=("amount",)), integer("percent", whole(2, 80), names=("discount",))),
        lines("""
            What does something for {price} cost with {percent}% off?
            Price of {price} after a {percent}% discount
            {price} minus a {percent} percent discount
            A jacket costs {price} and is reduced by {percent}%. What do I pay?
            Apply a discount of {percent}% to {price}
            discount {percent}% on {price}
            I get {percent} percent off a price of {price}. How much is left to pay?
            With {percent}% off, how much is an item of {price}?
            The coupon gives {percent}%; the price is {price}. What is the final price?
            How cheap is {price} once {percent} percent are taken off?
        """),
        lambda a, random: {"price": tidy(round(a["price"] * (100 - a["percent"]) / 100, 2))},
        names=("discounted_price", "price_after_discount"),
    ),
    FunctionSpec(
        "compare_prices",
        _DOMAIN,
        "Compare prices of a product across shops",
        (text("product", product, names=("item",)), flag("used", "used ones too", "new ones only")),
        lines("""
            Compare prices for a {product}[, {used}]
            Where is a {product} cheapest[, {used}]?
            price comparison {product}[, {used}]
            Which shop has the best price for a {product}[, {used}]?
            Find the cheapest offer for a {product}[, {used}]
            What do different shops charge for a {product}[, {used}]?
            Check the prices of a {product} in several stores[, {used}]
            I don't want to pay too much for a {product}. Compare the shops[, {used}]
            Who sells a {product} for the least money[, {used}]?
            Show offers of a {product} side by side[, {used}]
        """),
        answer("product", shop=company, price=price),
        names=("price_comparison", "find_cheapest"),
    ),
    FunctionSpec(
        "add_to_shopping_list",
        _DOMAIN,
        "Write items on the shopping list",
        (listing("items", _groceries, 1, 4, names=("products",)),),
        lines("""
            Add {items} to the shopping list
            Put {items} on my shopping list
            shopping list: {items}
            Write {items} on the grocery list
            We are out of {items}, put that on the shopping list
            Please note {items} for the next shopping trip
            I need {items} from the store, add it to my list
            Next time at the supermarket I must not forget {items}
            The shopping list is missing {items}
            Can you jot down {items} for groceries?
        """),
        answer("items", total=whole(1, 25)),
        names=("shopping_list_add", "add_groceries"),
    ),
    FunctionSpec(
        "write_review",
        _DOMAIN,
        "Review a product with stars",
        (
            text("product", product, names=("item",)),
            integer("stars", whole(2, 5), names=("rating",)),
            text("comment", sentence, required=False, names=("text",)),
        ),
        lines("""
            Give the {product} {stars} stars[ and write "{comment}"]
            Rate the {product} with {stars} stars[, comment "{comment}"]
            Review of the {product}: {stars} stars[, "{comment}"]
            review {product} {stars}/5[ "{comment}"]
            I'd like to review the {product} with {stars} stars[ saying "{comment}"]
            Post a {stars} star review for the {product}[ with the text "{comment}"]
            My rating for the {product} is {stars} stars[ and the comment "{comment}"]
            The {product} deserves {stars} stars[; add "{comment}"]
            Leave {stars} stars for the {product}[ together with "{comment}"]
            For the {product} I give {stars} out of 5[, noting "{comment}"]
        """),
        answer("product", "stars", posted=True),
        names=("rate_product", "post_review"),
    ),
    FunctionSpec(
        "store_hours",
        _DOMAIN,
        "Opening hours of a store",
        (text("store", company, names=("shop",)), text("city", city, required=False)),
        lines("""
            When is {store} open[ in {city}]?
            Opening hours of {store}[ in {city}]
            hours {store}[ {city}]
            Until when can I shop at {store}[ in {city}]?
            Is {store}[ in {city}] open on Sundays?
            What are the opening times of the store {store}[, {city}]?
            When does {store} close[ in {city}]?
            Tell me if I can still go to {store}[ in {city}]
            At what time does the shop {store} open its doors[ in {city}]?
            I want to visit the {store} store[ in {city}]. When may I come?
        """),
        answer("store", opens=one_of(("08:00", "09:00", "10:00")), closes=one_of(("18:00", "20:00", "22:00"))),
        names=("opening_hours", "shop_hours"),
    ),
    FunctionSpec(
        "change_delivery_address",
        _DOMAIN,
        "Change where an order is delivered",
        (
            text("order", code, names=("order_id",)),
            text("address", address, names=("new_address",)),
            text("receiver", first_name, required=False),
        ),
        lines("""
            Deliver order {order} to {address} instead[, receiver {receiver}]
            Change the address of order {order} to {address}[ for {receiver}]
            Send my order {order} to {address}[, care of {receiver}]
            order {order}: new address {address}[, {receiver}]
            The delivery address of order {order} should be {address}[, for {receiver}]
            I moved! Please ship order {order} to {address}[ in the name of {receiver}]
            Update order {order} with the delivery address {address}[ and the receiver {receiver}]
            Redirect the parcel of order {order} to {address}[ where {receiver} takes it]
            Let order {order} go to {address}[ and to {receiver}]
            I won't be home; bring order {order} to {address}[, to {receiver}]
        """),
        answer("order", "address", changed=True),
        names=("update_delivery", "redirect_order"),
    ),
)
