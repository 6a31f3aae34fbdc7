"""Golden submissions of questions in words, in class and one by one, and what attempts come to."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from repository import ROOT

from grader.core.course.questions import Questions, ShortText, TextKey
from grader.core.findings.report_json import as_kept
from grader.core.findings.telling import told_check
from grader.core.questions.attempts import attempts_of, counted, reasons_of
from grader.core.questions.judge import judge_questions
from grader.core.questions.written import Written
from grader.core.report.report import CheckResult, Report
from grader.core.words.message import CONTROL, Text
from grader.grading.judge.answer_key import practice_key
from grader.grading.judge.drivers import driven
from grader.grading.judge.judge import after, judging, known_of, read_handed_in
from grader.grading.judge.steps import Need
from grader.sandbox.port import Run
from grader.store.course.course_files import find_course

COURSE = ROOT / "tests" / "courses" / "questions"
FILES = find_course(COURSE)
FOLDERS = sorted(path.parent for path in COURSE.glob("golden/*/*/expected.json"))


def nothing(needs: Sequence[Need]) -> Sequence[list[Run]]:
    """Refuse to run anything: words need no process."""
    raise AssertionError(needs)


def judged(id: str, *contents: bytes) -> dict[str, CheckResult]:
    """Judge the last of these submissions, as what came after the others."""
    known = known_of(practice_key(FILES, FILES.exercise(id)))
    work = known.key.exercise.work
    handed_in = after(work, read_handed_in(work, contents[-1], "submission.yaml"), contents[:-1])
    return {check.name: check for check in driven(judging(known, handed_in), nothing).checks}


def kinds(check: CheckResult) -> list[str]:
    return [found.kind for found in check.findings]


def said(check: CheckResult) -> str:
    return "\n".join(sentence.said(str) for sentence in told_check(check))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_a_submission_gets_its_verdicts(folder: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["checks"]
    seen = judged(folder.parent.name, (folder / "submission.yaml").read_bytes())
    told = {
        name: {"verdict": check.verdict.value, "score": check.score, "findings": kinds(check)}
        for name, check in seen.items()
    }
    assert told == expected


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_what_is_said_of_it_is_short_and_acts_on_no_terminal(folder: Path) -> None:
    seen = judged(folder.parent.name, (folder / "submission.yaml").read_bytes())
    words = "\n".join(map(said, seen.values()))
    assert len(words) < 2000 and not re.search(f"[{CONTROL}]", words)
    kept = as_kept(Report(folder.parent.name, "", "not_run", False, tuple(seen.values())), {})
    assert len(json.dumps(kept)) < 20_000


def test_of_a_choice_only_the_first_answer_counts() -> None:
    check = judged("1.1", b"order: zero_last\n", b"order: zero_first\n")["order"]
    assert (check.verdict.value, check.score) == ("fail", 0.0)
    assert "attempts-used" in kinds(check)


def test_to_hand_in_the_same_once_more_is_no_attempt() -> None:
    wrong, right = b"rate: 0.05\n", b"rate: 0.025\n"
    assert judged("1.2", wrong, wrong, wrong, right)["rate"].score == 1.0
    assert judged("1.2", wrong, b"rate: 0.1\n", right)["rate"].score == 0.0


def test_what_could_not_be_read_is_no_attempt() -> None:
    assert judged("1.1", b"order: [zero_last, zero_first]\n", b"order: zero_first\n")["order"].score == 1.0


def test_an_answer_that_is_left_out_stays_as_it_was() -> None:
    assert judged("1.1", b"order: zero_first\n", b"overfits: dropout\n")["order"].score == 1.0


def test_a_reason_is_said_after_the_last_attempt_only() -> None:
    first = judged("1.1", b"overfits: longer\n")["overfits"]
    last = judged("1.1", b"overfits: longer\n", b"overfits: deeper\n")["overfits"]
    assert "why-option-is-wrong" not in kinds(first) and "attempts-left" in kinds(first)
    assert "why-option-is-wrong" in kinds(last) and "attempts-left" not in kinds(last)
    three = [judged("1.2", *[f"term: t{n}\n".encode() for n in range(at)], b"term: underfitting\n") for at in range(3)]
    assert ["author-hint" in kinds(each["term"]) for each in three] == [False, False, True]


def test_a_text_is_right_or_has_its_reason_however_its_blanks_are_set() -> None:
    key = TextKey(("1/4",), {"1/2": Text.of({"en": "That is σ(0)."})})
    work = Questions((ShortText("slope", 1.0, Text.of({"en": "?"}), 12, attempts=1),), {"slope": key})
    right, wrong = (judge_questions(work, Written({"slope": (text,)}), b"")[0] for text in ("1 / 4", "1 / 2"))
    assert right.verdict.value == "pass" and "author-hint" in kinds(wrong)


def test_no_message_to_a_wrong_answer_gives_the_right_one() -> None:
    for id, wrong in (("1.1", b"order: zero_last\noverfits: longer\n"), ("1.2", b"term: x\nrate: 3\n")):
        words = "\n".join(map(said, judged(id, wrong).values())).casefold()
        assert not any(
            right in words for right in ("zero_grad, backward, step", "more training data", "0.025", "overfit")
        )


OVERFITS = [f"overfits: {chosen}\n".encode() for chosen in ("longer", "deeper", "[longer, deeper]")]
RIGHT = b"overfits: [more_data, dropout]\n"
TERMS = [f"term: t{n}\n".encode() for n in range(3)]


@pytest.mark.parametrize(
    ("id", "contents"),
    [
        ("1.1", OVERFITS),
        ("1.1", [OVERFITS[0], RIGHT, OVERFITS[1]]),
        ("1.1", [b"order: zero_last\n", b"overfits: longer\n", b"order: zero_first\noverfits: dropout\n"]),
        ("1.1", [OVERFITS[0], OVERFITS[0], b"order: zero_first\n"]),
        ("1.2", [*TERMS, b"term: underfitting\n"]),
        ("1.2", [b"term: underfitting\n", b"rate: 3\n", *TERMS, b"term: overfitting\n"]),
    ],
)
def test_what_was_judged_one_by_one_is_told_as_what_was_judged_together(id: str, contents: list[bytes]) -> None:
    work = FILES.exercise(id).work
    one_by_one = [judged(id, content) for content in contents]
    told = list(counted(attempts_of(work), one_by_one, reasons_of(work)))
    together = [judged(id, *contents[: place + 1]) for place in range(len(contents))]
    assert [{name: (each.score, kinds(each)) for name, each in seen.items()} for seen in told] == [
        {name: (each.score, kinds(each)) for name, each in seen.items()} for seen in together
    ]
