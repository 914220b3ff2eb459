# ruff: noqa: SIM905  (lists of words are read as running text)
"""Small programs to have run: Python and Bash whose output depends on nothing but their text.

Each function draws one program. No clock, no random numbers, no names of machines, folders or processes, no order that
a set decides: what it prints is the same on every machine.
"""

from __future__ import annotations

from random import Random

WORDS = (
    "apple banana bread bridge candle castle cloud coffee copper cotton desert dragon eagle engine falcon feather "
    "forest garden ginger harbor hazel honey island ivory jacket jungle kettle ladder lemon lantern maple marble "
    "meadow mirror mountain needle ocean olive orange orchid paper pearl pepper pillow planet pocket rabbit river "
    "rocket saddle salmon silver spider spruce stone sugar summer table thunder tiger timber tulip turtle valley "
    "velvet violet walnut water willow window winter yellow zebra"
).split()
NAMES = ("notes", "todo", "list", "data", "items", "plan", "draft", "log", "words", "names", "input", "report", "memo")


def words(rng: Random, low: int, high: int) -> list[str]:
    """Between ``low`` and ``high`` different words."""
    return rng.sample(WORDS, rng.randint(low, high))


def numbers(rng: Random, low: int, high: int, *, most: int = 99) -> list[int]:
    """Between ``low`` and ``high`` numbers from 0 to ``most``."""
    return [rng.randint(0, most) for _ in range(rng.randint(low, high))]


def calculation(rng: Random) -> tuple[str, str]:
    """(in words for a user, as a Python expression) of something to calculate."""
    a, b, c = rng.randint(2, 999), rng.randint(2, 99), rng.randint(2, 9)
    return rng.choice(
        (
            (f"{a} * {b}", f"{a} * {b}"),
            (f"{a} + {b} * {c}", f"{a} + {b} * {c}"),
            (f"{a * b} / {c}", f"{a * b} / {c}"),
            (f"{a} modulo {b}", f"{a} % {b}"),
            (f"{b} to the power of {c}", f"{b} ** {c}"),
            (f"the sum of the numbers from 1 to {a}", f"sum(range(1, {a} + 1))"),
            (f"the number of digits of {b} to the power of {a}", f"len(str({b} ** {a}))"),
        )
    )


def python_line(rng: Random) -> str:
    """One line of Python that prints."""
    some, values = words(rng, 2, 5), numbers(rng, 3, 7)
    word, other = rng.sample(WORDS, 2)
    a, b, c = rng.randint(2, 60), rng.randint(2, 30), rng.randint(2, 9)
    return rng.choice(
        (
            f"print({a} * {b})",
            f"print({a} ** {c} % {b})",
            f"print(divmod({a * b + c}, {a}))",
            f"print(sum({values}))",
            f"print(sorted({values}))",
            f"print(max({values}) - min({values}))",
            f"print([n for n in {values} if n % 2 == 0])",
            f"print([n * n for n in range({c + 2})])",
            f'print("{word}".upper())',
            f'print("{word}"[::-1])',
            f'print(len("{word} {other}"))',
            f'print("{word}".replace("{word[0]}", "{other[0]}"))',
            f'print("{"-".join(some)}".split("-"))',
            f'print(", ".join({some}))',
            f"print(sorted({some}, key=len))",
            f'print("{word}" in {some})',
            f'print("{word}".count("{rng.choice(word)}"))',
            f"print(list(zip({some[:2]}, {values[:2]})))",
            f'print({{"{word}": {a}, "{other}": {b}}}["{other}"])',
            f"print(bin({a}), hex({a * b}))",
            f"print(round({a} / {b}, {rng.randint(1, 4)}))",
            f'print("{word}" * {c})',
            f"import math; print(math.gcd({a * c}, {b * c}))",
            f"import statistics; print(statistics.median({values}))",
        )
    )


def python_program(rng: Random) -> str:
    """A few lines of Python that print."""
    some, values = words(rng, 2, 4), numbers(rng, 3, 6, most=40)
    a, c = rng.randint(3, 12), rng.randint(2, 5)
    return rng.choice(
        (
            f"total = 0\nfor n in range(1, {a + 1}):\n    total += n * {c}\nprint(total)",
            f"for i, word in enumerate({some}, start=1):\n    print(i, word)",
            f"def double(n):\n    return n * 2\n\nprint([double(n) for n in {values}])",
            f"a, b = 0, 1\nfor _ in range({a}):\n    a, b = b, a + b\nprint(a)",
            f"n = {a * 7}\nsteps = 0\nwhile n != 1:\n    n = n // 2 if n % 2 == 0 else 3 * n + 1\n    steps += 1\n"
            "print(steps)",
            f"counts = {{}}\nfor letter in '{rng.choice(WORDS)}':\n    counts[letter] = counts.get(letter, 0) + 1\n"
            "print(counts)",
            f"def factorial(n):\n    return 1 if n < 2 else n * factorial(n - 1)\n\nprint(factorial({a}))",
            f"primes = [n for n in range(2, {a * 4}) if all(n % d for d in range(2, n))]\nprint(primes[-1])",
        )
    )


