"""What every golden submission gets, frozen. Run as a program, it judges them all and freezes that:

.venv/bin/python tests/golden_scores.py
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from grader.core.judge.digests import judging_digest
from grader.core.judge.version import JUDGING
from grader.grading.judge.answer_key import AnswerKey
from grader.grading.judge.judged import Judged

FROZEN = Path(__file__).parent / "golden_scores.json"
RAISE = (
    "The same submission to the same exercise gets another verdict or score than before. If that is meant, raise "
    "JUDGING in grader/core/judge/version.py, and freeze what is given now: .venv/bin/python tests/golden_scores.py"
)
FREEZE = "A golden submission, its exercise or JUDGING has changed: freeze what it gets with tests/golden_scores.py"


def frozen() -> dict[str, Any]:
    """Return what was frozen: the number of the rules, and what each golden folder got under them."""
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
    """Write down what is given now; return the folders for which JUDGING has to be raised first, none written then."""
    old = frozen() if FROZEN.is_file() else {"judging": JUDGING, "given": {}}
    if old["judging"] == JUDGING:
        moved = [name for name, now in seen.items() if fault_of(old["given"].get(name), now, JUDGING) == RAISE]
        if moved:
            return moved
    lines = [f"  {json.dumps(name)}: {json.dumps(now)}" for name, now in sorted(seen.items())]
    given_now = ",\n".join(lines)
    FROZEN.write_text(f'{{"judging": {JUDGING}, "given": {{\n{given_now}\n}}}}\n', encoding="utf-8")
    return []


def main() -> int:
    """Judge every golden submission, and freeze what it gets."""
    from test_golden import FOLDERS, GOLDEN, LentBox, _judged, _key, name_of

    from grader.sandbox.choose import make_box
    from grader.store.course.course_files import find_course

    course, box = find_course(GOLDEN), make_box("none", ["torch", "torch.optim"])
    try:
        seen = {
            name_of(folder): given(folder, _key(folder, course), _judged(folder, course, LentBox(box)))
            for folder in FOLDERS
        }
    finally:
        box.close()
    for name in (moved := freeze(seen)):
        sys.stderr.write(f"{name}: {RAISE}\n")
    return 1 if moved else 0


if __name__ == "__main__":
    sys.exit(main())
