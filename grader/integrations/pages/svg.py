"""Matplotlib's drawings as SVG inside the page: their text is text, and their colours are the page's, light or dark."""

from __future__ import annotations

import io
import logging
import re
from typing import TYPE_CHECKING

from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.figure import Figure

from grader.core.words.message import clean

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# On its first use it says that it looks for fonts, which is nothing to a student.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)

# Colours that no plot means: each stands for a variable of the page's style sheet.
INK, MUTED, RULE, BAR, MARK, LINK, RAISED, PAPER = (f"#0{digit}0b0c" for digit in range(1, 9))
_VARIABLES = {
    INK: "--ink",
    MUTED: "--muted",
    RULE: "--rule",
    BAR: "--bar",
    MARK: "--mark",
    LINK: "--link",
    RAISED: "--raised",
    PAPER: "--paper",
}

# An SVG's width in pixels where it is drawn at its own size; text is measured in the same pixels.
WIDTH = 300
SMALL, NORMAL = 11, 12


def canvas(height: float, box: tuple[float, float, float, float], width: float = WIDTH) -> tuple[Figure, Axes]:
    """Return a figure of this size in pixels, and its axes in the part of it that `box` says."""
    # An SVG of matplotlib has 72 points to the inch, so that its points are the page's pixels.
    figure = Figure(figsize=(width / 72, height / 72))
    return figure, figure.add_axes(box)


def inline(figure: Figure, alternative: str, name: str) -> Markup:
    """Return the figure as an element of the page, called `name`, with a text for those who do not see it."""
    file = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(file, format="svg", transparent=True)
    drawn = file.getvalue()
    # A style element would hold for the whole page, and names in it must not meet those of the next plot.
    drawn = re.sub(r"<metadata>.*?</metadata>|<style\b.*?</style>|<!--.*?-->", "", drawn, flags=re.DOTALL)
    drawn = re.sub(r' id="[^"]*_\d+"', "", drawn)
    drawn = re.sub(r"(\bid=\"|xlink:href=\"#|url\(#)", lambda match: f"{match[0]}{name}-".replace("xlink:", ""), drawn)
    drawn = re.sub(r"font: (\d+)px [^\";]*", r"font-size: \1px", drawn)
    drawn = re.sub(r' style="([^"]*)"', _attributes, drawn)
    for colour, variable in _VARIABLES.items():
        drawn = drawn.replace(colour, f"var({variable})")
    box, content = re.search(r'<svg\b[^>]*(viewBox="[^"]*")[^>]*>(.*)', drawn, re.DOTALL).groups()  # type: ignore[union-attr]
    # Matplotlib escaped the text of the labels when it wrote the SVG.
    return Markup('<svg {} role="img" aria-label="{}">{}').format(Markup(box), clean(alternative), Markup(content))  # noqa: S704


def _attributes(style: re.Match[str]) -> str:
    """Return the properties of a style as attributes, which pages may have that allow no style of an element."""
    properties = (one.partition(":") for one in style[1].split(";") if one.strip())
    return "".join(f' {name.strip()}="{value.strip()}"' for name, _, value in properties)
