# ruff: noqa: E501  (some lines are entries of a table)
"""What the everyday functions compute, checked against other ways to compute it.

What every function of the catalogue has to fulfil (names, phrasings, schemas) is in ``test_tool_functions``.
"""

from __future__ import annotations

import calendar
import cmath
import json
import math
import re
import statistics
from collections import Counter
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeling.data.tool_functions import everyday_values
from codeling.data.tool_functions.everyday import EVERYDAY
from codeling.data.tool_functions.languages import antonyms, plural, rhymes, synonyms

BY_NAME = {spec.name: spec for spec in EVERYDAY}
SEEDS = st.integers(0, 2**32)


def answered(name: str, seed: int, optional: float = 0.5):
    """Drawn arguments of a function, with the defaults of absent ones, and what it answers."""
    spec = BY_NAME[name]
    random = Random(seed)
    arguments = spec.draw(random, optional=optional)
    defaults = {slot.name: slot.default for slot in spec.slots if not slot.required}
    return {**defaults, **arguments}, spec.execute(arguments, random)


def test_the_everyday_half_is_large_and_varied():
    assert len(EVERYDAY) >= 170
    assert len({spec.domain for spec in EVERYDAY}) >= 18
    types = Counter(slot.schema["type"] for spec in EVERYDAY for slot in spec.slots)
    assert set(types) == {"string", "integer", "number", "boolean", "array", "object"}
    assert sum(bool(re.search(r"\[", spec.phrasings[0])) for spec in EVERYDAY) >= 80, "functions with optional slots"


def test_a_function_costs_few_tokens():
    """A tiny model reads up to eight schemas: each stays below 430 characters, 290 on average."""
    sizes = {spec.name: len(json.dumps(spec.tool().to_openai())) for spec in EVERYDAY}
    assert max(sizes.values()) <= 430, max(sizes, key=lambda name: sizes[name])
    assert statistics.fmean(sizes.values()) <= 290


def test_the_same_generator_gives_the_same_request_and_answer():
    for spec in EVERYDAY:
        seed = Random().getrandbits(32)
        runs = []
        for _ in range(2):
            random = Random(seed)
            arguments = spec.draw(random)
            runs.append((arguments, spec.execute(arguments, random), random.random()))
        assert runs[0] == runs[1], spec.name


@pytest.mark.parametrize(
    "draw",
    [
        getattr(everyday_values, name)
        for name in ("full_name", "title", "product", "dish", "restaurant", "hotel", "company", "team", "topic", "address",
                     "phone", "event", "chore", "sentence", "code", "flight", "ticker", "day", "clock", "price")
    ],
    ids=lambda draw: draw.__name__,
)  # fmt: skip
def test_pools_are_too_large_to_remember(draw):
    random = Random(Random().getrandbits(32))
    drawn = [str(draw(random)) for _ in range(400)]
    assert len(set(drawn)) >= 100  # 170 of ``day``, with a standard deviation of 9, and more of the others
    assert not any(re.search(r"[\[\]{}]|^\s|\s$|  ", value) for value in drawn)


# Arithmetic and geometry.


@given(SEEDS)
def test_arithmetic(seed):
    a, got = answered("calculate_percentage", seed)
    assert got["result"] == pytest.approx(float(Fraction(str(a["percent"])) * a["value"] / 100))
    a, got = answered("square_root", seed)
    assert got["root"] ** 2 == pytest.approx(a["number"])
    a, got = answered("power", seed)
    assert got["power"] == pytest.approx(math.prod([a["base"]] * a["exponent"]))
    a, got = answered("factorial", seed)
    assert int(got["factorial"]) == math.prod(range(1, a["n"] + 1))
    a, got = answered("greatest_common_divisor", seed)
    assert got["gcd"] == max(n for n in range(1, a["a"] + 1) if a["a"] % n == a["b"] % n == 0)
    a, got = answered("least_common_multiple", seed)
    assert got["lcm"] == next(n for n in range(a["a"], a["a"] * a["b"] + 1, a["a"]) if n % a["b"] == 0)
    a, got = answered("round_number", seed, 1.0)
    assert abs(got["rounded"] - a["number"]) <= 0.5 * 10 ** -a["digits"] + 1e-9
    a, got = answered("solve_linear", seed)
    assert a["a"] * got["x"] + a["b"] == pytest.approx(a["c"], abs=1e-3)


