"""The page of one submission: what is said of it, and what there is to see of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from grader.actions.student.judgement import Judgement
from grader.actions.student.submission import Submission
from grader.actions.student.typed import TYPED
from grader.actions.teacher.results.said import SaidOf
from grader.core.compare.comparison import QUANTITIES
from grader.core.findings.telling import told
from grader.core.program.source import Source
from grader.core.report.evidence import Drawing, Printout, Series
from grader.core.report.finding import Finding
from grader.core.report.report import CheckResult
from grader.core.words.message import Message, Translate, say
from grader.core.words.numbers import show
from grader.integrations.pages.checks import CheckPart, check_part
from grader.integrations.pages.curves import curve_plot, linear_up_to
from grader.integrations.pages.graphs import graph_plot, number
from grader.integrations.pages.next_steps import next_steps
from grader.integrations.pages.remarks import by_line, remarks_of
from grader.integrations.pages.rendering import NOTHING, render
from grader.integrations.pages.source_code import Remark, shown_source, source_part
from grader.integrations.pages.tall_graphs import tall_graph

# To which share of its own size a drawing may be made smaller: of 12 pixels, 9.6 are left.
_SMALLEST = 0.8
_DEPARTURE = "first-difference"
_PRINTED = ("printed-beside", "printed-beside-at")


@dataclass(frozen=True)
class CurvePart:
    """One plot; `notes` are what it cannot show."""

    quantity: str
    plot: Markup | None
    notes: tuple[str, ...]
    departs: bool


@dataclass(frozen=True)
class StepsPart:
    """The table around the first step that differs: the names of its columns, and its rows as texts."""

    caption: str
    names: tuple[str, ...]
    rows: tuple[tuple[bool, tuple[str, ...]], ...]


@dataclass(frozen=True)
class PrintedPart:
    """The table of what was printed beside what is asked for; each row says whether it is the first that differs."""

    caption: str
    rows: tuple[tuple[bool, str, str], ...]
    before: int
    after: int


@dataclass(frozen=True)
class SeenPart:
    """A check with what there is to see of it, and what is said of single lines of the source."""

    check: CheckPart
    curves: tuple[CurvePart, ...]
    steps: StepsPart | None
    printed: PrintedPart | None
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class GraphPart:
    """The graph of stated values, from left to right, and from top to bottom for narrow windows; widths in pixels."""

    plot: Markup
    width: int
    tall: Markup
    tall_width: int
    drawing: Drawing
    rows: tuple[tuple[str, ...], ...]

    @property
    def narrow(self) -> int:
        """The width from which on it is drawn from left to right, in pixels: from where it can be read so."""
        return math.ceil(_SMALLEST * self.width) if self.tall_width < self.width else 0

    @property
    def broken(self) -> bool:
        return any(edge.broken for edge in self.drawing.edges)

    @property
    def wrong(self) -> bool:
        return any(node.wrong_value is not None or node.wrong_gradient is not None for node in self.drawing.nodes)

    @property
    def hidden(self) -> bool:
        return any(node.value is None or node.gradient is None for node in self.drawing.nodes)


def feedback_page(judgement: Judgement, translate: Translate, language: str, said: SaidOf | None = None) -> str:
    """Return the page, with what teachers and assistants said of this work."""
    parts = feedback_parts(judgement, translate, language)
    if said is not None:
        parts |= {"line_comments": said.on_lines, "cause_comments": said.on_causes}
    return render("feedback.html", translate, language, **parts)


def feedback_parts(judgement: Judgement, translate: Translate, language: str) -> dict[str, Any]:
    """Return what the templates of this page are filled with, for a page that includes them."""
    source = _source(judgement.submission)
    parts = _parts(judgement, source, "", translate, language)
    typed = judgement.submission.shown == TYPED
    every = [remark for seen in parts["checks"] for remark in seen.remarks]
    remarks = by_line(every)
    given = judgement.submission
    shown = None if typed else source_part(source, len(given.content), given.suffix, remarks, translate)
    return {**parts, "source": shown, "next": next_steps(judgement, every[0].line if every else 0, translate)}


def feedback_in_cell(judgement: Judgement, prefix: str, translate: Translate, language: str) -> str:
    """Return what a notebook shows below a cell: the page without the source, which stands right above it.

    Args:
        prefix: keeps the names in one report apart from those in the next, all of them on one page.
    """
    parts = _parts(judgement, _source(judgement.submission), prefix, translate, language)
    return render("cell.html", translate, language, source=None, **parts)


def _parts(judgement: Judgement, source: Source, prefix: str, translate: Translate, language: str) -> dict[str, Any]:
    """Return what is said and drawn of a submission; `prefix` begins every name in it."""
    report = judgement.report
    checks = [
        _seen(check, source, f"{prefix}check{place}", translate, language) for place, check in enumerate(report.checks)
    ]
    return {
        "report": report,
        "title": judgement.exercise.title.said_in(language),
        "checks": checks,
        "graph": judgement.drawing and _graph(judgement.drawing, f"{prefix}graph", translate),
        "notices": [told(notice).said(translate, language) for notice in report.notices],
        "prefix": prefix,
    }


def _seen(check: CheckResult, source: Source, name: str, translate: Translate, language: str) -> SeenPart:
    departure = next((found for found in check.findings if found.kind == _DEPARTURE), None)
    printed = next((_printed(each, translate) for each in check.evidence if isinstance(each, Printout)), None)
    return SeenPart(
        check_part(check, translate, language, drawn=(_DEPARTURE, *(_PRINTED if printed else ()))),
        tuple(
            _curve(curve, f"{name}-{place}", translate)
            for place, curve in enumerate(check.evidence)
            if isinstance(curve, Series)
        ),
        None if departure is None else _steps(departure, translate),
        printed,
        remarks_of(check, source, translate, language),
    )


def _curve(curve: Series, name: str, translate: Translate) -> CurvePart:
    label = "" if curve.departure is None else translate("step {step}").format(step=curve.departure + 1)
    quantity = _quantity(curve.quantity, translate)
    alternative = " ".join(words.said(translate) for words in _in_words(curve, quantity))
    plot = curve_plot(curve, label, alternative, name)
    notes = tuple(note.said(translate) for note in _notes(curve))
    return CurvePart(quantity, plot, notes, curve.departure is not None)


def _in_words(curve: Series, quantity: str) -> Iterator[Message]:
    """Say what a plot shows, for who does not see it: both ends of each curve, and where they part."""
    yield say("{quantity} over the steps: expected and yours.", quantity=quantity)
    if curve.expected:
        yield say("Expected goes from {first} to {last}.", first=curve.expected[0], last=curve.expected[-1])
    if curve.actual:
        yield say("Yours goes from {first} to {last}.", first=curve.actual[0], last=curve.actual[-1])
    at = curve.departure
    if at is not None and at < min(len(curve.expected), len(curve.actual)):
        yield say(
            "They differ first at step {step}: expected {expected}, yours {actual}.",
            step=at + 1,
            expected=curve.expected[at],
            actual=curve.actual[at],
        )


def _notes(curve: Series) -> Iterator[Message]:
    """Say what a plot cannot show, or shows in a way of its own."""
    yours, expected = _not_finite(curve.actual), _not_finite(curve.expected)
    if yours:
        yield say("Yours is not finite at {count} of {all} steps, at step {step} first: {value}.", **yours)
    if expected:
        yield say("Expected is not finite at {count} of {all} steps, at step {step} first: {value}.", **expected)
    scale = linear_up_to(curve)
    if scale is not None:
        yield say("The scale is logarithmic beyond {size}.", size=show(scale, 3))
    if len(curve.actual) != len(curve.expected):
        yield say("Steps: {expected} expected, {actual} yours.", expected=len(curve.expected), actual=len(curve.actual))


def _not_finite(numbers: Sequence[float]) -> dict[str, object]:
    """Return what is said of the numbers that are not finite; nothing where all are."""
    places = [place for place, number in enumerate(numbers) if not math.isfinite(number)]
    if not places:
        return {}
    return {"count": len(places), "all": len(numbers), "step": places[0] + 1, "value": numbers[places[0]]}


def _steps(departure: Finding, translate: Translate) -> StepsPart:
    """Return the steps around the first one that differs as a table."""
    steps = departure.inner
    names = tuple(dict.fromkeys(name for step in steps for name in step.pairs("inputs")))

    def cells(step: Finding) -> tuple[str, ...]:
        data = step.pairs("inputs")
        numbers = (_number(step.number(name)) for name in ("expected", "actual"))
        return (str(step.step), *(_minus(data.get(name, NOTHING)) for name in names), *numbers)

    rows = tuple((step.step == departure.step, cells(step)) for step in steps)
    caption = translate("{quantity}: step {step} differs first")
    return StepsPart(
        caption.format(quantity=_quantity(departure.quantity, translate), step=departure.step), names, rows
    )


def _printed(seen: Printout, translate: Translate) -> PrintedPart:
    inputs = ", ".join(f"{name} = {value}" for name, value in seen.inputs)
    caption = translate("What is printed with {inputs}") if inputs else translate("What is printed")
    rows = tuple(
        (place == seen.departure, NOTHING if row.actual is None else row.actual, row.expected)
        for place, row in enumerate(seen.rows)
    )
    return PrintedPart(caption.format(inputs=inputs), rows, seen.before, seen.after)


def _quantity(name: str, translate: Translate) -> str:
    known = QUANTITIES.get(name)
    return name if known is None else known.said(translate)


def _number(value: float | None) -> str:
    return NOTHING if value is None else _minus(show(value))


def _minus(shown: str) -> str:
    return shown.replace("-", "−", 1)


def _graph(drawing: Drawing, name: str, translate: Translate) -> GraphPart:
    def cells(right: float | None, wrong: float | None) -> str:
        told = number(right)
        return told if wrong is None else told + " (" + translate("not {answer}").format(answer=number(wrong)) + ")"

    rows = tuple(
        (node.name, node.expression, cells(node.value, node.wrong_value), cells(node.gradient, node.wrong_gradient))
        for node in drawing.nodes
    )
    alternative = translate("The computational graph")
    wide, tall = graph_plot(drawing, alternative, name), tall_graph(drawing, alternative, f"{name}-tall")
    return GraphPart(*wide, *tall, drawing, rows)


def _source(submission: Submission) -> Source:
    return submission.program or shown_source(submission.content, submission.shown, submission.suffix)
