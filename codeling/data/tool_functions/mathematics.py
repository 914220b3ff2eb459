"""Arithmetic, number theory, equations and geometry: all of them really computed."""

from __future__ import annotations

import math

from codeling.data.tool_functions.spec import FunctionSpec, integer, lines, number, text
from codeling.data.tool_functions.values import decimal, magnitudes, mixed, one_of, whole

_DOMAIN = "math"
_LENGTH_UNITS = ("cm", "m", "km", "feet", "inches", "meters", "centimeters", "miles", "yards", "millimeters")


def tidy(value: float) -> float:
    """A result as people write it: six decimals, six digits where it is tiny, whole numbers without a point."""
    rounded = round(value, 6) if abs(value) >= 1 else float(f"{value:.6g}")
    return int(rounded) if rounded == int(rounded) else rounded


def _prime_factors(value: int) -> list[int]:
    factors, divisor = [], 2
    while divisor * divisor <= value:
        while value % divisor == 0:
            factors.append(divisor)
            value //= divisor
        divisor += 1
    return [*factors, value] if value > 1 else factors


def _quadratic_roots(a: float, b: float, c: float) -> list[float]:
    """The real roots in ascending order, a double one once; none when the parabola misses zero."""
    inside = b * b - 4 * a * c
    if inside < 0:
        return []
    return sorted({tidy((-b - math.sqrt(inside)) / (2 * a)), tidy((-b + math.sqrt(inside)) / (2 * a))})


