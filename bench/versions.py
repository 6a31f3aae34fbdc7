"""One version of the grader beside another, in turns: what a change costs students and teachers.

    python bench/versions.py CHECKOUT [ROUNDS]      CHECKOUT: the other version, with a .venv of its own; 7 rounds

Both do the same work on courses of their own: the same submissions, in copies of the same exercises. Every run's score
is checked. Rounds take turns, so that a machine that slows down slows both; ratios are this version / the other, of the
medians and of the fastest runs, above 1 where this one takes longer.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from batch import ROOT, Work, goldens

_STUDENTS = 40


@dataclass(frozen=True)
class Version:
    """A checkout, and the course that it works on."""

    checkout: Path
    folder: Path

    def course(self, *arguments: str, code: int = 0, cache: str = "cache") -> subprocess.CompletedProcess[str]:
        """Run a command in the course.

        Args:
            code: what it must exit with.
            cache: the folder for what the grader remembers; a new one for a version that has seen nothing yet.
        """
        environment = {
            **os.environ,
            "COURSE_CACHE": str(self.folder / cache),
            "COURSE_STUDENT": "bench",
            "COURSE_SECRET": "bench",
            "PYTHONUTF8": "1",
        }
        command = [str(self.checkout / ".venv" / "bin" / "course"), *arguments, "--lang", "en"]
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != code:
            raise SystemExit(f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done


Job = Callable[[Version], None]


def submitting(id: str, program: Path, score: float, fresh: bool = False) -> Job:
    """Return one student's hand-in of a program; `fresh` where nothing of the reference is remembered."""

    def job(version: Version) -> None:
        cache = f"cache-{time.monotonic_ns()}" if fresh else "cache"
        code = 0 if score == 8 else 1
        done = version.course("submit", id, str(program), "--json", code=code, cache=cache)
        _require(json.loads(done.stdout)["score"], score, str(program))

    return job


def grading(name: str, works: list[Work]) -> Job:
    """Return the grading of a class from nothing, by two workers. The reference is remembered from round to round."""

    def job(version: Version) -> None:
        for file in version.folder.glob("gradebook.db*"):
            file.unlink()
        folder = version.folder / name
        for number, work in enumerate(works if not folder.exists() else []):
            file = folder / f"s{number:04d}" / f"{work.exercise}{work.suffix}"
            file.parent.mkdir(parents=True)
            file.write_text(work.text, encoding="utf-8", newline="")
        report = version.folder / "report.json"
        version.course("grade", name, "-j", "2", "--json", str(report))
        found = {each["student"]: each["score"] for each in json.loads(report.read_text())["reports"]}
        for number, work in enumerate(works):
            _require(found[f"s{number:04d}"], work.score, f"{work.exercise}: {work.text[:200]}")

    return job


def _require(score: float, wanted: float, what: str) -> None:
    if abs(score - wanted) > 1e-9:
        raise SystemExit(f"{score} in place of {wanted}: {what}")


def jobs(other: Path) -> dict[str, Job]:
    """Return what both versions do. Of golden submissions, those whose scores are the same in both."""
    same = {id: [work for work in works if work.suffix == ".py"] for id, works in _same_scores(other).items()}
    full = {id: max(work.score for work in works) for id, works in same.items() if works}
    right = [work for id, score in full.items() for work in same[id] if work.score == score]
    wrong = [work for id, score in full.items() for work in same[id] if work.score < score]
    demo = ROOT / "demo"
    return {
        "submit 4.5, right": submitting("4.5", demo / "right.py", 8),
        "submit 4.5, right, nothing remembered": submitting("4.5", demo / "right.py", 8, fresh=True),
        "submit 4.5, gradient not zeroed": submitting("4.5", demo / "not_zeroed.py", 4),
        "a class of right programs": grading("right", _numbered(right)),
        "a class of wrong programs": grading("wrong", _numbered(wrong)),
    }


def _same_scores(other: Path) -> dict[str, list[Work]]:
    def verdicts(root: Path, folder: Path) -> dict[str, str] | None:
        file = root / folder / "expected.json"
        checks = json.loads(file.read_text())["checks"] if file.exists() else None
        return None if checks is None else {name: seen["verdict"] for name, seen in checks.items()}

    known = goldens()
    same: dict[str, list[Work]] = {}
    for folder in sorted((ROOT / "tests" / "golden").glob("*/*")):
        relative = folder.relative_to(ROOT)
        if verdicts(ROOT, relative) == verdicts(other, relative):
            text = next(folder.glob("submission.*")).read_bytes().decode("utf-8", "replace")
            found = [work for work in known.get(folder.parent.name, []) if work.text == text]
            same.setdefault(folder.parent.name, []).extend(found[:1])
    return same


def _numbered(works: list[Work]) -> list[Work]:
    """Return a class of them, each program another one to the grader."""
    return [
        Work(work.exercise, work.suffix, f"{work.text}\nnumber = {number}\n", work.score, work.children)
        for number, work in enumerate((works * _STUDENTS)[: max(_STUDENTS, len(works))])
    ]


def main() -> int:
    other = Path(sys.argv[1]).resolve()
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    print(f"{'median':>7} {'fastest':>7} {'ms':>7} {'other':>7}  what")
    with tempfile.TemporaryDirectory(prefix="course-bench-", ignore_cleanup_errors=True) as folder:
        versions = [Version(checkout, Path(folder) / name) for checkout, name in ((ROOT, "this"), (other, "other"))]
        for version in versions:
            for part in ("exercises", "solutions"):
                for source in (version.checkout / part).glob("4.*"):
                    copy = version.folder / part / source.name
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    (shutil.copytree if source.is_dir() else shutil.copy)(source, copy)
            shutil.copy(version.checkout / "course.yaml", version.folder)
        for name, job in jobs(other).items():
            seconds: list[list[float]] = [[], []]
            for place in range(-1, rounds):
                for version, measured in zip(versions, seconds, strict=True):
                    started = time.perf_counter()
                    job(version)
                    # The first round fills the caches.
                    measured += [time.perf_counter() - started] if place >= 0 else []
            ours, theirs = map(statistics.median, seconds)
            fastest = min(seconds[0]) / min(seconds[1])
            print(f"{ours / theirs:7.2f} {fastest:7.2f} {1000 * ours:7.0f} {1000 * theirs:7.0f}  {name}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