@given(SEEDS)
def test_primes(seed):
    a, got = answered("factorize", seed)
    assert math.prod(got["factors"]) == a["number"]
    assert all(all(factor % n for n in range(2, math.isqrt(factor) + 1)) for factor in got["factors"])
    a, got = answered("is_prime", seed)
    assert got["prime"] == all(a["number"] % n for n in range(2, math.isqrt(a["number"]) + 1))


@given(SEEDS)
def test_quadratic_equations(seed):
    a, got = answered("solve_quadratic", seed)
    root = cmath.sqrt(a["b"] ** 2 - 4 * a["a"] * a["c"])
    exact = [(-a["b"] - root) / (2 * a["a"]), (-a["b"] + root) / (2 * a["a"])]
    if root.imag:
        assert got["roots"] == []
    else:
        assert sorted({round(x.real, 4) for x in exact}) == pytest.approx(got["roots"], abs=2e-4)


@given(SEEDS)
def test_shapes(seed):
    a, got = answered("circle_area", seed)
    assert got["area"] == pytest.approx(math.pi * a["radius"] * a["radius"], rel=1e-6)
    a, got = answered("sphere_volume", seed)
    assert got["volume"] == pytest.approx(math.pi * (2 * a["radius"]) ** 3 / 6, rel=1e-6)
    a, got = answered("cylinder_volume", seed)
    assert got["volume"] == pytest.approx(a["height"] * math.pi * a["radius"] ** 2, rel=1e-6)
    a, got = answered("hypotenuse", seed)
    assert got["hypotenuse"] ** 2 == pytest.approx(a["a"] ** 2 + a["b"] ** 2)
    a, got = answered("rectangle_area", seed)
    assert (got["area"], got["perimeter"]) == pytest.approx(
        (a["width"] * a["length"], 2 * a["width"] + 2 * a["length"])
    )
    a, got = answered("triangle_area", seed)
    assert 2 * got["area"] == pytest.approx(a["base"] * a["height"])


@given(SEEDS)
def test_roman_numerals_read_back(seed):
    a, got = answered("to_roman_numeral", seed)
    worth = [{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}[letter] for letter in got["roman"]]
    value = sum(-n if n < after else n for n, after in zip(worth, [*worth[1:], 0], strict=True))
    assert value == a["number"]
    assert not re.search(r"(.)\1{3}", got["roman"])


# Units: the reference values are from tables, not from our factors.


@pytest.mark.parametrize(
    "quantity, value, from_unit, to_unit, expected",
    [
        ("length", 26.21875, "miles", "kilometers", 42.195),
        ("length", 6, "feet", "inches", 72),
        ("weight", 1, "pounds", "ounces", 16),
        ("weight", 1, "kilograms", "pounds", 2.20462262),
        ("volume", 1, "gallons", "cups", 16),
        ("area", 1, "square_miles", "acres", 640),
        ("area", 1, "acres", "square_feet", 43560),
        ("speed", 60, "mph", "kmh", 96.56064),
        ("speed", 100, "knots", "mph", 115.077945),
        ("energy", 1, "kilowatt_hours", "joules", 3_600_000),
        ("pressure", 1, "bar", "psi", 14.5037738),
        ("data_size", 37, "kilobytes", "terabytes", 3.7e-8),
        ("duration", 2, "weeks", "hours", 336),
        ("angle", 3, "turns", "degrees", 1080),
        ("angle", 180, "degrees", "radians", math.pi),
        ("temperature", 98.6, "fahrenheit", "celsius", 37),
        ("temperature", -40, "celsius", "fahrenheit", -40),
        ("temperature", 100, "celsius", "kelvin", 373.15),
    ],
)
def test_conversions_agree_with_tables(quantity, value, from_unit, to_unit, expected):
    arguments = {"value": value, "from_unit": from_unit, "to_unit": to_unit}
    got = BY_NAME[f"convert_{quantity}"].execute(arguments, Random(0))
    assert got["value"] == pytest.approx(expected, rel=1e-6)


@given(SEEDS)
def test_no_request_converts_a_unit_into_itself_and_there_is_a_way_back(seed):
    for spec in EVERYDAY:
        if spec.domain == "units" and spec.name != "fuel_consumption":
            a = spec.draw(Random(seed))
            assert a["from_unit"] != a["to_unit"]
            there = spec.execute(a, Random(0))["value"]
            back = {"value": there, "from_unit": a["to_unit"], "to_unit": a["from_unit"]}
            assert spec.execute(back, Random(0))["value"] == pytest.approx(a["value"], rel=1e-3)


# Dates: day by day, or with the calendar module.


