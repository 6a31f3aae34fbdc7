"""The plots of a class."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from matplotlib.ticker import MaxNLocator

from grader.core.words.message import clean
from grader.integrations.pages.svg import BAR, INK, MARK, MUTED, NORMAL, RULE, SMALL, WIDTH, canvas, inline

BINS = 10
MOST_BARS = 15
_ROW = 38
# Letters of the widest fonts that fit beside each other.
_LONGEST_NAME = 40


def bin_of(share: float) -> int:
    """Return which of the `BINS` a share of the points falls into; the last one holds all the points, and more."""
    # 0.7 is written down a little too small: seven tenths belong above the line.
    return min(max(int(share * BINS + 1e-9), 0), BINS - 1)


def distribution(counts: Sequence[int], mean: float, mean_label: str, alternative: str, name: str) -> Markup:
    """Draw how many grades fall into each tenth of the points, with the mean marked."""
    figure, axes = canvas(130, (0.08, 0.19, 0.88, 0.64))
    edges = [place / BINS for place in range(BINS)]
    axes.bar(edges, counts, width=0.92 / BINS, align="edge", color=BAR)
    axes.axvline(mean, color=MARK, linewidth=1.5)
    side = "right" if mean > 0.6 else "left"
    axes.annotate(
        mean_label, (mean, 1), (0, 4), xycoords=("data", "axes fraction"), textcoords="offset points",
        ha=side, va="bottom", color=MARK, fontsize=SMALL, parse_math=False,
    )  # fmt: skip
    axes.set_xlim(-0.01, 1.01)
    axes.set_ylim(0, max(*counts, 1) * 1.05)
    axes.set_xticks([0, 0.5, 1], ["0%", "50%", "100%"])
    axes.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True, min_n_ticks=1))
    axes.tick_params(length=0, colors=MUTED, labelsize=SMALL)
    axes.tick_params(axis="x", pad=6)
    axes.grid(axis="y", color=RULE, linewidth=1)
    axes.set_axisbelow(True)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(RULE)
    return inline(figure, alternative, name)


def bars(rows: Sequence[tuple[str, int]], alternative: str, name: str) -> Markup:
    """Draw a bar for each row, its name above it: names are long and a phone is narrow."""
    figure, axes = canvas(_ROW * len(rows) + 4, (0, 0, 1, 1))
    longest = max(count for _, count in rows)
    for place, (label, count) in enumerate(rows):
        top = -place * _ROW
        axes.text(0, top - 13, _short(clean(label)), color=INK, fontsize=NORMAL, parse_math=False)
        length = count / longest * (WIDTH - 44)
        axes.barh(top - 24, length, height=11, color=BAR)
        axes.text(length + 6, top - 24, str(count), color=MUTED, fontsize=SMALL, va="center_baseline")
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(-_ROW * len(rows) - 4, 0)
    axes.axis("off")
    return inline(figure, alternative, name)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1]}…"