def _roman(value: int) -> str:
    digits = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
              (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
    written = ""
    for worth, letters in digits:
        written += letters * (value // worth)
        value %= worth
    return written


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec(
        "calculate_percentage",
        _DOMAIN,
        "Compute a percentage of a number",
        (number("percent", mixed(whole(1, 99), decimal(1, 40))), number("value", magnitudes(20, 90000))),
        lines("""
            What is {percent}% of {value}?
            Compute {percent} percent of {value}
            {percent}% of {value} please
            Take {percent} percent of {value}
            How much is {percent}% of {value}?
            I need {percent} percent of {value}
            Can you work out {percent}% of {value} for me?
            Of {value}, what is {percent}%?
            If I keep {percent}% of {value}, how much is that?
            From {value} I want {percent} percent, what do I get?
        """),
        names=("percent_of", "get_percentage"),
        result=lambda a, random: {"result": tidy(a["percent"] * a["value"] / 100)},
    ),
    FunctionSpec(
        "square_root",
        _DOMAIN,
        "Square root of a number",
        (number("number", mixed(magnitudes(2, 100000), decimal(2, 400))),),
        lines("""
            What is the square root of {number}?
            Square root of {number}
            Compute the square root of {number}
            sqrt({number})
            Find the root of {number}, the square one
            Take the square root of {number} please
            I need to know the square root of {number}
            Which number times itself gives {number}?
            Give me √{number}
            What do I have to square to get {number}?
        """),
        names=("sqrt", "compute_root"),
        result=lambda a, random: {"root": tidy(math.sqrt(a["number"]))},
    ),
    FunctionSpec(
        "power",
        _DOMAIN,
        "Raise a base to an exponent",
        (number("base", mixed(whole(2, 60), decimal(1, 12))), integer("exponent", whole(2, 9))),
        lines("""
            What is {base} to the power of {exponent}?
            Raise {base} to the power {exponent}
            {base} ^ {exponent}
            Compute {base} to the power of {exponent} for me
            How much is {base} raised to {exponent}?
            Give me the power with base {base} and exponent {exponent}
            calculate {base}**{exponent}
            Multiply {base} by itself so that it appears {exponent} times
            With an exponent of {exponent}, what does {base} become?
            I want {base} to the {exponent}th power
        """),
        names=("raise_to_power", "exponentiate"),
        result=lambda a, random: {"power": tidy(a["base"] ** a["exponent"])},
    ),
    FunctionSpec(
        "factorial",
        _DOMAIN,
        "Factorial of an integer",
        (integer("n", whole(2, 60)),),
        lines("""
            What is the factorial of {n}?
            {n} factorial
            Compute {n}!
            Find the factorial of {n}
            How large is {n} factorial?
            Give me the factorial of the number {n}
            factorial {n} please
            In how many ways can I order {n} different books on a shelf?
            Multiply all whole numbers from one up to {n}
            I would like {n}! written out
        """),
        names=("compute_factorial",),
        result=lambda a, random: {"factorial": str(math.factorial(a["n"]))},
    ),
    FunctionSpec(
        "greatest_common_divisor",
        _DOMAIN,
        "Greatest common divisor of two integers",
        (integer("a", magnitudes(4, 3000)), integer("b", magnitudes(4, 3000))),
        lines("""
            What is the greatest common divisor of {a} and {b}?
            gcd of {a} and {b}
            Find the gcd of {a} and {b}
            Compute the greatest common divisor for {a} and {b}
            Which is the greatest number that divides both {a} and {b}?
            GCD({a}, {b})
            Tell me the highest common factor of {a} and {b}
            What is the largest divisor that {a} shares with {b}?
            By which biggest number can I divide {a} as well as {b}?
            {a} and {b}: greatest common divisor?
        """),
        names=("gcd", "highest_common_factor"),
        result=lambda a, random: {"gcd": math.gcd(a["a"], a["b"])},
    ),
    FunctionSpec(
        "least_common_multiple",
        _DOMAIN,
        "Least common multiple of two integers",
        (integer("a", whole(2, 400)), integer("b", whole(2, 400))),
        lines("""
            What is the least common multiple of {a} and {b}?
            lcm of {a} and {b}
            Find the lcm of {a} and {b}
            Compute the least common multiple for {a} and {b}
            Which is the smallest number that both {a} and {b} divide?
            LCM({a}, {b})
            I need the lowest common multiple of {a} and {b}
            What is the smallest multiple that {a} shares with {b}?
            {a} and {b}: least common multiple?
            One bus comes every {a} minutes and one every {b}; what is the least common multiple?
        """),
        names=("lcm", "lowest_common_multiple"),
        result=lambda a, random: {"lcm": math.lcm(a["a"], a["b"])},
    ),
    FunctionSpec(
        "is_prime",
        _DOMAIN,
        "Tell whether a number is prime",
        (integer("number", magnitudes(2, 20000)),),
        lines("""
            Is {number} a prime number?
            Is {number} prime?
            Check whether {number} is prime
            Tell me if {number} is a prime
            prime or not: {number}
            I wonder if {number} is a prime number
            Test {number} for being prime
            Does {number} have no divisors except one and itself?
            Can you find out if {number} is prime or composite?
            Would you call {number} a prime?
        """),
        names=("check_prime", "prime_test"),
        result=lambda a, random: {"prime": _prime_factors(a["number"]) == [a["number"]]},
    ),
    FunctionSpec(
        "factorize",
        _DOMAIN,
        "Prime factors of an integer",
        (integer("number", magnitudes(12, 50000)),),
        lines("""
            What are the prime factors of {number}?
            Factorize {number}
            Split {number} into prime factors
            Find all prime factors of {number}
            Factor the number {number}
            Give me the prime factorization of {number}
            prime factors {number}
            Write {number} as a product of primes
            Which primes multiply to {number}?
            Break {number} down into its primes
        """),
        names=("prime_factors", "factor_integer"),
        result=lambda a, random: {"factors": _prime_factors(a["number"])},
    ),
    FunctionSpec(
        "round_number",
        _DOMAIN,
        "Round a number",
        (
            number("number", decimal(1, 900, 5)),
            integer("digits", whole(2, 4), "decimals to keep", required=False, default=0),
        ),
        lines("""
            Round {number}[ to {digits} decimals]
            Please round {number}[ to {digits} decimal places]
            What is {number} rounded[ to {digits} digits after the point]?
            Can you round the value {number}[ with {digits} decimals]?
            round {number}[, {digits} decimals]
            I would like to have {number} rounded[ to {digits} decimal places]
            Make {number} a round number[ with {digits} digits after the point]
            {number} is too exact for me, round it[ to {digits} decimals]
            Give me {number} in rounded form[, keeping {digits} decimals]
            Could {number} be rounded[ to {digits} places], please?
        """),
        names=("round_value",),
        result=lambda a, random: {"rounded": round(a["number"], a.get("digits", 0))},
    ),
    FunctionSpec(
        "solve_quadratic",
        _DOMAIN,
        "Solve a*x^2 + b*x + c = 0",
        (number("a", whole(1, 30)), number("b", whole(-60, 60)), number("c", whole(-90, 90))),
        lines("""
            Solve the quadratic equation with a={a}, b={b} and c={c}
            What are the roots of the quadratic with a = {a}, b = {b}, c = {c}?
            Quadratic formula: a is {a}, b is {b}, c is {c}
            Find x for a quadratic whose coefficients are {a}, {b} and {c}
            solve quadratic {a} {b} {c}
            My quadratic equation has a={a}, b={b}, c={c}. What is x?
            Give me the solutions of the quadratic with coefficients a {a}, b {b} and c {c}
            For which x is {a}*x^2 + ({b})*x + ({c}) zero?
            Roots of {a}x^2 + ({b})x + ({c}) = 0, please
            A parabola has a={a}, b={b}, c={c}; where does it cross zero?
        """),
        names=("quadratic_roots", "solve_quadratic_equation"),
        result=lambda a, random: {"roots": _quadratic_roots(a["a"], a["b"], a["c"])},
    ),
    FunctionSpec(
        "circle_area",
        _DOMAIN,
        "Area of a circle",
        (
            number("radius", mixed(whole(1, 500), decimal(1, 90))),
            text("unit", one_of(_LENGTH_UNITS), "unit of length", required=False),
        ),
        lines("""
            What is the area of a circle with radius {radius}[ {unit}]?
            Area of a circle of radius {radius}[ {unit}]
            Compute the area of a circle whose radius is {radius}[ {unit}]
            How large is a circle with a radius of {radius}[ {unit}]?
            circle area, r = {radius}[ {unit}]
            I have a round table with radius {radius}[ {unit}]. What is its area?
            Find the area enclosed by a circle of radius {radius}[ {unit}]
            A pizza has a radius of {radius}[ {unit}], how much area is that?
            Radius {radius}[ {unit}]: what area does the circle cover?
            If a circle has radius {radius}[ {unit}], what is its area?
        """),
        names=("area_of_circle", "get_circle_area"),
        result=lambda a, random: {"area": tidy(math.pi * a["radius"] ** 2)},
    ),
    FunctionSpec(
        "triangle_area",
        _DOMAIN,
        "Area of a triangle",
        (number("base", mixed(whole(2, 300), decimal(1, 60))), number("height", mixed(whole(2, 300), decimal(1, 60)))),
        lines("""
            What is the area of a triangle with base {base} and height {height}?
            Area of a triangle, base {base}, height {height}
            Compute the triangle area for a base of {base} and a height of {height}
            A triangle has a base of {base} and a height of {height}. How large is it?
            triangle area base={base} height={height}
            Find the area of a triangle that has base {base} and height {height}
            How much area does a triangle of base {base} and height {height} cover?
            With height {height} and base {base}, what is the area of the triangle?
            My sail is a triangle: base {base}, height {height}. What is its area?
            Given a triangle's base {base} and its height {height}, tell me the area
        """),
        names=("area_of_triangle", "get_triangle_area"),
        result=lambda a, random: {"area": tidy(a["base"] * a["height"] / 2)},
    ),
    FunctionSpec(
        "rectangle_area",
        _DOMAIN,
        "Area and perimeter of a rectangle",
        (number("width", mixed(whole(2, 500), decimal(1, 80))), number("length", mixed(whole(2, 500), decimal(1, 80)))),
        lines("""
            What is the area of a rectangle with width {width} and length {length}?
            Rectangle of width {width} and length {length}: area and perimeter?
            Compute area and perimeter of a rectangle, width {width}, length {length}
            A room has a width of {width} and a length of {length}. How large is it?
            rectangle width={width} length={length}
            How big is a rectangular field of width {width} and length {length}?
            Find the perimeter of a rectangle that has width {width} and length {length}
            My garden is a rectangle, length {length}, width {width}. What is the area?
            With length {length} and width {width}, how large is the rectangle?
            I need the size of a rectangle with a width of {width} and a length of {length}
        """),
        names=("measure_rectangle", "area_of_rectangle"),
        result=lambda a, random: {
            "area": tidy(a["width"] * a["length"]),
            "perimeter": tidy(2 * (a["width"] + a["length"])),
        },
    ),
    FunctionSpec(
        "sphere_volume",
        _DOMAIN,
        "Volume of a sphere",
        (number("radius", mixed(whole(1, 200), decimal(1, 60))),),
        lines("""
            What is the volume of a sphere with radius {radius}?
            Volume of a sphere of radius {radius}
            Compute the volume of a sphere whose radius is {radius}
            How much fits into a ball with a radius of {radius}?
            sphere volume r={radius}
            Find the volume of a ball of radius {radius}
            A globe has radius {radius}. What is its volume?
            If a sphere has radius {radius}, how much space does it fill?
            Radius {radius}: what is the sphere's volume?
            Work out the volume of a spherical tank with radius {radius}
        """),
        names=("ball_volume", "volume_of_sphere"),
        result=lambda a, random: {"volume": tidy(4 / 3 * math.pi * a["radius"] ** 3)},
    ),
    FunctionSpec(
        "cylinder_volume",
        _DOMAIN,
        "Volume of a cylinder",
        (number("radius", mixed(whole(1, 90), decimal(1, 30))), number("height", mixed(whole(1, 200), decimal(1, 60)))),
        lines("""
            What is the volume of a cylinder with radius {radius} and height {height}?
            Volume of a cylinder, radius {radius}, height {height}
            Compute a cylinder's volume for radius {radius} and height {height}
            How much fits into a can with radius {radius} and height {height}?
            cylinder volume r={radius} h={height}
            A cylindrical tank has radius {radius} and height {height}. What volume does it hold?
            Find the volume of a cylinder of height {height} and radius {radius}
            A barrel has height {height} and radius {radius}; how much does it hold?
            Given a cylinder's radius {radius} and height {height}, tell me its volume
            How much space is inside a cylinder with a height of {height} and a radius of {radius}?
        """),
        names=("volume_of_cylinder", "get_cylinder_volume"),
        result=lambda a, random: {"volume": tidy(math.pi * a["radius"] ** 2 * a["height"])},
    ),
    FunctionSpec(
        "hypotenuse",
        _DOMAIN,
        "Longest side of a right triangle",
        (number("a", mixed(whole(2, 300), decimal(1, 60))), number("b", mixed(whole(2, 300), decimal(1, 60)))),
        lines("""
            What is the hypotenuse of a right triangle with sides {a} and {b}?
            Hypotenuse for legs {a} and {b}
            A right triangle has legs {a} and {b}. How long is the hypotenuse?
            Find the longest side of a right triangle with legs {a} and {b}
            hypotenuse {a} {b}
            Use Pythagoras on sides {a} and {b}
            Compute the hypotenuse when the two legs are {a} and {b}
            I walk {a} meters north and {b} meters east. How far is the straight line, by Pythagoras?
            The short sides of a right triangle are {a} and {b}; what is the long one?
            Legs of {a} and {b}: what is the hypotenuse?
        """),
        names=("pythagoras", "right_triangle_side"),
        result=lambda a, random: {"hypotenuse": tidy(math.hypot(a["a"], a["b"]))},
    ),
    FunctionSpec(
        "to_roman_numeral",
        _DOMAIN,
        "Write a number in Roman numerals",
        (integer("number", magnitudes(1, 3999)),),
        lines("""
            Write {number} in Roman numerals
            What is {number} as a Roman numeral?
            Convert {number} to Roman numerals
            {number} in Roman numerals?
            How did the Romans write {number}?
            Turn the number {number} into a Roman numeral
            roman numeral for {number}
            I want to carve {number} in Roman numerals
            Show me the Roman form of {number}
            How would {number} look on an ancient Roman stone?
        """),
        names=("roman_numeral", "convert_to_roman"),
        result=lambda a, random: {"roman": _roman(a["number"])},
    ),
    FunctionSpec(
        "solve_linear",
        _DOMAIN,
        "Solve a*x + b = c for x",
        (number("a", whole(2, 60)), number("b", whole(1, 400)), number("c", whole(1, 900))),
        lines("""
            Solve {a}x + {b} = {c}
            What is x if {a}x + {b} = {c}?
            Find x: {a}*x + {b} = {c}
            Solve the equation {a}x + {b} = {c} for x
            Linear equation {a}x + {b} = {c}, what is x?
            For which x does {a} times x plus {b} equal {c}?
            Please solve for x: {a} x + {b} = {c}
            {a} times a number plus {b} gives {c}. Which number?
            I have to solve {a}x + {b} = {c} for homework
            Which x makes {a}x + {b} equal to {c}?
        """),
        names=("linear_equation", "solve_for_x"),
        result=lambda a, random: {"x": tidy((a["c"] - a["b"]) / a["a"])},
    ),
)