@given(SEEDS)
def test_spans_of_days(seed):
    a, got = answered("days_between", seed)
    assert date.fromordinal(date.fromisoformat(a["start"]).toordinal() + got["days"]).isoformat() == a["end"]
    a, got = answered("add_days", seed)
    assert date.fromisoformat(got["date"]).toordinal() - date.fromisoformat(a["date"]).toordinal() == a["days"]
    a, got = answered("subtract_days", seed)
    assert date.fromisoformat(a["date"]).toordinal() - date.fromisoformat(got["date"]).toordinal() == a["days"]
    a, got = answered("count_workdays", seed)
    assert got["workdays"] == np.busday_count(a["start"], a["end"])


@given(SEEDS)
def test_calendars(seed):
    a, got = answered("day_of_week", seed)
    assert got["weekday"] == date.fromisoformat(a["date"]).strftime("%A")
    a, got = answered("is_leap_year", seed)
    assert got["leap_year"] == (date(a["year"], 12, 31).timetuple().tm_yday == 366)
    a, got = answered("days_in_month", seed)
    month = list(calendar.month_name).index(a["month"])
    assert got["days"] == max(calendar.Calendar().itermonthdays(a["year"], month))
    a, got = answered("week_number", seed)
    assert got["week"] == int(date.fromisoformat(a["date"]).strftime("%V"))
    a, got = answered("day_of_year", seed)
    assert got["day"] == int(date.fromisoformat(a["date"]).strftime("%j"))
    a, got = answered("format_date", seed)
    form = {"american": "%m/%d/%Y", "european": "%d.%m.%Y", "long": "%A, %d %B %Y", "compact": "%Y%m%d"}[a["style"]]
    assert datetime.strptime(got["text"], form).date().isoformat() == a["date"]


@given(SEEDS)
def test_months_and_ages(seed):
    a, got = answered("add_months", seed)
    start, end = date.fromisoformat(a["date"]), date.fromisoformat(got["date"])
    assert (end.year - start.year) * 12 + end.month - start.month == a["months"] and end.day == start.day
    a, got = answered("age_on_date", seed)
    born, then = date.fromisoformat(a["birth_date"]), date.fromisoformat(a["date"])
    assert born.replace(year=born.year + got["years"]) <= then < born.replace(year=born.year + got["years"] + 1)


def test_a_month_too_short_for_the_day_ends_on_its_last():
    add_months = BY_NAME["add_months"]
    assert add_months.execute({"date": "2023-01-31", "months": 1}, Random(0)) == {"date": "2023-02-28"}
    assert add_months.execute({"date": "2023-10-31", "months": 16}, Random(0)) == {"date": "2025-02-28"}


@given(SEEDS)
def test_times_of_day(seed):
    a, got = answered("add_minutes", seed)
    later = datetime.strptime(a["time"], "%H:%M") + timedelta(minutes=a["minutes"])
    assert got["time"] == later.strftime("%H:%M")
    a, got = answered("time_difference", seed)
    span = datetime.strptime(a["end"], "%H:%M") - datetime.strptime(a["start"], "%H:%M")
    assert got["minutes"] == span.total_seconds() / 60
    a, got = answered("to_24_hour_time", seed)
    assert got["time"] == datetime.strptime(a["time"], "%I:%M %p").strftime("%H:%M")
    a, got = answered("convert_time_zone", seed)
    here, there = (timezone(timedelta(hours=int(a[zone][3:]))) for zone in ("from_zone", "to_zone"))
    moment = datetime.strptime(a["time"], "%H:%M").replace(year=2024, tzinfo=here)
    assert got["time"] == moment.astimezone(there).strftime("%H:%M")
    assert a["from_zone"] != a["to_zone"]


@given(SEEDS)
def test_timestamps(seed):
    a, got = answered("date_to_timestamp", seed)
    assert datetime.fromtimestamp(got["timestamp"], ZoneInfo("UTC")).strftime("%Y-%m-%d %H:%M") == f"{a['date']} 00:00"
    a, got = answered("timestamp_to_date", seed)
    assert calendar.timegm(datetime.strptime(got["date"], "%Y-%m-%d %H:%M:%S").timetuple()) == a["timestamp"]


@pytest.mark.parametrize(
    "year, expected",
    [(1818, "03-22"), (1943, "04-25"), (2000, "04-23"), (2008, "03-23"), (2024, "03-31"), (2038, "04-25")],
)
def test_easter(year, expected):
    """The earliest and the latest possible day among them."""
    assert BY_NAME["easter_date"].execute({"year": year}, Random(0)) == {"date": f"{year}-{expected}"}


# Statistics: numpy.


