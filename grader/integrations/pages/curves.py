"""Curves over the steps of a run: expected beside actual, however many steps there are and whatever they hold."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from grader.core.report.evidence import Curve
from grader.core.words.numbers import show
from grader.integrations.pages.svg import BAR, INK, MARK, MUTED, RULE, SMALL, canvas, inline

Numbers = npt.NDArray[np.float64]

_HEIGHT = 150
# More points than this are one to a pixel and less.
_MOST_POINTS = 300
# Up to so many points each has a dot of its own.
_DOTTED = 40
# A curve that leaves the expected ones further than this would flatten them on a linear scale.
_LINEAR = 20.0
_LARGEST = 1e100
# Above and below the curves, in parts of their height.
_ROOM = 0.06


def curve_plot(curve: Curve, departure_label: str, alternative: str, name: str) -> Markup | None:
    """Draw the finite numbers of both series and mark the step where they depart; None where no number is finite.

    Args:
        departure_label: what is written at the departure.
        alternative: the text for those who do not see the drawing.
        name: the id of the drawing in the page.
    """
    expected, actual = np.array(curve.expected, float), np.array(curve.actual, float)
    scale = linear_up_to(curve)
    if not (np.isfinite(expected).any() or np.isfinite(actual).any()):
        return None
    figure, axes = canvas(_HEIGHT, (0.18, 0.15, 0.79, 0.74))
    _line(axes, expected, scale, curve.departure, color=BAR, linewidth=4, markersize=7, solid_capstyle="round")
    _line(axes, actual, scale, curve.departure, color=INK, linewidth=1.4, markersize=3.5)
    last = max(len(expected), len(actual))
    axes.set_xlim(1 - max(0.02 * last, 0.2), last + max(0.02 * last, 0.2))
    _vertical(axes, scale, [*expected, *actual])
    _frame(axes, last)
    if curve.departure is not None:
        _departure(axes, curve.departure + 1, last, departure_label)
        if curve.departure < len(actual) and np.isfinite(actual[curve.departure]):
            place = scaled(actual, scale)[curve.departure]
            axes.plot(curve.departure + 1, place, "o", markersize=9, fillstyle="none", color=MARK, markeredgewidth=2)
    return inline(figure, alternative, name)


def linear_up_to(curve: Curve) -> float | None:
    """Return the size up to which the vertical axis is linear, beyond it logarithmic; None where it is all linear."""
    usual = max((abs(number) for number in curve.expected if math.isfinite(number)), default=0.0)
    largest = max((abs(number) for number in (*curve.actual, usual) if math.isfinite(number)), default=0.0)
    if largest <= min(_LINEAR * usual, _LARGEST) or (usual == 0 and largest <= _LARGEST):
        return None
    return max(usual, 1e-300) if 0 < usual <= _LARGEST else 1.0


def scaled(series: Numbers, scale: float | None) -> Numbers:
    """Return where on the axis the numbers of a series are, NaN for those that are not finite.

    The axis is arcsinh(x / scale): linear for |x| below `scale`, logarithmic above; all linear where `scale` is None.
    """
    finite = np.where(np.isfinite(series), series, np.nan)
    if scale is None:
        return finite
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        near = np.arcsinh(finite / scale)
        # The same for large numbers, whose quotient may be too large for a float.
        far = np.log(np.abs(finite)) - math.log(scale) + math.log(2)
        return np.where(far > 20, np.sign(finite) * far, near)


def min_max_decimation(series: Numbers, keep: int | None, most: int = _MOST_POINTS) -> list[int]:
    """Return the indices of a series that a drawing needs, in order: min-max decimation.

    A series longer than `most` is cut into `most // 2` stretches, and of each its lowest and highest number is kept, so
    that no peak is lost; so are both ends, `keep`, and one number that is not finite of each stretch.
    """
    if len(series) <= most:
        return list(range(len(series)))
    places = {0, len(series) - 1}
    for stretch in np.array_split(np.arange(len(series)), most // 2):
        finite = stretch[np.isfinite(series[stretch])]
        if finite.size:
            places |= {int(finite[series[finite].argmin()]), int(finite[series[finite].argmax()])}
        # One number that is not finite keeps the gap open.
        places |= {int(place) for place in stretch[~np.isfinite(series[stretch])][:1]}
    if keep is not None and keep < len(series):
        places.add(keep)
    return sorted(places)


def _line(axes: Axes, series: Numbers, scale: float | None, departure: int | None, **style: object) -> None:
    places = min_max_decimation(series, departure)
    drawn = scaled(series, scale)[places]
    steps = np.array(places) + 1
    axes.plot(steps, drawn, marker="o" if len(places) <= _DOTTED else None, markeredgewidth=0, **style)  # type: ignore[arg-type]
    alone = _isolated(drawn) if len(places) > _DOTTED else []
    axes.plot(steps[alone], drawn[alone], "o", color=style["color"], markersize=style["markersize"], markeredgewidth=0)


def _isolated(drawn: Numbers) -> list[int]:
    """Return the places that no line would reach, because neither neighbour is drawn."""
    there = np.isfinite(np.concatenate([[np.nan], drawn, [np.nan]]))
    return [int(place) for place in np.flatnonzero(there[1:-1] & ~there[:-2] & ~there[2:])]


def _vertical(axes: Axes, scale: float | None, numbers: Sequence[float]) -> None:
    finite = [float(number) for number in numbers if math.isfinite(number)]
    ticks = _ticks(min(finite), max(finite), scale)
    places = scaled(np.array(ticks), scale)
    lowest, highest = (float(place) for place in scaled(np.array([min(finite), max(finite)]), scale))
    room = _ROOM * ((highest - lowest) or 1.0)
    axes.set_ylim(lowest - room, highest + room)
    axes.set_yticks(list(places), _labels(ticks))


def _ticks(lowest: float, highest: float, scale: float | None) -> list[float]:
    if scale is None:
        round_ones = [float(tick) for tick in MaxNLocator(nbins=4).tick_values(lowest, highest)]
        room = _ROOM * (highest - lowest)
        return [tick for tick in round_ones if lowest - room <= tick <= highest + room] or [lowest]
    # Neither end of a logarithmic axis is a round number, but its ends are what a student looks for.
    ticks = [value for value in (lowest, -scale, 0.0, scale, highest) if lowest <= value <= highest]
    kept: list[float] = []
    apart = (scaled(np.array([highest]), scale) - scaled(np.array([lowest]), scale)).item() / 9
    for value in sorted(set(ticks), key=lambda value: value not in (lowest, highest)):
        place = scaled(np.array([value, *kept]), scale)
        if all(abs(place[0] - other) >= apart for other in place[1:]):
            kept.append(value)
    return sorted(kept)


def _labels(ticks: Sequence[float]) -> list[str]:
    for digits in (3, 5, 7, 9):
        labels = [show(tick, digits) for tick in ticks]
        if len(set(labels)) == len(labels):
            break
    return [label.replace("e+", "e").replace("-", "−") for label in labels]


def _frame(axes: Axes, last: int) -> None:
    axes.set_xticks(sorted({1, last} | ({(last + 1) // 2} if last > 4 else set())))
    axes.tick_params(length=0, colors=MUTED, labelsize=SMALL)
    axes.grid(axis="y", color=RULE, linewidth=1)
    axes.set_axisbelow(True)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(RULE)


def _departure(axes: Axes, step: int, last: int, label: str) -> None:
    axes.axvline(step, color=MARK, linewidth=1.2, linestyle=(0, (4, 3)))
    axes.annotate(
        label, (step, 1), (0, 4), xycoords=("data", "axes fraction"), textcoords="offset points",
        ha="right" if step > 0.6 * last else "left", va="bottom", color=MARK, fontsize=SMALL, parse_math=False,
    )  # fmt: skip
