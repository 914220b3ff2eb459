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