@given(SEEDS)
def test_statistics(seed):
    a, got = answered("calculate_mean", seed)
    assert got["mean"] == pytest.approx(np.mean(a["numbers"]))
    a, got = answered("calculate_median", seed)
    assert got["median"] == pytest.approx(np.median(a["numbers"]))
    a, got = answered("calculate_mode", seed)
    counts = Counter(a["numbers"])
    assert set(got["modes"]) == {value for value in counts if counts[value] == max(counts.values())}
    a, got = answered("standard_deviation", seed, 1.0)
    assert got["deviation"] == pytest.approx(np.std(a["numbers"], ddof=int(a["sample"])), rel=1e-5)
    a, got = answered("sum_numbers", seed)
    assert got["sum"] == pytest.approx(np.sum(a["numbers"]))
    a, got = answered("percentile", seed)
    assert got["value"] == pytest.approx(np.percentile(a["numbers"], a["percent"]), abs=1e-5)
    a, got = answered("moving_average", seed)
    window = np.ones(a["window"]) / a["window"]
    assert got["averages"] == pytest.approx(np.convolve(a["numbers"], window, mode="valid"), abs=1e-5)


@given(SEEDS)
def test_correlation(seed):
    a, got = answered("correlation", seed)
    if len(set(a["x"])) > 1 and len(set(a["y"])) > 1:
        assert got["correlation"] == pytest.approx(np.corrcoef(a["x"], a["y"])[0, 1], abs=1e-5)
    flat = BY_NAME["correlation"].execute({"x": [2, 2, 2], "y": [1, 5, 9]}, Random(0))
    assert flat == {"correlation": None}


@given(SEEDS)
def test_lists(seed):
    a, got = answered("sort_numbers", seed)
    ahead = list(reversed(got["sorted"])) if a["order"] == "descending" else got["sorted"]
    assert all(ahead[at] <= ahead[at + 1] for at in range(len(ahead) - 1)) and Counter(ahead) == Counter(a["numbers"])
    a, got = answered("find_extremes", seed)
    assert [got["min"], got["max"]] == [np.min(a["numbers"]), np.max(a["numbers"])]
    a, got = answered("filter_above", seed)
    assert [n for n in a["numbers"] if n not in got["numbers"]] == [n for n in a["numbers"] if n <= a["limit"]]
    a, got = answered("count_items", seed)
    assert got == Counter(a["items"])


# Money, body, earth, sport, food.


@given(SEEDS)
def test_money(seed):
    a, got = answered("compound_interest", seed)
    total = a["amount"]
    for _ in range(a["years"]):
        total *= 1 + a["rate"] / 100
    assert got["total"] == pytest.approx(total, abs=0.01)
    a, got = answered("loan_payment", seed)
    owed = a["amount"]
    for _ in range(12 * a["years"]):
        owed += owed * a["rate"] / 1200 - got["monthly"]
    # Half a cent of rounding a month, with interest on it.
    assert abs(owed) <= 0.006 * 12 * a["years"] * (1 + a["rate"] / 1200) ** (12 * a["years"])
    a, got = answered("calculate_tip", seed)
    assert got["total"] - a["bill"] == pytest.approx(got["tip"], abs=0.011)
    a, got = answered("split_bill", seed)
    assert got["each"] * a["people"] == pytest.approx(a["total"], abs=0.006 * a["people"])
    a, got = answered("sales_tax", seed)
    assert got["total"] == pytest.approx(a["price"] * (1 + a["rate"] / 100), abs=0.006)
    a, got = answered("apply_discount", seed)
    assert got["price"] == pytest.approx(a["price"] - a["price"] * a["percent"] / 100, abs=0.006)
    a, got = answered("convert_currency", seed)
    assert got["amount"] == pytest.approx(a["amount"] * got["rate"], abs=0.006)
    assert a["from_currency"] != a["to_currency"]


@pytest.mark.parametrize(
    "name, arguments, expected",
    [
        # 220 lb, 6 ft; the weight status table of the CDC.
        ("body_mass_index", {"weight": 99.8, "height": 182.9}, {"bmi": 29.8}),
        ("daily_energy", {"weight": 70, "height": 175, "age": 30, "sex": "male"}, {"calories": 1648.8}),
        ("daily_energy", {"weight": 60, "height": 165, "age": 40, "sex": "female"}, {"calories": 1270.2}),
        ("max_heart_rate", {"age": 40}, {"maximum": 180, "zone": [108, 153]}),
        ("running_pace", {"kilometers": 42.195, "minutes": 240}, {"pace": "5:41", "kmh": 10.55}),
        ("fuel_consumption", {"kilometers": 500, "liters": 32.5}, {"liters_per_100_km": 6.5}),
        # The chart of Environment Canada says -27.
        ("wind_chill", {"temperature": -15, "wind": 40}, {"feels_like": -27.4}),
        ("scale_recipe", {"amounts": {"rice": 300, "peas": 90}, "people": 4, "new_people": 6}, {"amounts": {"rice": 450, "peas": 135}}),
    ],
)  # fmt: skip
def test_formulas_agree_with_published_examples(name, arguments, expected):
    assert BY_NAME[name].execute(arguments, Random(0)) == expected


