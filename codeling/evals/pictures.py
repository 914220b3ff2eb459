"""A picture and its files: drawn when what it shows is new, taken from the report's folder when it is not.

In: a function that makes a matplotlib figure of plain values, and these values. Out: ``NAME.png`` on white for
Markdown, and ``NAME.svg`` to stand inside a web page, where its ink takes the page's colour (light or dark).
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import io
import re
from dataclasses import dataclass
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure

from codeling.runtime.files import atomic_path, write_text

INK = "#1d2126"  # a colour nobody else uses; in the SVG it becomes currentColor


@dataclass(frozen=True)
class Picture:
    """``caption`` says what is seen, in words. ``figure`` depends on its arguments alone: numbers, texts and lists."""

    name: str
    caption: str
    figure: functools.partial[Figure]

    def fingerprint(self) -> str:
        """Of all that decides what the picture looks like: its values, the code that draws it, matplotlib."""
        drawn = (self.name, self.figure.func.__name__, self.figure.args, self.figure.keywords, matplotlib.__version__)
        return hashlib.sha256(repr(drawn).encode() + _source(inspect.getfile(self.figure.func))).hexdigest()

    def render(self) -> tuple[str, bytes]:
        """(an SVG element to paste into HTML, a PNG file)."""
        figure = self.figure()
        png, svg = io.BytesIO(), io.StringIO()
        # Text stays text in the SVG (the page's font, searchable), and ids do not depend on time or chance.
        with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": self.name, "font.family": "sans-serif"}):
            figure.savefig(png, format="png", dpi=130, facecolor="white")
            figure.savefig(svg, format="svg", transparent=True, metadata={"Date": None})
        return _inline(svg.getvalue(), self.name), png.getvalue()


def draw(picture: Picture, folder: Path) -> str:
    """See to ``folder/NAME.png`` and ``folder/NAME.svg``, whose first line is the fingerprint; returns the SVG element.

    A run that is taken up again finds most of its pictures drawn, each of which costs a third of a second.
    """
    png_path, svg_path = folder / f"{picture.name}.png", folder / f"{picture.name}.svg"
    mark = f"<!-- {picture.fingerprint()} -->\n"
    if png_path.is_file() and svg_path.is_file():
        text = svg_path.read_text(encoding="utf-8", errors="replace")
        if text.startswith(mark):
            return text.removeprefix(mark)
    svg, png = picture.render()
    svg_path.unlink(missing_ok=True)  # so that a kill between the two files leaves none that vouches for an old one
    with atomic_path(png_path) as temporary:
        temporary.write_bytes(png)
    write_text(svg_path, mark + svg)
    return svg


@functools.cache
def _source(file: str) -> bytes:
    return Path(file).read_bytes() + Path(__file__).read_bytes()


def _inline(svg: str, name: str) -> str:
    """An SVG file as an element: without prologue and fixed size, ids unique in the page, ink in the page's colour."""
    svg = svg[svg.index("<svg") :].replace(INK, "currentColor")
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\b(id="|url\(#|href="#)', rf"\g<1>{name}-", svg)
    opening, rest = svg.split(">", 1)
    return re.sub(r' (width|height)="[^"]*"', "", opening) + ">" + rest
