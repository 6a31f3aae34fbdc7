"""The page of the class: what is open, all grades, who needs help, frequent misconceptions, how each exercise went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from markupsafe import Markup

from grader.core.cohort.at_risk import LOW, Need, needs, share_of
from grader.core.cohort.summary import ExerciseSummary, Standing, summarise
from grader.core.course.exercise import Exercise
from grader.core.course.policies.policy import Grade, State
from grader.core.findings.telling import told
from grader.core.people.student import Student
from grader.core.report.finding import Finding
from grader.core.words.message import Translate
from grader.integrations.pages import plots
from grader.integrations.pages.open_work import open_work
from grader.integrations.pages.rendering import NOTHING, number, page_link, page_names, percent, render

# More than a person can turn to at once; the others are folded away.
_SHOWN_NEEDS = 20
_NOT_JUDGED = "?"
# Columns that a table has room for on a sheet of A4, beside those of the student and the sums.
_SHEET = 13


@dataclass(frozen=True)
class ExercisePart:
    """One exercise of the page; `counts` are its grades by tenths of the points."""

    id: str
    title: str
    summary: ExerciseSummary
    counts: tuple[int, ...]
    plot: Markup | None

    @property
    def graded(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Cell:
    """A grade in the table; `kind` tells missing, void and other special ones from plain numbers."""

    text: str
    kind: str = ""


@dataclass(frozen=True)
class Row:
    """A student's line in the table."""

    student: Student
    link: str
    cells: tuple[Cell, ...]
    points: float | None
    share: float | None


def class_page(
    title: str,
    standings: Sequence[Standing],
    students: Mapping[str, Student],
    exercises: Sequence[Exercise],
    translate: Translate,
    language: str,
    made: datetime,
    unrecognised: int = 0,
) -> str:
    """Return the page. A student without a standing at an exercise handed nothing in.

    Args:
        unrecognised: people of downloads of whom nobody has said who they are.
    """
    everyone = class_list(standings, students)
    table = full_table(standings, everyone, exercises)
    together = [standing for row in table.values() for standing in row]
    misconceptions = frequent(together, [exercise.id for exercise in exercises], translate, language)
    helped, pages = needs(together), page_names(everyone)
    shares = [share for row in table.values() if (share := share_of(row)) is not None]
    return render(
        "class.html",
        translate,
        language,
        title=title,
        made=made,
        low=LOW,
        open=open_work(table, translate),
        exercises=[
            _exercise(exercise, together, f"plot{place}", translate, language)
            for place, exercise in enumerate(exercises)
        ],
        misconceptions=misconceptions,
        misconceptions_plot=_bars(misconceptions, translate),
        drawn=plots.MOST_BARS,
        needs=[
            (need, everyone[need.student], page_link(pages[need.student]), _reasons(need, translate)) for need in helped
        ],
        shown_needs=_SHOWN_NEEDS,
        rows=[_row(everyone[id], row, pages[id]) for id, row in table.items()],
        sheets=sheets([exercise.id for exercise in exercises]),
        stale=any(standing.stale for standing in together),
        unrecognised=unrecognised,
        totals=_totals(shares, translate),
        links={id: (student, page_link(pages[id])) for id, student in everyone.items()},
        tenths=[f"{10 * place}–{10 * place + 10}%" for place in range(plots.BINS)],
    )


def sheets(exercises: Sequence[str]) -> list[tuple[int, int]]:
    """Return the columns of each table on paper, as the first and the one after the last: whole lectures together.

    A lecture of more exercises than a sheet has room for is divided.
    """
    parts: list[tuple[int, int]] = []
    for _, group in groupby(range(len(exercises)), key=lambda place: exercises[place].partition(".")[0]):
        places = list(group)
        first = parts.pop()[0] if parts and places[-1] - parts[-1][0] < _SHEET else places[0]
        parts += [(start, min(start + _SHEET, places[-1] + 1)) for start in range(first, places[-1] + 1, _SHEET)]
    return parts


def class_list(standings: Sequence[Standing], students: Mapping[str, Student]) -> dict[str, Student]:
    """Return the roster, and after it those who are not on it and have handed something in."""
    strangers = dict.fromkeys(standing.grade.student for standing in standings)
    return {**students, **{id: Student(id) for id in strangers if id not in students}}


