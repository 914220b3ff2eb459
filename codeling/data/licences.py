"""Licences: one spelling (SPDX ids), and which of them allow training without conditions on the result.

A reading of metadata, not legal advice: what is not clearly permissive counts as not permissive.
"""

from __future__ import annotations

import re

PERMISSIVE = frozenset(
    (
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "BSL-1.0",
        "CC0-1.0",
        "CNRI-Python",
        "HPND",
        "ISC",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "PSF-2.0",
        "Python-2.0",
        "Unlicense",
        "Zlib",
    )
)
"""SPDX ids of licences that ask for no more than attribution."""

_BY_LOWER = {name.lower(): name for name in PERMISSIVE}
# Older metadata is prose. Whole strings only: "MIT" inside a longer text proves nothing.
_SPELLINGS = {
    "mit": "MIT",
    "mit license": "MIT",
    "the mit license": "MIT",
    "apache 2": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache 2.0 license": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "bsd 3-clause": "BSD-3-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "3-clause bsd license": "BSD-3-Clause",
    "new bsd license": "BSD-3-Clause",
    "bsd 2-clause license": "BSD-2-Clause",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "python software foundation license": "PSF-2.0",
    "the unlicense (unlicense)": "Unlicense",
    "zlib/libpng license": "Zlib",
    "boost software license 1.0 (bsl-1.0)": "BSL-1.0",
    "cc0 1.0 universal (cc0 1.0) public domain dedication": "CC0-1.0",
    "historical permission notice and disclaimer (hpnd)": "HPND",
}


def spdx(name: str) -> str | None:
    """The SPDX id of one permissive licence as metadata spells it, else None.

    >>> spdx("Apache Software License"), spdx("GPL v3")
    ('Apache-2.0', None)
    """
    key = " ".join(name.lower().split())
    return _BY_LOWER.get(key) or _SPELLINGS.get(key)


def permissive_expression(expression: str) -> str | None:
    """``expression`` normalised if it lets everything be used permissively, else None.

    ``A AND B`` needs both, ``A OR B`` one of them; a ``WITH`` exception only adds permissions. With parentheses
    every licence named must be permissive.

    >>> permissive_expression("MIT OR GPL-3.0"), permissive_expression("MIT AND GPL-3.0")
    ('MIT', None)
    """
    if "(" in expression and spdx(expression) is None:
        parts = re.split(r"\s+(?:AND|OR)\s+", expression.replace("(", " ").replace(")", " "))
        names = [_without_exception(part) for part in parts]
        return expression if all(names) else None
    for alternative in re.split(r"\s+OR\s+", expression):
        names = [_without_exception(part) for part in re.split(r"\s+AND\s+", alternative)]
        if all(names):
            return " AND ".join(dict.fromkeys(name for name in names if name))
    return None


def _without_exception(part: str) -> str | None:
    return spdx(re.split(r"\s+WITH\s+", part.strip())[0])


_FINGERPRINTS = (
    ("Apache-2.0", ("apache license", "version 2.0")),
    ("MIT", ("permission is hereby granted, free of charge", "to use, copy, modify, merge")),
    ("BSD-3-Clause", ("redistribution and use in source and binary forms", "neither the name")),
    ("BSD-2-Clause", ("redistribution and use in source and binary forms",)),
    ("ISC", ("permission to use, copy, modify, and/or distribute this software",)),
    ("MPL-2.0", ("mozilla public license", "2.0")),
    ("AGPL-3.0", ("gnu affero general public license",)),
    ("LGPL", ("gnu lesser general public license",)),
    ("GPL", ("gnu general public license",)),
    ("Unlicense", ("this is free and unencumbered software",)),
)


def licence_of_text(text: str) -> str:
    """The licence a LICENSE file's text is, by phrases that only it has; ``unknown`` when none fits."""
    lowered = " ".join(text.lower().split())
    for name, phrases in _FINGERPRINTS:
        if all(phrase in lowered for phrase in phrases):
            return name
    return "unknown"
