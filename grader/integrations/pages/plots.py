"""Plots as SVG inside the page: their text is text, and their colours are the page's, light or dark."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from grader.core.message import clean

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BINS = 10
MOST_BARS = 15
# Letters of the widest fonts that fit beside each other.
_LONGEST_NAME = 40

# Colours that no plot means: each stands for a variable of the page's style sheet.
_INK, _MUTED, _RULE, _BAR, _MARK = (f"#0{digit}0b0c" for digit in range(1, 6))
_VARIABLES = {_INK: "--ink", _MUTED: "--muted", _RULE: "--rule", _BAR: "--bar", _MARK: "--mark"}

# An SVG's width in pixels where it is drawn at its own size; text is measured in the same pixels.
_WIDTH = 300
_ROW = 38
_SMALL, _NORMAL = 11, 12


def bin_of(share: float) -> int:
    """Return which of the `BINS` a share of the points falls into; the last one holds all the points, and more."""
    # 0.7 is written down a little too small: seven tenths belong above the line.
    return min(max(int(share * BINS + 1e-9), 0), BINS - 1)


def distribution(counts: Sequence[int], mean: float, mean_label: str, alternative: str, name: str) -> Markup:
    """Draw how many grades fall into each tenth of the points, with the mean marked."""
    figure, axes = _canvas(130, (0.08, 0.19, 0.88, 0.64))
    edges = [place / BINS for place in range(BINS)]
    axes.bar(edges, counts, width=0.92 / BINS, align="edge", color=_BAR)
    axes.axvline(mean, color=_MARK, linewidth=1.5)
    side = "right" if mean > 0.6 else "left"
    axes.annotate(
        mean_label, (mean, 1), (0, 4), xycoords=("data", "axes fraction"), textcoords="offset points",
        ha=side, va="bottom", color=_MARK, fontsize=_SMALL, parse_math=False,
    )  # fmt: skip
    axes.set_xlim(-0.01, 1.01)
    axes.set_ylim(0, max(*counts, 1) * 1.05)
    axes.set_xticks([0, 0.5, 1], ["0%", "50%", "100%"])
    axes.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True, min_n_ticks=1))
    axes.tick_params(length=0, colors=_MUTED, labelsize=_SMALL)
    axes.tick_params(axis="x", pad=6)
    axes.grid(axis="y", color=_RULE, linewidth=1)
    axes.set_axisbelow(True)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_RULE)
    return _inline(figure, alternative, name)


def bars(rows: Sequence[tuple[str, int]], alternative: str, name: str) -> Markup:
    """Draw a bar for each row, its name above it: names are long and a phone is narrow."""
    figure, axes = _canvas(_ROW * len(rows) + 4, (0, 0, 1, 1))
    longest = max(count for _, count in rows)
    for place, (label, count) in enumerate(rows):
        top = -place * _ROW
        axes.text(0, top - 13, _short(clean(label)), color=_INK, fontsize=_NORMAL, parse_math=False)
        length = count / longest * (_WIDTH - 44)
        axes.barh(top - 24, length, height=11, color=_BAR)
        axes.text(length + 6, top - 24, str(count), color=_MUTED, fontsize=_SMALL, va="center_baseline")
    axes.set_xlim(0, _WIDTH)
    axes.set_ylim(-_ROW * len(rows) - 4, 0)
    axes.axis("off")
    return _inline(figure, alternative, name)


def _canvas(height: float, box: tuple[float, float, float, float]) -> tuple[Figure, Axes]:
    # An SVG of matplotlib has 72 points to the inch, so that its points are the page's pixels.
    figure = Figure(figsize=(_WIDTH / 72, height / 72))
    return figure, figure.add_axes(box)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1]}…"


def _inline(figure: Figure, alternative: str, name: str) -> Markup:
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
    for colour, variable in _VARIABLES.items():
        drawn = drawn.replace(colour, f"var({variable})")
    box, content = re.search(r'<svg\b[^>]*(viewBox="[^"]*")[^>]*>(.*)', drawn, re.DOTALL).groups()  # type: ignore[union-attr]
    # Matplotlib escaped the text of the labels when it wrote the SVG.
    return Markup('<svg {} role="img" aria-label="{}">{}').format(Markup(box), clean(alternative), Markup(content))  # noqa: S704
