"""How long a student waits from a save to the verdict of `course watch`, as a ratio measured in this run.

    python bench/watch.py [SAVES]

The real command watches a copy of the course, and a right 4.5 is saved with another comment each time. A wait ends with
the line that says all points: what printed nothing must not look fast. By halves, around the waits, bare forks of the
same program are made in a process that is ready as a fork server is (bench/box.py), each with its parameter checked. A
wait has what those do not: the system's word that a file has changed, 20 to 40 ms until the file is at rest, three runs
in locked boxes at unseen numbers, and the report.

Then come saves that are wrong and right in turn: what is wrong has its cause looked for before it is told. Last the
command `submit`, in turns with the box that the watch lends and with one of its own; both must say the same.
"""

from __future__ import annotations

import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from box import ROOT, inside

ID = "4.5"
PROGRAM = (ROOT / "solutions" / ID / "solution.py").read_text(encoding="utf-8")
WRONG = PROGRAM.replace("w.grad.zero_()", "pass")
ALL, SAME, SOME = "Score: 8 of 8", "nothing has changed: 8 of 8", "Score: 4 of 8"


def copied(folder: Path) -> Path:
    course = folder / "course"
    for name in ("exercises", "solutions"):
        shutil.copytree(ROOT / name / ID, course / name / ID)
    shutil.copy(ROOT / "course.yaml", course)
    (course / "work").mkdir()
    return course


class Watching:
    """`course watch 4.5`, printing into a pipe."""

    def __init__(self, folder: Path) -> None:
        self.course = copied(folder)
        own = {"COURSE_CACHE": str(folder / "cache"), "COURSE_STUDENT": "bench", "LANGUAGE": "en", "PYTHONUTF8": "1"}
        (folder / "run").mkdir(mode=0o700)
        self.environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_RUNTIME_DIR": str(folder / "run"), **own}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "grader", "watch", ID],
            cwd=self.course,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.saves = 0

    def wait(self, program: str, words: str) -> float:
        """Save a program that was not saved before; return the seconds until these words are printed."""
        self.saves += 1
        assert self.process.stdout is not None
        # As editors do: beside the file, and then in its place.
        draft = self.course / "draft"
        draft.write_text(f"{program}# {self.saves}\n", encoding="utf-8")
        started = time.perf_counter()
        draft.replace(self.course / "work" / f"{ID}.py")
        for line in self.process.stdout:
            if words in line:
                return time.perf_counter() - started
            if line.startswith(("Score", f"{ID}: saved")):
                raise SystemExit(f"{words!r} was to come, and not {line!r}")
        raise SystemExit("the command has ended")

    def submit(self, lent: bool) -> tuple[float, str]:
        """Return the seconds that `course submit` takes, and what it prints."""
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "grader", "submit", ID],
            cwd=self.course,
            env={**self.environment, **({} if lent else {"XDG_RUNTIME_DIR": ""})},
            capture_output=True,
            text=True,
            check=False,
        )
        return time.perf_counter() - started, done.stdout

    def close(self) -> None:
        self.process.send_signal(signal.SIGINT)
        if self.process.wait(60) != 130:
            raise SystemExit(f"Ctrl-C ended it with {self.process.returncode}")


def main() -> int:
    saves = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    # A shell that starts this in the background has it ignored, and what we start would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with tempfile.TemporaryDirectory() as folder:
        watching = Watching(Path(folder))
        try:
            # The first verdict waits for torch, and each of these for references that nobody has seen yet.
            first = watching.wait(PROGRAM, ALL)
            watching.wait(WRONG, SOME)
            watching.wait(PROGRAM, ALL)
            forks = inside(saves // 2, PROGRAM)
            waits = [watching.wait(PROGRAM, SAME) for _ in range(saves)]
            forks += inside(saves // 2, PROGRAM)
            turns = [(watching.wait(WRONG, SOME), watching.wait(PROGRAM, ALL)) for _ in range(max(saves // 8, 2))]
            watching.submit(lent=True)
            submits = [(watching.submit(lent=True), watching.submit(lent=False)) for _ in range(max(saves // 8, 2))]
        finally:
            watching.close()
    bare, locked = (statistics.median(times) for times in zip(*forks, strict=True))
    wait = statistics.median(waits)
    wrong, right = (statistics.median(times) for times in zip(*turns, strict=True))
    if any(lent[1] != alone[1] for lent, alone in submits):
        raise SystemExit("course submit says something else with the box that is lent")
    lent, alone = (statistics.median(seconds for seconds, _ in turns) for turns in zip(*submits, strict=True))
    slowest = sorted(waits)[int(len(waits) * 0.95) - 1]
    for seconds, name in (
        (first, "first verdict, torch imported meanwhile"),
        (bare, "bare fork of the same program"),
        (locked, "locked fork of the same program"),
        (wait, "save to verdict, right before and after"),
        (slowest, "the same, 95 of 100 saves"),
        (right, "save to verdict, right after wrong"),
        (wrong, "save to verdict and cause, wrong after right"),
        (lent, "course submit, with the box that course watch lends"),
        (alone, "course submit, with a box of its own"),
    ):
        print(f"{seconds * 1000:9.1f} ms  {name}")
    ratio, most = wait / bare, 12.0
    print(f"{ratio:9.2f}  at most {most:g}  save to verdict / bare fork{'' if ratio <= most else '  MISSED'}")
    return 0 if ratio <= most else 1


if __name__ == "__main__":
    sys.exit(main())
