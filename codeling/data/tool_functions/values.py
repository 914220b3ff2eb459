# ruff: noqa: E501, SIM905  (tables of words are read as running text)
"""The pools that slots draw from: file names, hosts, branches, sentences and numbers, combined into very many values.

Every function is a draw: it takes a ``Random`` and returns one value, a pure function of the generator's state. Names
are put together from words, so that a value is rarely seen twice and has to be copied from the request.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")

ADJECTIVES = tuple(
    "red blue green old new big small quick lazy bright dark silent loud warm cold happy tiny huge early late sharp "
    "smooth rough plain fancy golden silver wooden broken fresh empty full heavy light narrow wide deep shallow hidden "
    "public private local remote daily weekly annual final draft main spare extra simple clever brave calm eager".split()
)
NOUNS = tuple(
    "report invoice budget photo house river mountain garden window table engine market school station letter ticket "
    "camera bridge forest island kitchen basket bottle candle castle circle doctor driver farmer painter teacher writer "
    "order payment customer product catalog server client session cache queue worker parser router handler model sensor "
    "signal planet rocket tiger eagle salmon turtle maple cedar pepper lemon orange coffee sugar bread cheese winter "
    "summer holiday birthday meeting project proposal contract survey roster schedule inventory ledger manual summary "
    "notes backup archive config profile index metrics results recipe lecture thesis poster logo banner script "
    "anchor apple arrow autumn badge balcony balloon bamboo barrel beacon bicycle blanket border bracket branch breeze "
    "bucket button cabin cactus calendar canvas carpet carriage ceiling cellar chapter cherry chimney clock cloud coast "
    "collar comet compass copper corner cotton cradle crystal curtain dagger desert diamond dragon dream echo elbow "
    "ember envelope fabric falcon feather fence fiddle flame flute fountain fox galaxy gate glacier glove grain granite "
    "hammer harbor hazel helmet hill honey horizon iron ivory jacket jungle kettle kite ladder lagoon lantern lavender "
    "leaf lighthouse lizard lobster locket magnet marble meadow melon mirror monkey mosaic needle nest nickel oak oasis "
    "ocean olive onion orchard otter oyster paddle palace panda parcel pearl pebble pencil petal piano pillow pine pirate "
    "pocket pond prairie puzzle quartz rabbit radar raven ribbon robot saddle saffron sailor sapphire scarf shadow shell "
    "shovel spider spoon squirrel stone storm swan tablet tailor temple thunder timber tower trumpet tulip tunnel turnip "
    "umbrella valley velvet violin voyage wagon walnut whale wheat willow wizard wolf zebra".split()
)
DETERMINERS = ("The", "A", "My", "Our", "Every", "Your", "One")
VERBS = tuple(
    "opens closes follows finds paints repairs watches carries builds sells checks cleans moves visits remembers likes "
    "needs measures copies sends".split()
)
FIRST_NAMES = tuple(
    "Ada Ben Clara David Elena Farid Grace Hugo Ines Jonas Kira Liam Maya Noah Olga Pablo Quinn Rosa Samir Tara Ugo "
    "Vera Wei Xenia Yusuf Zoe Anna Boris Chloe Diego Emma Felix Gina Hanna Ivan Julia Karl Laura Marco Nina Oscar "
    "Priya Rahul Sofia Tomas Uma Viktor Wanda Yara Zack".split()
)
LAST_NAMES = tuple(
    "Adams Baker Carter Diaz Evans Fischer Garcia Hansen Ito Jensen Kumar Lopez Meyer Novak Okafor Patel Quist Rossi "
    "Silva Tanaka Ueda Vargas Weber Xu Young Zhang Brown Clark Dubois Eriksen Ferrari Gupta Hughes Ivanov Jones Kim "
    "Larsen Moreau Nguyen Olsen Park Reyes Sato Turner".split()
)
EXTENSIONS = tuple("txt md csv json py log yaml html css js xml sh toml ini pdf docx png jpg sql tsv".split())
CODE_EXTENSIONS = tuple("py js ts go rs java c cpp rb php".split())
FOLDERS = tuple(
    "src docs tests data logs build assets images reports scripts config backup archive public static lib tools notes "
    "downloads exports uploads drafts shared photos music videos invoices projects models results".split()
)
ROOTS = ("/home/{}", "/srv/{}", "/var/{}", "/opt/{}", "/mnt/{}", "/tmp/{}", "/data/{}", "~/{}", "./{}", "{}")
TOP_DOMAINS = ("com", "org", "net", "io", "dev", "example", "co.uk", "de", "fr", "info")


def one_of(values: Sequence[T]) -> Callable[[Random], T]:
    """A draw from a fixed sequence."""
    return lambda random: random.choice(values)


def mixed(*draws: Callable[[Random], Any]) -> Callable[[Random], Any]:
    """A draw from one of several draws, each as likely."""
    return lambda random: random.choice(draws)(random)


def whole(low: int, high: int) -> Callable[[Random], int]:
    """A draw of a whole number from ``low`` to ``high``, both included."""
    return lambda random: random.randint(low, high)


def magnitudes(low: int, high: int) -> Callable[[Random], int]:
    """A draw of a whole number whose order of magnitude is uniform: 7, 83, 412, 90150; ``low`` is at least 1."""
    return lambda random: min(high, max(low, round(math.exp(random.uniform(math.log(low), math.log(high + 1))))))


def decimal(low: float, high: float, places: int = 1) -> Callable[[Random], float]:
    """A draw of a decimal number from ``low`` to ``high`` that is never whole, so that it reads as one."""

    def draw(random: Random) -> float:
        value = round(random.uniform(low, high), places)
        return value if value != int(value) else round(value + 10**-places, places)

    return draw


def word(random: Random) -> str:
    """A lowercase word: garden."""
    return random.choice(random.choice((NOUNS, ADJECTIVES)))


def noun(random: Random) -> str:
    """A lowercase noun: garden."""
    return random.choice(NOUNS)


def first_name(random: Random) -> str:
    """A person's first name: Clara."""
    return random.choice(FIRST_NAMES)


