"""How long a student waits, as ratios measured in this run: nothing here is an absolute time.

    python bench/start.py [RUNS]

Each command takes turns with the one it is held to, so that a machine that slows down slows both. Medians are compared.
Every run's output is checked: a command that fails fast must not look fast.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PYTHON = sys.executable
PROGRAM = ROOT / "demo" / "right.py"
# What `course submit` does not spend: an optimizer's own import, seconds, is in neither side of the comparison.
LECTURE = ROOT / "solutions" / "4.5" / "solution.py"


@dataclass(frozen=True)
class Comparison:
    name: str
    command: list[str]
    payload: str
    floor: list[str]
    floor_payload: str
    most: float


def comparisons() -> list[Comparison]:
    course = [PYTHON, "-m", "grader"]
    torch = [PYTHON, "-c", "import torch; print(torch.ones(1).item())"]
    program = f"import torch; exec(open({str(LECTURE)!r}).read()); print(round(w.item(), 4))"
    return [
        Comparison(
            "course --help / python -c pass", [*course, "--help"], "course submit", [PYTHON, "-c", "pass"], "", 5.0
        ),
        Comparison(
            "course submit 4.1, known reference / import torch",
            [*course, "submit", "4.1", "--answer", "-8", "--json"],
            '"score": 1.0',
            torch,
            "1.0",
            0.4,
        ),
        Comparison(
            "course submit 4.5, known reference / import torch and the program",
            [*course, "submit", "4.5", str(LECTURE), "--json"],
            '"score": 8.0',
            [PYTHON, "-c", program],
            "1.9512",
            2.0,
        ),
        Comparison(
            "course submit 4.5, new reference / import torch and the program",
            [*course, "submit", "4.5", str(LECTURE), "--json", "--seed", "NEW"],
            '"score": 8.0',
            [PYTHON, "-c", program],
            "1.9512",
            2.0,
        ),
    ]


def timed(command: list[str], payload: str, environment: dict[str, str]) -> float:
    command = [f"{time.monotonic_ns()}" if part == "NEW" else part for part in command]
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - started
    if payload not in done.stdout:
        raise SystemExit(f"{command}: {payload!r} is not in {done.stdout!r}")
    return seconds


def measured(one: Comparison, runs: int, environment: dict[str, str]) -> tuple[float, float]:
    def run() -> tuple[float, float]:
        ours = timed(one.command, one.payload, environment)
        return ours, timed(one.floor, one.floor_payload, environment)

    run()
    pairs = [run() for _ in range(runs)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    missed = 0
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "COURSE_CACHE": cache, "COURSE_STUDENT": "bench", "PYTHONUTF8": "1"}
        print(f"{'ratio':>7} {'most':>6} {'ms':>8} {'floor ms':>9}  what")
        for one in comparisons():
            seconds, floor = measured(one, runs, environment)
            ratio = seconds / floor
            missed += ratio > one.most
            verdict = "  MISSED" if ratio > one.most else ""
            print(f"{ratio:7.2f} {one.most:6.2f} {seconds * 1000:8.0f} {floor * 1000:9.0f}  {one.name}{verdict}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