def full_table(
    standings: Sequence[Standing], everyone: Mapping[str, Student], exercises: Sequence[Exercise]
) -> dict[str, tuple[Standing, ...]]:
    """Return each student's standing at every exercise, in the order of the exercises."""
    known = {(standing.grade.student, standing.grade.exercise): standing for standing in standings}
    return {
        student: tuple(
            known.get((student, exercise.id))
            or Standing(Grade(student, exercise.id, State.MISSING, exercise.max_score))
            for exercise in exercises
        )
        for student in everyone
    }


def _exercise(
    exercise: Exercise, standings: Sequence[Standing], name: str, translate: Translate, language: str
) -> ExercisePart:
    group = [standing for standing in standings if standing.grade.exercise == exercise.id]
    shares = [share for standing in group if (share := share_of([standing])) is not None]
    counts = [0] * plots.BINS
    for share in shares:
        counts[plots.bin_of(share)] += 1
    summary = next(iter(summarise(group)), ExerciseSummary(exercise.id, 0, 0, 0, 0, 0, None, ()))
    plot = None
    if summary.mean is not None:
        mean = translate("mean {share}").format(share=percent(summary.mean))
        alternative = translate(
            "Grades of exercise {id}: {count} recorded, {mean}. The numbers are in the table below."
        )
        told = alternative.format(id=exercise.id, count=len(shares), mean=mean)
        plot = plots.distribution(counts, min(summary.mean, 1.0), mean, told, name)
    return ExercisePart(exercise.id, exercise.title.said_in(language), summary, tuple(counts), plot)


def _totals(shares: Sequence[float], translate: Translate) -> Markup | None:
    """Draw how the class does in all: the share of the points of each student's graded work."""
    if not shares:
        return None
    counts = [0] * plots.BINS
    for share in shares:
        counts[plots.bin_of(share)] += 1
    mean = sum(shares) / len(shares)
    label = translate("mean {share}").format(share=percent(mean))
    told = translate("Totals of {count} students, {mean}.").format(count=len(shares), mean=label)
    return plots.distribution(counts, min(mean, 1.0), label, told, "totals")


def _bars(misconceptions: Sequence[Frequent], translate: Translate) -> Markup | None:
    if not misconceptions:
        return None
    drawn = [(one.name, one.students) for one in misconceptions[: plots.MOST_BARS]]
    alternative = translate(
        "Misconceptions by the number of students who show them. The numbers are in the table next to it."
    )
    return plots.bars(drawn, alternative, "misconceptions")


def _reasons(need: Need, translate: Translate) -> list[str]:
    reasons = []
    if need.missing:
        reasons.append(translate("not handed in: {exercises}").format(exercises=", ".join(need.missing)))
    if need.low:
        reasons.append(translate("{share} of the points").format(share=percent(need.share)))
    for name, count in need.repeated:
        reasons.append(translate("“{name}” in {count} exercises").format(name=name, count=count))
    return reasons


def _row(student: Student, standings: Sequence[Standing], page: str) -> Row:
    points = [standing.grade.points for standing in standings if standing.grade.points is not None]
    return Row(
        student,
        page_link(page),
        tuple(_cell(standing.grade, standing.stale) for standing in standings),
        sum(points) if points else None,
        share_of(standings),
    )


def _cell(grade: Grade, stale: bool) -> Cell:
    match grade.state:
        case State.MISSING:
            return Cell(NOTHING, "m")
        case State.VOID:
            return Cell(_NOT_JUDGED, "v")
        case State.OVERRIDDEN:
            return Cell(f"{number(grade.points)}*", "o")
        case State.GRADED:
            low = grade.points is not None and grade.points < LOW * grade.max_score
            return Cell(number(grade.points) + "†" * stale, "l" if low else "")


@dataclass(frozen=True)
class Frequent:
    """A misconception of the class; `students` is how many show it, however often, and `who` they are."""

    name: str
    hint: str
    students: int
    exercises: tuple[str, ...]
    who: tuple[str, ...] = ()


def frequent(
    standings: Iterable[Standing], order: Sequence[str], translate: Translate, language: str
) -> tuple[Frequent, ...]:
    """Return the misconceptions by how many students show them; `order` is that of the exercises."""
    students: dict[str, set[str]] = {}
    exercises: dict[str, set[str]] = {}
    hints: dict[str, Finding] = {}
    for standing in standings:
        for name in standing.misconceptions:
            students.setdefault(name, set()).add(standing.grade.student)
            exercises.setdefault(name, set()).add(standing.grade.exercise)
        hints = {**standing.hints, **hints}
    found = [
        Frequent(
            name,
            told(hints[name]).said(translate, language),
            len(who),
            tuple(sorted(exercises[name], key=order.index)),
            tuple(sorted(who)),
        )
        for name, who in students.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.students, one.name)))