def full_name(random: Random) -> str:
    """A person's name: Clara Novak."""
    return f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}"


def identifier(random: Random) -> str:
    """A name as in code: brave_turtle, order_7, maple."""
    shape = random.randrange(3)
    if shape == 0:
        return f"{random.choice(ADJECTIVES)}_{random.choice(NOUNS)}"
    return f"{random.choice(NOUNS)}_{random.randint(1, 99)}" if shape == 1 else random.choice(NOUNS)


def slug(random: Random) -> str:
    """A hyphenated name: brave-turtle, order-7, maple."""
    return identifier(random).replace("_", "-")


def plural(word: str) -> str:
    """The plural of a noun of the pool: turtles, bridges, inventories, indexes, results.

    >>> [plural(word) for word in ("turtle", "inventory", "index", "results", "match", "valley")]
    ['turtles', 'inventories', 'indexes', 'results', 'matches', 'valleys']
    """
    if word.endswith(("x", "ch", "sh", "ss")):
        return f"{word}es"
    if word.endswith("s"):
        return word
    return f"{word[:-1]}ies" if word.endswith("y") and word[-2] not in "aeiou" else f"{word}s"


def login(random: Random) -> str:
    """A login name: clara, dnovak, ben42."""
    first, last = random.choice(FIRST_NAMES).lower(), random.choice(LAST_NAMES).lower()
    return random.choice((first, f"{first[0]}{last}", f"{first}{random.randint(1, 99)}"))


def file_stem(random: Random) -> str:
    """The name of a file without its extension: final_report, budget-2021, notes."""
    shape = random.randrange(4)
    if shape == 0:
        return f"{random.choice(ADJECTIVES)}_{random.choice(NOUNS)}"
    if shape == 1:
        return f"{random.choice(NOUNS)}-{random.randint(1990, 2030)}"
    return f"{random.choice(NOUNS)}{random.randint(1, 60)}" if shape == 2 else random.choice(NOUNS)


def file_name(random: Random) -> str:
    """A file's name: final_report.csv."""
    return f"{file_stem(random)}.{random.choice(EXTENSIONS)}"


def file_with(*extensions: str) -> Callable[[Random], str]:
    """A draw of a path, or of a bare name, with one of the extensions."""

    def draw(random: Random) -> str:
        folder = f"{random.choice(FOLDERS)}/" if random.random() < 0.4 else ""
        return f"{folder}{file_stem(random)}.{random.choice(extensions)}"

    return draw


def folder(random: Random) -> str:
    """A folder's path: /srv/reports, docs/maple, ~/photos."""
    path = random.choice(ROOTS).format(random.choice(FOLDERS))
    return f"{path}/{noun(random)}" if random.random() < 0.4 else path


def file_path(random: Random) -> str:
    """A file's path or bare name: /srv/reports/budget-2021.csv, notes.txt."""
    name = file_name(random)
    return name if random.random() < 0.4 else f"{folder(random)}/{name}"


def host(random: Random) -> str:
    """A host name: maple.example.org, brave-turtle.io."""
    domain = f"{slug(random)}.{random.choice(TOP_DOMAINS)}"
    prefix = random.choice(("", "", "www.", "api.", "mail.", "shop.", "blog.", "db."))
    return prefix + domain


def url(random: Random) -> str:
    """An address: https://maple.example.org/orders/7."""
    path = "".join(f"/{slug(random)}" for _ in range(random.randrange(3)))
    return f"{random.choice(('https', 'https', 'http'))}://{host(random)}{path}"


def ipv4(random: Random) -> str:
    """An IPv4 address: 10.4.77.201."""
    return ".".join(str(random.randint(1, 254)) for _ in range(4))


def email(random: Random) -> str:
    """An e-mail address: clara.novak@maple.org."""
    first, last = random.choice(FIRST_NAMES).lower(), random.choice(LAST_NAMES).lower()
    name = random.choice((f"{first}.{last}", first, f"{first}{random.randint(1, 99)}", f"{first[0]}{last}"))
    return f"{name}@{noun(random)}.{random.choice(TOP_DOMAINS)}"


def sentence(random: Random) -> str:
    """A short sentence without its full stop: The old driver repairs a silver engine."""
    subject = f"{random.choice(DETERMINERS[:5])} {random.choice(ADJECTIVES)} {noun(random)}"
    article = random.choice(("the", "a", "my", "your", "one"))
    return f"{subject} {random.choice(VERBS)} {article} {random.choice(ADJECTIVES)} {noun(random)}"


def phrase(random: Random) -> str:
    """Two to four words: silver engine garden."""
    return " ".join(word(random) for _ in range(random.randint(2, 4)))


def hexadecimal(length: int) -> Callable[[Random], str]:
    """A draw of ``length`` hexadecimal digits, such as a commit's short name."""
    return lambda random: "".join(random.choice("0123456789abcdef") for _ in range(length))


def version(random: Random) -> str:
    """A version: 2.14.3."""
    return f"{random.randint(0, 12)}.{random.randint(0, 30)}.{random.randint(0, 20)}"


def iso_date(random: Random) -> str:
    """A date of the years 1990 to 2035: 2021-04-09."""
    return f"{random.randint(1990, 2035)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