def python_failure(rng: Random) -> str:
    """One line of Python that raises."""
    a, some = rng.randint(1, 99), words(rng, 2, 4)
    return rng.choice(
        (
            f"print({a} / 0)",
            f"print({some}[{len(some) + rng.randint(0, 5)}])",
            f'print({{"{some[0]}": {a}}}["{some[1]}"])',
            f'print("{some[0]}" + {a})',
            f'print(int("{some[0]}"))',
            f"print({some[0]})",
            f'print("{some[0]}".{some[1]}())',
            f"import {some[0]}_{some[1]}",
        )
    )


def bash_line(rng: Random) -> str:
    """One Bash command that prints; of the tools that every system has."""
    some, values = words(rng, 3, 6), numbers(rng, 3, 6)
    a, b, c = rng.randint(2, 60), rng.randint(2, 30), rng.randint(2, 9)
    lines = "\\n".join(some)
    return rng.choice(
        (
            f"echo {some[0]} | tr a-z A-Z",
            f"echo $(({a} * {b}))",
            f"seq 1 {a} | wc -l",
            f"seq {c} {c} {a + c * 3} | tail -n 1",
            f"seq 1 {a} | awk '{{ s += $1 }} END {{ print s }}'",
            f"printf '{lines}\\n' | sort",
            f"printf '{lines}\\n' | head -n {rng.randint(1, 2)}",
            f"printf '{lines}\\n' | wc -l",
            f"printf '{lines}\\n' | grep -c {rng.choice('aeo')}",
            f"printf '%s\\n' {' '.join(map(str, values))} | sort -n | tail -n 1",
            f"echo {','.join(some)} | cut -d, -f{rng.randint(1, 3)}",
            f"echo '{' '.join(some)}' | wc -w",
            f"basename /home/{some[0]}/{some[1]}.txt",
            f"dirname /srv/{some[0]}/{some[1]}.txt",
            f"echo {some[0]} | sed 's/{some[0][0]}/{some[1][0].upper()}/'",
            f"for i in 1 2 3; do echo $((i * {c})); done",
            f"x={some[0]}; echo ${{#x}}",
            f"expr {a * b} % {a + 1}",
        )
    )


def tested_function(rng: Random) -> tuple[str, str, str]:
    """(right code, code with a bug, tests that tell the two apart) of a small function."""
    a, b, c = rng.randint(2, 20), rng.randint(21, 40), rng.randint(3, 9)
    word = rng.choice(WORDS)
    name, parameters, right, wrong, cases = rng.choice(
        (
            ("add", "a, b", "a + b", "a - b", [(f"{a}, {b}", a + b), ("0, 0", 0)]),
            ("multiply", "a, b", "a * b", "a + b", [(f"{a}, {c}", a * c), ("0, 5", 0)]),
            ("largest", "a, b", "a if a > b else b", "a if a < b else b", [(f"{a}, {b}", b), (f"{c}, {c}", c)]),
            ("is_even", "n", "n % 2 == 0", "n % 2 == 1", [(str(2 * a), True), (str(2 * a + 1), False)]),
            ("square", "n", "n * n", "n * 2", [(str(a + 1), (a + 1) ** 2), ("0", 0)]),
            ("reverse", "text", "text[::-1]", "text[1:]", [(f'"{word}"', word[::-1]), ('""', "")]),
            ("first", "items", "items[0]", "items[-1]", [(f"[{a}, {b}]", a), (f"[{c}]", c)]),
            ("shout", "text", "text.upper()", "text.lower()", [(f'"{word}"', word.upper()), ('"A"', "A")]),
            ("count_words", "text", "len(text.split())", "len(text)", [(f'"{word} {word}"', 2), ('"a"', 1)]),
        )
    )
    head = f"def {name}({parameters}):\n    return "
    tests = "\n\n\n".join(
        f"def test_{name}_{number}():\n    assert {name}({arguments}) == {expected!r}".replace("'", '"')
        for number, (arguments, expected) in enumerate(cases, start=1)
    )
    return f"{head}{right}\n", f"{head}{wrong}\n", f"{tests}\n"


def questionable_code(rng: Random) -> str:
    """Code that has a flaw, or none, for ``analyze_code``."""
    word, other = rng.sample(WORDS, 2)
    a, b = rng.randint(1, 50), rng.randint(51, 99)
    return rng.choice(
        (
            f"import os\n\nprint('{word}')\n",
            f"def {word}(n):\n    if n > {a} and n < {b}:\n        return True\n    return False\n",
            f"def {word}(n):\n    return {other}\n",
            f"def {word}(items=[]):\n    items.append({a})\n    return items\n",
            f"def {word}(n:\n    return n\n",
            f"for {word} in range({a})\n    print({word})\n",
            f"def {word}(n):\n    for i in range(n):\n        if i % {a} == 0:\n            print(i)\n",
            f"def {word}(a, b):\n    return a + b\n\n\ndef {other}(a):\n    return {word}(a, {a})\n",
            f"def {word}(n):\n    {other} = n * {a}\n    return n\n",
            f"print('{word})\n",
        )
    )
