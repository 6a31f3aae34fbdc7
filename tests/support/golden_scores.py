"""What every golden submission gets, frozen: another verdict or score takes another number of the rules."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from repository import GOLDEN

from grader.core.judge.digests import JUDGING, judging_digest
from grader.grading.judge.answer_key import AnswerKey
from grader.grading.judge.steps import Judged

FROZEN = GOLDEN / "scores.json"
ACCEPT = ".venv/bin/python -m pytest tests/grading/judge/test_golden.py --accept"
RAISE = (
    "The same submission to the same exercise gets another verdict or score than before. If that is meant, raise "
    f"JUDGING in grader/core/judge/digests.py, and freeze what is given now: {ACCEPT}"
)
FREEZE = f"A golden submission, its exercise or JUDGING has changed: freeze what it gets: {ACCEPT}"


def frozen() -> dict[str, Any]:
    """Return what was frozen: the number of the rules, and what each golden folder got under them."""
    if not FROZEN.is_file():
        return {"judging": JUDGING, "given": {}}
    content: dict[str, Any] = json.loads(FROZEN.read_text(encoding="utf-8"))
    return content


def given(folder: Path, key: AnswerKey, judged: Judged) -> dict[str, Any]:
    """Return what a golden submission gets, and of which bytes and exercise that is said."""
    (submission,) = folder.glob("submission.*")
    return {
        "submission": hashlib.sha256(submission.read_bytes()).hexdigest()[:16],
        "exercise": judging_digest(key.exercise, key.solution, ())[:16],
        "checks": {check.name: [check.verdict.value, check.score] for check in judged.checks},
    }


def fault_of(before: dict[str, Any] | None, now: dict[str, Any], rules: int) -> str:
    """Return what is wrong with what a submission gets now, under these rules; nothing where nothing is."""
    if before is None or any(before[name] != now[name] for name in ("submission", "exercise")):
        return FREEZE
    if rules != JUDGING:
        return FREEZE
    return RAISE if before["checks"] != now["checks"] else ""


def freeze(seen: dict[str, dict[str, Any]]) -> list[str]:
    """Write down what these folders get now; return those for which JUDGING has to be raised first, none written then.

    What others got is kept where it was under the same rules.
    """
    old = frozen()
    kept: dict[str, dict[str, Any]] = old["given"] if old["judging"] == JUDGING else {}
    moved = [name for name, now in seen.items() if fault_of(kept.get(name), now, old["judging"]) == RAISE]
    if not moved:
        here = {name: now for name, now in {**kept, **seen}.items() if (GOLDEN / name).is_dir()}
        lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(now)}" for name, now in sorted(here.items()))
        FROZEN.write_text(f'{{"judging": {JUDGING}, "given": {{\n{lines}\n}}}}\n', encoding="utf-8")
    return moved
