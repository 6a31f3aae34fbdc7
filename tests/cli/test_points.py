"""That something is judged is on the screen at once, the points before the cause; a pipe gets the report alone."""

from __future__ import annotations

import io
import sys
import threading

import pytest

from grader.cli.printing.points import points_at_once
from grader.grading.judge.steps import Decided


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_points_are_written_at_once_and_gone_when_the_report_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with points_at_once() as told:
        assert screen.getvalue().endswith("Judging …")
        told(Decided((), 4.0, 8.0))
        assert "4 of 8" in screen.getvalue()
    assert screen.getvalue().endswith("\x1b[2K")


@pytest.mark.parametrize("decided", [Decided((), 8.0, 8.0), Decided((), None, 8.0)])
def test_no_points_are_written_where_no_cause_is_looked_for(monkeypatch: pytest.MonkeyPatch, decided: Decided) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with points_at_once() as told:
        told(decided)
        assert screen.getvalue().endswith("Judging …")


def test_a_pipe_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    with points_at_once() as told:
        told(Decided((), 4.0, 8.0))
    assert pipe.getvalue() == ""


def test_a_sign_turns_while_nothing_else_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    turned = threading.Event()
    screen.write = lambda text, write=screen.write: (write(text), turned.set() if "/ Judging" in text else None)[0]  # type: ignore[method-assign, misc]
    with points_at_once():
        assert "| Judging …" in screen.getvalue()
        assert turned.wait(10)
    assert screen.getvalue().endswith("\x1b[2K")
