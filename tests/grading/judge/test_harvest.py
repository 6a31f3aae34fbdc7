"""Nothing that is shown is worth a mark: a student who answers from a table of it gets what an empty program gets."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest
from garbage import RESULTS, garbage
from grading import SECRET, Class
from harvesting import BY_AUTOGRAD, BY_HAND, Harvest, passed_for_a_mark
from repository import EVERYTHING, ROOT, copy_course

from grader.actions.author.release import release
from grader.actions.student.judgement import Judgement
from grader.actions.student.submission import Submission
from grader.core.findings.report_json import as_json
from grader.core.findings.telling import told_check
from grader.core.hints.ladder import ladder
from grader.core.program.source import Source
from grader.core.report.report import Report
from grader.grading.judge.answer_key import AnswerKey, Known, answer_key, practice_key
from grader.grading.judge.drivers import InTurn, driven
from grader.grading.judge.judge import judge, known_of
from grader.grading.judge.programs import KnownCoded
from grader.grading.judge.reference import reference
from grader.integrations.pages.feedback_page import feedback_page
from grader.sandbox.choose import box_maker
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import find_course

COURSE = find_course(ROOT)
# By day the one by hand, of which a run takes a tenth of the time; nothing that is shown depends on torch.
ATTEMPTS = {"4.5": BY_AUTOGRAD, "4.6": BY_HAND} if EVERYTHING else {"4.6": BY_HAND}
ENOUGH = 12
# The checks that a table passes where what is shown decides.
WIRED = {"4.5": {"forward", "loss", "loop"}, "4.6": {"gradient"}}


def judged(known: Known, program: str, box: Sandbox) -> Judgement:
    """Judge a program as `course submit` does."""
    exercise = known.key.exercise
    name = f"{exercise.id}.py"
    found = judge(known, Source(program, name), InTurn(lambda: box))
    report = Report(exercise.id, "s1", found.isolation, known.key.shows_what_decides, found.checks, found.notices)
    return Judgement(exercise, Submission(program.encode(), ".py", name), report, found.drawing)


def passed(judgement: Judgement) -> set[str]:
    return {check.name for check in judgement.report.checks if check.score}


def all_that_is_shown(judgement: Judgement) -> Iterator[str]:
    """Yield the report as it is printed, as JSON and as a page, and all hints for it."""
    for check in judgement.report.checks:
        yield from (sentence.said(str) for sentence in told_check(check))
    yield json.dumps(as_json(judgement.report, str, "en"), ensure_ascii=False)
    yield feedback_page(judgement, str, "en")
    yield from (rung.text.said(str) for rung in ladder(judgement.exercise, judgement.report.checks))


def attempts(key: AnswerKey, count: int, box: Sandbox) -> tuple[Harvest, list[set[str]]]:
    """Hand in what was harvested so far, again and again; return the table, and the checks passed each time."""
    # Causes show numbers as well, and each wrong program that is compared shows the same ones.
    key = replace(key, closely=True, wrong=key.wrong if EVERYTHING else key.wrong[:4])
    known, student, marks = KnownCoded.of(known_of(key)), Harvest(), []
    known = known.with_checks(tuple(check for check in known.work.checks if check.name == "gradient"))
    for _ in range(count):
        judgement = judged(known, student.program(BY_HAND), box)
        marks.append(passed(judgement))
        for text in all_that_is_shown(judgement):
            student.read(text)
    return student, marks


def test_attempts_that_answer_from_what_was_shown_get_no_mark(box: Sandbox) -> None:
    # Where what is shown decides, so many are enough for the mark: see below.
    count = 50 if EVERYTHING else ENOUGH
    student, marks = attempts(answer_key(COURSE, COURSE.exercise("4.6"), SECRET.encode()), count, box)
    assert marks == [set()] * count and len(student.answers) > 0.8 * count


def test_the_same_attempts_get_the_mark_where_what_is_shown_decides(box: Sandbox) -> None:
    assert attempts(practice_key(COURSE, COURSE.exercise("4.6")), ENOUGH, box)[1][-1] == {"gradient"}


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """Return a class with these exercises, of which the first attempt is handed in."""
    group = Class(copy_course(tmp_path_factory.mktemp("harvest") / "course", whole=True))
    for side in ("exercises", "solutions"):
        for path in (group.course / side).iterdir():
            if path.name not in ATTEMPTS:
                shutil.rmtree(path)
    for id, template in ATTEMPTS.items():
        group.hand_in("s001", f"{id}.py", Harvest().program(template))
    return group


def test_what_a_released_copy_holds_is_worth_full_marks_in_it_and_none_for_a_mark(
    group: Class, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_SECRET", SECRET)
    release(find_course(group.course), group.course.parent / "copy", box_maker("none"))
    copy = find_course(group.course.parent / "copy")
    for id, template in ATTEMPTS.items():
        student = Harvest()
        known = KnownCoded.of(known_of(practice_key(copy, copy.exercise(id))))
        assert known.key.released is not None
        references = driven(reference(known.observer), InTurn(lambda: box))
        for check in known.work.checks:
            student.keep(check, known.key.seed, references[check.name])
        program = student.program(template)
        assert passed(judged(known, program, box)) == WIRED[id]
        # In practice each of them is tried elsewhere, for every exercise.
        for nothing in RESULTS if EVERYTHING else RESULTS[:1]:
            assert passed(judged(known, garbage(known.work, nothing), box)) == set(), nothing
        assert passed_for_a_mark(program, id) == set()


ROADS = {
    "submit": ["submit", "4.6", "class/s001/4.6.py", "--lang", "en"],
    "submit --json": ["submit", "4.6", "class/s001/4.6.py", "--json"],
    "submit --junit": ["submit", "4.6", "class/s001/4.6.py", "--junit", "shown"],
    "submit --markdown": ["submit", "4.6", "class/s001/4.6.py", "--markdown", "shown"],
    "submit --gradescope": ["submit", "4.6", "class/s001/4.6.py", "--gradescope", "shown"],
    "feedback": ["feedback", "4.6", "class/s001/4.6.py", "--output", "shown"],
    "hint": ["hint", "4.6"],
    "grade --json": ["grade", "class", "-j", "1", "--only", "4.6", "--json"],
    "explain": ["explain", "s001", "4.6"],
    "report": ["report", "--out", "shown"],
    "export gradescope": ["export", "gradescope", "--out", "shown"],
}
_IN_A_BOX = {"submit", "feedback", "grade"}


def shown_by(group: Class, road: str) -> str:
    """Return all that a command shows: what it prints, and what it writes."""
    shown = group.course / "shown"
    box = ["--isolation", "none"] if ROADS[road][0] in _IN_A_BOX else []
    ended = group.run(*ROADS[road], *box, COURSE_STUDENT="s001")
    assert ended.code in (0, 1), ended
    written = [path for path in (shown, *shown.rglob("*")) if path.is_file()]
    texts = [path.read_text(encoding="utf-8") for path in written]
    shutil.rmtree(shown) if shown.is_dir() else shown.unlink(missing_ok=True)
    return "\n".join([ended.out, ended.err, *texts])


def test_what_every_command_shows_is_worth_no_mark(group: Class) -> None:
    student = Harvest()
    silent = set()
    for road in ROADS:
        before = Harvest()
        before.read(shown_by(group, road))
        silent |= set() if before.answers else {road}
        student.answers |= before.answers
    assert silent <= {"hint"}
    assert passed_for_a_mark(student.program(BY_HAND)) == set()


def test_a_lower_score_by_a_new_seed_is_listed_before_it_replaces_a_mark(group: Class, box: Sandbox) -> None:
    student = Harvest()
    known = KnownCoded.of(known_of(answer_key(COURSE, COURSE.exercise("4.6"), SECRET.encode())))
    references = driven(reference(known.observer), InTurn(lambda: box))
    for check in known.work.checks:
        student.keep(check, known.key.seed, references[check.name])
    group.hand_in("wired", "4.6.py", student.program(BY_HAND))
    options = ("--only", "4.6", "--student", "wired", "--isolation", "none")
    group.grade(*options)
    assert group.grades()["wired", "4.6"]["grade"] == "3"

    ended = group.grade(*options, "--regrade", COURSE_SECRET="another")
    assert ended.below("Grades that would change:") == ["wired  4.6  3 → 0 (−3)"]
    assert ended.below("Stale: judged before something changed. Their grades stay:") == [
        "4.6  1  (the course's secret has changed)"
    ]
    assert (group.grades()["wired", "4.6"]["grade"]) == "3"

    group.grade(*options, "--regrade", "--yes", COURSE_SECRET="another")
    assert group.grades()["wired", "4.6"]["grade"] == "0"
