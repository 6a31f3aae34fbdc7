"""What pytest's plugin costs, as ratios measured in this run and, for the collection, in seconds.

    python bench/plugin.py [RUNS]

A course of 200 exercises is collected, half of them stated values, half programs with their wrong and right ones. It
is held to pytest in an empty folder, and that to pytest there without the plugin; all three take turns. Ratios are
those of processor time, which a busy machine changes little. Other plugins of this environment are left out.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grader.store.course.templates import course_files, exercise_files
from grader.store.machine.new_files import write_new

EXERCISES = 200
# An item for each part of the proof: 3 of stated values; of a program 6, one right and three wrong ones.
ITEMS = EXERCISES // 2 * (3 + 10)
MOST_SECONDS, MOST_RATIO, MOST_START = 2.0, 3.0, 1.1
COLLECT = """
import sys
import pytest
others = [f"no:{name}" for name in ("cacheprovider", "hypothesispytest", "anyio", "platformdirs")]
pytest.main(["--collect-only", "-q", *(f"-p{each}" for each in others), *sys.argv[1:]])
print("torch" in sys.modules or "yaml" in sys.modules)
"""


def course(root: Path) -> None:
    files = course_files("many", ["uz", "en"], None)
    for number in range(EXERCISES):
        files |= exercise_files(f"1.{number + 1}", ("stated", "code")[number % 2], ["uz", "en"], None)
    write_new(root, files)


def timed(folder: Path, *arguments: str) -> tuple[float, float, str]:
    """Return the seconds and processor seconds of the whole process, and what it printed."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", COLLECT, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.stdout.splitlines()[-1] != "False":
        raise SystemExit("the collection imported torch or yaml")
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    collected, nothing, without, seconds = [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        many, empty = Path(folder, "many"), Path(folder, "empty")
        empty.mkdir()
        course(many)
        for _ in range(runs + 1):
            wall, processor, said = timed(many)
            if f"{ITEMS} tests collected" not in said:
                raise SystemExit(said[-2000:])
            seconds.append(wall)
            collected.append(processor)
            nothing.append(timed(empty)[1])
            without.append(timed(empty, "-p", "no:course")[1])
    # The first of each fills caches. What else runs here only ever adds.
    wall = statistics.median(seconds[1:])
    some, none, bare = (min(each[1:]) for each in (collected, nothing, without))
    print(f"{EXERCISES} exercises, {ITEMS} items collected: {wall:.2f} s (most {MOST_SECONDS}), processor {some:.2f} s")
    print(f"an empty folder: processor {none:.3f} s, without the plugin {bare:.3f} s")
    ratio, start = some / none, none / bare
    print(f"ratio to an empty folder {ratio:.2f} (most {MOST_RATIO})")
    print(f"start-up with the plugin to without {start:.3f} (most {MOST_START})")
    missed = wall > MOST_SECONDS or ratio > MOST_RATIO or start > MOST_START
    print("MISSED" if missed else "held")
    return missed


if __name__ == "__main__":
    sys.exit(main())
