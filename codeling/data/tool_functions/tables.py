"""Lists of numbers and small tables: statistics, sorting, filtering and charts; the numbers are really computed."""

from __future__ import annotations

import statistics
from random import Random
from typing import Any

from codeling.data.tool_functions.everyday_values import FIRST_NAMES, FOODS, NOUNS, series
from codeling.data.tool_functions.mathematics import tidy
from codeling.data.tool_functions.spec import FunctionSpec, Slot, answer, choice, flag, integer, lines, text
from codeling.data.tool_functions.values import decimal, file_with, magnitudes, mixed, one_of, whole

_DOMAIN = "tables"
_COLUMNS = ("name", "price", "age", "city", "country", "date", "amount", "quantity", "score", "email", "weight",
            "height", "status", "category", "year", "salary", "rating", "color", "brand", "team", "department",
            "product", "owner", "duration", "distance", "temperature", "size", "title", "region", "total")  # fmt: skip
_table_file = file_with("csv", "tsv", "xlsx")
_column = one_of(_COLUMNS)
_word = mixed(one_of(FIRST_NAMES), one_of(NOUNS), one_of(FOODS))


def _numbers(
    name: str = "numbers", low: int = 3, high: int = 7, *, names: tuple[str, ...] = ("values", "data")
) -> Slot:
    draws = (whole(1, 40), whole(1, 999), decimal(1, 60), magnitudes(10, 90000))

    def draw(random: Random) -> list[float]:
        return series(random.choice(draws), low, high)(random)

    schema = {"type": "array", "items": {"type": "number"}}
    return Slot(name, schema, draw, names=names)


def _record(random: Random) -> dict[str, Any]:
    """A row of a table: two or three columns with a word or a number each."""
    columns = random.sample(_COLUMNS, random.randint(2, 3))
    return {column: _word(random) if random.random() < 0.5 else random.randint(1, 900) for column in columns}


def _mode(a: dict[str, Any], random: Random) -> Any:
    return {"modes": statistics.multimode(a["numbers"])}


def _correlation(a: dict[str, Any], random: Random) -> Any:
    """Pearson's coefficient over the pairs that both lists have; null when one list does not vary."""
    pairs = list(zip(a["x"], a["y"], strict=False))
    x, y = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    if len(set(x)) < 2 or len(set(y)) < 2:
        return {"correlation": None}
    return {"correlation": tidy(statistics.correlation(x, y))}


def percentile(numbers: list[float], percent: float) -> float:
    """The percentile by linear interpolation between the closest ranks, which is numpy's default too."""
    ordered = sorted(numbers)
    place = (len(ordered) - 1) * percent / 100
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return tidy(ordered[below] + (ordered[above] - ordered[below]) * (place - below))


def _limit_among(a: dict[str, Any], random: Random) -> dict[str, Any]:
    """The limit becomes a whole number among the numbers, so that it parts them."""
    return {**a, "limit": int(random.choice(a["numbers"]) + random.randint(0, 3))}