@given(SEEDS)
def test_great_circles(seed):
    """Against the angle between the two unit vectors."""
    a, got = answered("point_distance", seed)

    def vector(latitude: float, longitude: float):
        phi, theta = np.radians([latitude, longitude])
        return np.array([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)])

    one, two = vector(a["latitude"], a["longitude"]), vector(a["latitude_2"], a["longitude_2"])
    angle = math.atan2(float(np.linalg.norm(np.cross(one, two))), float(one @ two))
    assert got["kilometers"] == pytest.approx(angle * 6371.0088, abs=0.1)


# Words.


@pytest.mark.parametrize(
    "noun, expected",
    [("leaf", "leaves"), ("city", "cities"), ("key", "keys"), ("torch", "torches"), ("mango", "mangoes"), ("fox", "foxes"),
     ("journey", "journeys"), ("story", "stories"), ("house", "houses"), ("cactus", "cactuses")],
)  # fmt: skip
def test_plurals(noun, expected):
    assert plural(noun) == expected


def test_words_that_go_together():
    assert synonyms("happy") == ["glad", "cheerful", "joyful"]
    assert set(synonyms("present")) == {"show", "display", "gift"}
    assert antonyms("hot") == ["cold"] and antonyms("cold") == ["hot"]
    assert rhymes("shell") == ["bell"]
    assert "lake" in rhymes("snake") and "lake" not in rhymes("rope")
    for name in ("find_synonyms", "find_antonyms"):
        for seed in range(50):
            a, got = answered(name, seed)
            assert all(got.values()) and a["word"] not in next(iter(got.values()))


def test_scrabble_points_of_all_letters_make_the_sum_of_the_tiles():
    score = BY_NAME["scrabble_score"]
    assert score.execute({"word": "abcdefghijklmnopqrstuvwxyz"}, Random(0)) == {"points": 87}
    assert score.execute({"word": "quartz"}, Random(0)) == {"points": 24}


# Chance.


@given(SEEDS)
def test_games_keep_their_rules(seed):
    a, got = answered("roll_dice", seed)
    assert len(got["rolls"]) == a["count"] and all(1 <= roll <= a["sides"] for roll in got["rolls"])
    assert got["total"] == sum(got["rolls"])
    a, got = answered("flip_coins", seed)
    assert len(got["flips"]) == a["count"] and set(got["flips"]) <= {"heads", "tails"}
    a, got = answered("random_integer", seed)
    assert a["low"] <= got["number"] <= a["high"]
    a, got = answered("pick_one", seed)
    assert got["picked"] in a["options"]
    a, got = answered("shuffle_list", seed)
    assert sorted(got["items"]) == sorted(a["items"])
    a, got = answered("split_teams", seed)
    assert sorted(name for team in got["teams"] for name in team) == sorted(a["names"])
    sizes = [len(team) for team in got["teams"]]
    assert len(sizes) == a["teams"] and max(sizes) - min(sizes) <= 1
    a, got = answered("draw_cards", seed)
    assert len(set(got["cards"])) == a["count"]


@pytest.mark.parametrize("hand, beats", [("rock", "scissors"), ("paper", "rock"), ("scissors", "paper")])
def test_rock_paper_scissors(hand, beats):
    for seed in range(30):
        got = BY_NAME["rock_paper_scissors"].execute({"hand": hand}, Random(seed))
        expected = "draw" if got["mine"] == hand else "you win" if got["mine"] == beats else "you lose"
        assert got["outcome"] == expected


@given(SEEDS)
def test_related_arguments_make_sense(seed):
    for name, first, second in (
        ("search_flights", "origin", "destination"),
        ("search_trains", "origin", "destination"),
        ("call_taxi", "pickup", "destination"),
        ("get_directions", "start", "end"),
        ("visa_rules", "country", "nationality"),
        ("city_distance", "start", "end"),
        ("game_score", "home", "away"),
    ):
        a = BY_NAME[name].draw(Random(seed))
        assert a[first] != a[second]
