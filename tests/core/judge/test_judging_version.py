"""Nobody changes what a submission gets, and leaves the number of the rules of judging as it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import golden_scores
import pytest
from repository import GOLDEN

from grader.core.judge.digests import JUDGING

NAME = "4.5/backward_twice"


def given(**changes: Any) -> dict[str, Any]:
    return {"submission": "1", "exercise": "2", "checks": {"loop": ["pass", 2.0]}, **changes}


@pytest.fixture
def frozen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(golden_scores, "FROZEN", tmp_path / "golden_scores.json")
    assert golden_scores.freeze({NAME: given()}) == []
    return tmp_path / "golden_scores.json"


def fault(now: dict[str, Any]) -> str:
    before = golden_scores.frozen()
    return golden_scores.fault_of(before["given"].get(NAME), now, before["judging"])


def test_what_gets_the_same_is_no_fault(frozen: Path) -> None:
    assert fault(given()) == ""


@pytest.mark.parametrize("checks", [{"loop": ["fail", 2.0]}, {"loop": ["pass", 1.5]}, {}])
def test_another_verdict_or_score_asks_for_another_number_before_it_is_frozen(frozen: Path, checks: object) -> None:
    assert fault(given(checks=checks)) == golden_scores.RAISE
    before = frozen.read_text(encoding="utf-8")
    assert golden_scores.freeze({NAME: given(checks=checks)}) == [NAME]
    assert frozen.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("name", ["submission", "exercise"])
def test_another_submission_or_exercise_is_frozen_under_the_same_number(frozen: Path, name: str) -> None:
    now = given(checks={"loop": ["fail", 0.0]}, **{name: "3"})
    assert fault(now) == golden_scores.FREEZE
    assert golden_scores.freeze({NAME: now}) == [] and fault(now) == ""


def test_with_another_number_everything_is_frozen_again(frozen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(golden_scores, "JUDGING", JUDGING + 1)
    now = given(checks={"loop": ["fail", 0.0]})
    assert fault(now) == golden_scores.FREEZE
    assert golden_scores.freeze({NAME: now}) == [] and fault(now) == ""


def test_every_golden_submission_is_frozen_under_the_number_of_today() -> None:
    content = json.loads(golden_scores.FROZEN.read_text(encoding="utf-8"))
    folders = {f"{path.parent.parent.name}/{path.parent.name}" for path in GOLDEN.glob("*/*/expected.json")}
    assert (content["judging"], set(content["given"])) == (JUDGING, folders)