def _moving_average(numbers: list[float], window: int) -> list[float]:
    return [tidy(statistics.fmean(numbers[at : at + window])) for at in range(len(numbers) - window + 1)]


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec(
        "calculate_mean",
        _DOMAIN,
        "Average of a list of numbers",
        (_numbers(),),
        lines("""
            What is the average of {numbers}?
            Compute the mean of {numbers}
            Average {numbers}
            mean of {numbers}
            My scores were {numbers}. What is my average?
            Find the mean value of the numbers {numbers}
            Give me the average for {numbers}
            On average, how large are {numbers}?
            Tell me the mean if the data is {numbers}
            The days had {numbers} visitors. What is the daily average?
        """),
        lambda a, random: {"mean": tidy(statistics.fmean(a["numbers"]))},
        names=("average", "compute_average"),
    ),
    FunctionSpec(
        "calculate_median",
        _DOMAIN,
        "Median of a list of numbers",
        (_numbers(),),
        lines("""
            What is the median of {numbers}?
            Compute the median of {numbers}
            median {numbers}
            Find the median for the values {numbers}
            Give me the median of these numbers: {numbers}
            Which number is the median in {numbers}?
            I need the median of {numbers}
            What value lies in the middle when {numbers} are sorted?
            Take {numbers} and tell me the median
            The rents are {numbers}; what is the median rent?
        """),
        lambda a, random: {"median": tidy(statistics.median(a["numbers"]))},
        names=("median", "middle_value"),
    ),
    FunctionSpec(
        "calculate_mode",
        _DOMAIN,
        "Most frequent number of a list",
        (_numbers(),),
        lines("""
            What is the mode of {numbers}?
            Which number occurs most often in {numbers}?
            mode of {numbers}
            Find the most frequent value among {numbers}
            Compute the mode for {numbers}
            Tell me the mode of the list {numbers}
            Which value is the most common in {numbers}?
            In the series {numbers}, what appears most?
            I rolled {numbers}. Which one came up most frequently?
            Look for the most repeated number in {numbers}
        """),
        _mode,
        names=("mode", "most_common_number"),
    ),
    FunctionSpec(
        "standard_deviation",
        _DOMAIN,
        "Standard deviation of a list of numbers",
        (_numbers(), flag("sample", "as a sample", "as a whole population", "divide by n-1", default=False)),
        lines("""
            What is the standard deviation of {numbers}[ {sample}]?
            Compute the standard deviation of {numbers}[ {sample}]
            standard deviation {numbers}[, {sample}]
            How much do {numbers} vary? Give the standard deviation[ {sample}]
            Find the standard deviation for {numbers}[, taken {sample}]
            stdev of {numbers}[ {sample}]
            I need the standard deviation of the values {numbers}[ {sample}]
            Measure the spread of {numbers} by the standard deviation[ {sample}]
            My measurements are {numbers}; what is their standard deviation[ {sample}]?
            Tell me how far {numbers} deviate from the mean[, {sample}]
        """),
        lambda a, random: {"deviation": tidy((statistics.stdev if a["sample"] else statistics.pstdev)(a["numbers"]))},
        names=("stdev", "measure_spread"),
    ),
    FunctionSpec(
        "sum_numbers",
        _DOMAIN,
        "Add up a list of numbers",
        (_numbers(),),
        lines("""
            What is the sum of {numbers}?
            Add up {numbers}
            Sum {numbers}
            total of {numbers}
            How much is {numbers} altogether?
            Add the numbers {numbers} together
            Please sum up {numbers}
            My bills are {numbers}. What is the total?
            If I put {numbers} together, what do I get?
            Find the total when adding {numbers}
        """),
        lambda a, random: {"sum": tidy(sum(a["numbers"]))},
        names=("add_numbers", "total"),
    ),
    FunctionSpec(
        "find_extremes",
        _DOMAIN,
        "Smallest and largest number of a list",
        (_numbers(),),
        lines("""
            What are the smallest and the largest of {numbers}?
            Find the minimum and maximum of {numbers}
            min and max of {numbers}
            Which are the lowest and highest values in {numbers}?
            Give me the extremes of {numbers}
            Tell me the range, smallest to largest, of {numbers}
            Minimum and maximum for the list {numbers}, please
            From which lowest to which highest value do {numbers} go?
            Prices are {numbers}: name the cheapest and the most expensive
            Between what bounds do {numbers} lie?
        """),
        lambda a, random: {"min": min(a["numbers"]), "max": max(a["numbers"])},
        names=("min_max", "get_range"),
    ),
    FunctionSpec(
        "sort_numbers",
        _DOMAIN,
        "Sort a list of numbers",
        (_numbers(), choice("order", ("ascending", "descending"), required=False, default="ascending")),
        lines("""
            Sort the list {numbers}[ in {order} order]
            Put {numbers} in order[, {order}]
            Please sort the numbers {numbers}[ {order}]
            sort list {numbers}[ {order}]
            Arrange {numbers} by size[, in {order} order]
            Can you order {numbers} for me[, {order}]?
            I want {numbers} sorted[ in {order} order]
            Bring {numbers} into a sorted sequence[, {order}]
            These are unsorted: {numbers}. Order them[, {order}]
            Line up {numbers} by value[ in {order} order]
        """),
        lambda a, random: {"sorted": sorted(a["numbers"], reverse=a["order"] == "descending")},
        names=("order_numbers", "arrange_numbers"),
    ),
    FunctionSpec(
        "percentile",
        _DOMAIN,
        "Percentile of a list of numbers",
        (_numbers(), integer("percent", whole(1, 99))),
        lines("""
            What is the {percent}th percentile of {numbers}?
            Compute percentile {percent} of {numbers}
            percentile {percent}: {numbers}
            Find the {percent} percent percentile for {numbers}
            Give me the {percent}th percentile of the values {numbers}
            In {numbers}, what is percentile {percent}?
            I need percentile {percent} for the data {numbers}
            Below which value lie {percent} percent of {numbers}?
            For waiting times {numbers}, what is percentile {percent}?
            Of {numbers}, tell me the percentile at {percent}
        """),
        lambda a, random: {"value": percentile(a["numbers"], a["percent"])},
        names=("get_percentile", "quantile"),
    ),
    FunctionSpec(
        "correlation",
        _DOMAIN,
        "Correlation of two lists of numbers",
        (_numbers("x", 4, 4, names=("first",)), _numbers("y", 4, 4, names=("second",))),
        lines("""
            What is the correlation between {x} and {y}?
            Correlate the lists {x} and {y}
            correlation x: {x}; y: {y}
            How strongly do {x} go with {y}? Give the correlation
            Compute the correlation of x = {x} with y = {y}
            Is there a correlation between the series {x} and the series {y}?
            Find Pearson's coefficient for {x} against {y}
            Do the numbers {x} rise together with {y}? I want the coefficient
            Sales were {x} and visitors {y}; how are they correlated?
            Tell me how {x} and {y} are related statistically
        """),
        _correlation,
        names=("pearson_correlation", "correlate"),
    ),
    FunctionSpec(
        "moving_average",
        _DOMAIN,
        "Moving average of a list of numbers",
        (_numbers("numbers", 5, 8), integer("window", whole(2, 4))),
        lines("""
            Compute the moving average of {numbers} with a window of {window}
            Moving average over {window} values for {numbers}
            Smooth {numbers} with window {window}
            What is the {window}-point moving average of {numbers}?
            moving average window={window}: {numbers}
            Give me the running mean of {numbers}, window {window}
            Take a moving average of {numbers} using {window} values at a time
            I want {numbers} smoothed by averaging {window} neighbours
            With a window of {window}, calculate the rolling average of {numbers}
            Average every {window} consecutive values of {numbers}
        """),
        lambda a, random: {"averages": _moving_average(a["numbers"], a["window"])},
        names=("rolling_average", "smooth_numbers"),
    ),
    FunctionSpec(
        "filter_above",
        _DOMAIN,
        "Keep the numbers above a limit",
        (_numbers(), integer("limit", whole(5, 300))),
        lines("""
            Which of {numbers} are above {limit}?
            Keep only the numbers greater than {limit} from {numbers}
            Filter {numbers} to those above {limit}
            From {numbers}, which are larger than {limit}?
            numbers over {limit} in {numbers}
            Show me the values in {numbers} that exceed {limit}
            Remove everything up to {limit} from {numbers}
            Who of {numbers} beats {limit}?
            Only values above {limit} matter to me; here they are: {numbers}
            Pick the entries of {numbers} bigger than {limit}
        """),
        lambda a, random: {"numbers": [value for value in a["numbers"] if value > a["limit"]]},
        names=("numbers_above", "filter_greater"),
        relate=_limit_among,
    ),
    FunctionSpec(
        "count_items",
        _DOMAIN,
        "Count how often each item occurs",
        (
            Slot(
                "items",
                {"type": "array", "items": {"type": "string"}},
                series(one_of(("yes", "no", "maybe", "red", "blue", "cat", "dog")), 3, 6),
            ),
        ),
        lines("""
            Count how often each item occurs in {items}
            How many times does each of these appear: {items}?
            Tally {items}
            count items: {items}
            The votes were {items}. How many of each?
            Make a tally of the answers {items}
            Give me the frequency of each entry in {items}
            I got these replies: {items}. Count them by kind
            How are {items} distributed?
            Tell me the number of occurrences for {items}
        """),
        lambda a, random: {item: a["items"].count(item) for item in a["items"]},
        names=("tally", "frequency_table"),
    ),
    FunctionSpec(
        "make_chart",
        _DOMAIN,
        "Draw a chart of a table column",
        (
            choice("kind", ("bar", "line", "pie", "scatter"), names=("chart_type",)),
            text("path", _table_file, names=("file",)),
            text("column", _column),
            text(
                "title", lambda random: f"{random.choice(NOUNS).capitalize()} {random.choice(_COLUMNS)}", required=False
            ),
        ),
        lines("""
            Draw a {kind} chart of {column} from {path}[ titled "{title}"]
            Make a {kind} chart with the column {column} of {path}[, title "{title}"]
            Plot {column} in {path} as a {kind} chart[ called "{title}"]
            {kind} chart, {path}, column {column}[, title "{title}"]
            I want a {kind} chart for {column} of {path}[ named "{title}"]
            Can you create a {kind} chart showing {column} from {path}[ with the title "{title}"]?
            Visualize the {column} column of {path} in a {kind} chart[, call it "{title}"]
            From {path}, chart {column} as a {kind} diagram[ under the heading "{title}"]
            Show me {column} out of {path}: a {kind} chart[ with "{title}" on top]
            Let me see a {kind} graph of the {column} values in {path}[, headed "{title}"]
        """),
        answer("column", image=lambda random: f"chart-{random.randint(1, 999)}.png"),
        names=("create_chart", "plot_column"),
    ),
    FunctionSpec(
        "sort_table",
        _DOMAIN,
        "Sort the rows of a table by a column",
        (
            text("path", _table_file, names=("file",)),
            text("column", _column, names=("by",)),
            flag("descending", "largest first", "smallest first", default=False),
        ),
        lines("""
            Sort {path} by {column}[, {descending}]
            Order the rows of {path} by the column {column}[, {descending}]
            Please sort the table {path} on {column}[ {descending}]
            sort rows of {path} by {column}[ {descending}]
            Arrange the table {path} by {column}[, {descending}]
            I want {path} ordered by {column}[, {descending}]
            Can you put the rows of {path} in order of {column}[, {descending}]?
            Rearrange {path} so that it is sorted by {column}[, {descending}]
            The table in {path} should be ordered by its {column} column[, {descending}]
            By {column}, please sort what is in {path}[, {descending}]
        """),
        answer("path", "column", rows=whole(10, 5000)),
        names=("order_table", "sort_rows"),
    ),
    FunctionSpec(
        "filter_rows",
        _DOMAIN,
        "Select table rows where a column has a value",
        (
            text("path", _table_file, names=("file",)),
            text("column", _column, names=("field",)),
            text("value", _word, names=("equals",)),
        ),
        lines("""
            Show the rows of {path} where {column} is {value}
            Select from {path} all rows whose {column} equals {value}
            Filter {path} by {column} = {value}
            Which rows in {path} have {value} in the column {column}?
            rows of {path} with {column} {value}
            Give me everything in {path} where the {column} is {value}
            I only want rows of {path} having {column} equal to {value}
            Find entries of the table {path} with {value} as {column}
            In {path}, keep just the rows whose {column} says {value}
            Where {column} is {value}, list the rows of {path}
        """),
        answer("column", "value", matches=whole(0, 300)),
        names=("filter_table", "matching_rows"),
    ),
    FunctionSpec(
        "append_row",
        _DOMAIN,
        "Append a row to a table",
        (
            text("path", _table_file, names=("file",)),
            Slot("row", {"type": "object", "description": "column: value"}, _record, names=("record",)),
        ),
        lines("""
            Add a row to {path}: {row}
            Append {row} to the table {path}
            New row in {path} with {row}
            Insert the record {row} into {path}
            Please add the entry {row} to {path}
            I have a new record for {path}: {row}
            Put a row with {row} at the end of the table {path}
            The table {path} needs another row, {row}
            Extend {path} by one row: {row}
            Write {row} as a new line of the table {path}
        """),
        answer("path", rows=whole(2, 5000)),
        names=("extend_table", "new_table_row"),
    ),
    FunctionSpec(
        "group_average",
        _DOMAIN,
        "Average a column for each group of rows",
        (
            text("path", _table_file, names=("file",)),
            text(
                "column",
                one_of(
                    (
                        "price",
                        "age",
                        "amount",
                        "score",
                        "salary",
                        "rating",
                        "weight",
                        "height",
                        "total",
                        "duration",
                        "distance",
                    )
                ),
                "column to average",
            ),
            text(
                "group_by",
                one_of(
                    (
                        "city",
                        "country",
                        "team",
                        "department",
                        "category",
                        "brand",
                        "region",
                        "year",
                        "status",
                        "color",
                        "owner",
                    )
                ),
            ),
        ),
        lines("""
            What is the average {column} per {group_by} in {path}?
            Average {column} by {group_by} in {path}
            Group {path} by {group_by} and average {column}
            For each {group_by} in {path}, compute the mean {column}
            {path}: mean {column} per {group_by}
            I want the average {column} for every {group_by} of {path}
            Using {path}, show how {column} differs on average by {group_by}
            In {path}, what {column} does each {group_by} have on average?
            Break the mean {column} down by {group_by} for the table {path}
            Per {group_by}, tell me the average {column} from {path}
        """),
        answer("column", "group_by", groups=whole(2, 40)),
        names=("average_by_group", "group_mean"),
    ),
)
