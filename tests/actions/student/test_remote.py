"""Handing in at a server: who one is there, where it waits, and what is believed of its answer."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from repository import ROOT

from grader.actions.student.remote import Sent, Told, hand_in, student_there, wait_for
from grader.actions.student.submission import Request, Submission
from grader.core.findings.report_json import as_json
from grader.core.report.report import CheckResult, Report, Verdict
from grader.core.run.observation import RunStatus
from grader.core.words.errors import CouldNotJudge, UsageFault
from grader.core.words.message import say
from grader.store.course.course_files import find_course

FILES = find_course(ROOT)
CHECK = CheckResult("dloss_dw", RunStatus.COMPLETED, Verdict.PASS, 1.0)
REPORT = as_json(Report("4.1", "s001", "full", False, (CHECK,)), str, "en")
JUDGED: dict[str, Any] = {"state": "judged", "place": 0, "late_seconds": 90, "notes": ["\x1b[2Jhm"], "report": REPORT}
HELD = {"state": "held", "place": 0, "late_seconds": 0, "notes": ["later"]}
WAITING = {"state": "waiting", "place": 3, "late_seconds": 0, "notes": []}


@dataclass
class Scripted:
    """A server that says this, one after the other, and then always the last."""

    verdicts: list[Mapping[str, Any] | CouldNotJudge] = field(default_factory=list)
    course_id: str = FILES.course.id
    url: str = "https://course.test"
    taken: list[tuple[str, bytes, str]] = field(default_factory=list)

    def course(self) -> Mapping[str, Any]:
        return {"course": self.course_id, "student": "s001"}

    def hand_in(self, exercise: str, content: bytes, filename: str, form: str) -> Mapping[str, Any]:
        self.taken.append((exercise, content, filename))
        return {"submission": "n", "page": "https://course.test/submissions/n\x1b[2J"}

    def verdict(self, submission: str) -> Mapping[str, Any]:
        found = self.verdicts.pop(0) if len(self.verdicts) > 1 else self.verdicts[0]
        if isinstance(found, CouldNotJudge):
            raise found
        return found


def waited(*verdicts: Mapping[str, Any] | CouldNotJudge) -> tuple[Told | None, list[str], list[float]]:
    words: list[str] = []
    slept: list[float] = []
    sent = Sent(FILES.exercise("4.1"), Submission(b"", ".yaml", "4.1.yaml"), "n", "https://course.test/submissions/n")
    server = Scripted(list(verdicts))
    told = wait_for(sent, server, lambda each: words.append(each.said(str)), lambda: sum(slept), slept.append)
    return told, words, slept


def test_another_course_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(UsageFault) as fault:
        student_there(FILES, Scripted(course_id="physics"))
    assert "serves the course physics" in fault.value.messages[0].said(str)


def test_it_is_told_where_it_waits_each_time_that_this_is_another_place() -> None:
    running = {**WAITING, "state": "running"}
    told, words, slept = waited(WAITING, WAITING, {**WAITING, "place": 1}, running, JUDGED)
    assert told is not None
    assert [word.rstrip(".")[-1] for word in words] == ["3", "1", "d"]
    assert told.judgement.report.full_marks and told.late.total_seconds() == 90 and told.notes == ("?[2Jhm",)
    assert slept == sorted(slept) and max(slept) <= 5


def test_nobody_waits_for_what_the_teacher_shows_later() -> None:
    told, words, slept = waited(WAITING, HELD, JUDGED)
    assert told is None and "shown later: https://course.test/submissions/n" in words[-1] and len(slept) == 1


def test_a_server_that_is_away_is_asked_again_and_nothing_is_lost() -> None:
    away = CouldNotJudge(say("away."))
    assert waited(away, away, JUDGED)[0].judgement.report.full_marks
    with pytest.raises(CouldNotJudge) as error:
        waited(away)
    assert error.value.message.said(str) == "away. It is handed in: https://course.test/submissions/n"


def test_nobody_waits_for_ever() -> None:
    with pytest.raises(CouldNotJudge) as error:
        waited(WAITING)
    assert "look later at https://course.test/submissions/n" in error.value.message.said(str)


@pytest.mark.parametrize(
    "changed", [{"checks": []}, {"format_version": 99}, {"checks": [{"name": "x"}]}, {"student": 1}]
)
def test_a_report_that_cannot_be_read_is_of_another_version(changed: dict[str, Any]) -> None:
    with pytest.raises(CouldNotJudge) as error:
        waited({**JUDGED, "report": {**REPORT, **changed}})
    assert "does not answer as" in error.value.message.said(str)


@pytest.mark.parametrize(
    "seen", [{}, {"curves": 1}, {"curves": {"dloss_dw": [{}]}}, {"drawing": {"root": 1}}, {"curves": []}]
)
def test_evidence_that_cannot_be_read_is_left_out(seen: dict[str, Any]) -> None:
    assert waited({**JUDGED, "seen": seen})[0].judgement.report.full_marks


def test_the_bytes_that_are_sent_are_those_that_would_be_judged_here(tmp_path: Path) -> None:
    server = Scripted()
    (tmp_path / "4.5.py").write_bytes(b"x = 1\r\n")
    sent = hand_in(FILES, Request("4.5", tmp_path / "4.5.py"), "s001", server)
    hand_in(FILES, Request("4.1", answers=("-4",)), "s001", server)
    assert server.taken == [("4.5", b"x = 1\r\n", "4.5.py"), ("4.1", b"dloss_dw: -4.0\n", "4.1.yaml")]
    assert sent.page == "https://course.test/submissions/n?[2J"


def test_numbers_of_ones_own_are_handed_in_by_who_has_seen_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_STUDENT", "")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.chdir("/")
    exercise = FILES.exercise("3.1")
    answers = tuple(f"{each.name}=1" for each in exercise.work.parts)
    server = Scripted()
    with pytest.raises(UsageFault) as fault:
        hand_in(FILES, Request("3.1", answers=answers), "s001", server)
    assert "nothing here says who you are" in fault.value.messages[0].said(str)
    with pytest.raises(UsageFault) as fault:
        hand_in(FILES, Request("3.1", answers=answers, student="ali"), "s001", server)
    assert "but ali here" in fault.value.messages[0].said(str) and server.taken == []
    hand_in(FILES, Request("3.1", answers=answers, student="s001"), "s001", server)
    # Where all have the same numbers, nobody has to say anything.
    hand_in(FILES, Request("4.1", answers=("-4",)), "s001", server)
    assert [exercise for exercise, *_ in server.taken] == ["3.1", "4.1"]


def test_answers_to_numbers_of_somebody_else_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    own = next(id for id in FILES.exercise_ids() if FILES.exercise(id).work.own)
    answers = tuple(f"{name}=1" for name in FILES.exercise(own).points)
    server = Scripted()
    monkeypatch.setenv("COURSE_STUDENT", "somebody@example.org")
    with pytest.raises(UsageFault) as fault:
        hand_in(FILES, Request(own, answers=answers), "s001", server)
    assert "hand in with --student s001" in fault.value.messages[0].said(str) and server.taken == []
    hand_in(FILES, Request(own, answers=answers, student="s001"), "s001", server)
    assert len(server.taken) == 1


def test_comments_are_told_with_what_they_are_about_and_nothing_of_them_reaches_the_terminal_but_words() -> None:
    comment = {"on": "line 2", "by": "Nodira\x1b[2J", "text": "Why\nthis?\x07", "line": 2}
    told, _, _ = waited({**JUDGED, "comments": [comment, {"on": "lost", "by": "", "text": "See\u2028it."}]})
    assert told is not None
    assert told.comments == ("line 2, Nodira?[2J:\n    Why\n    this??", "lost:\n    See\n    it.")
    without, _, _ = waited(JUDGED)
    assert without is not None and without.comments == ()
