"""What the locked box costs, as ratios measured in this run.

    python bench/box.py [RUNS]

In one process of the jail, bare forks and locked forks take turns: a fork, the lecture's loop on torch, an exit. The
whole path is `Sandbox.run` from the host, for the same loop as a submission whose final parameter is sent back. A fresh
process is the same jail and interpreter, importing torch anew. Every run's result is checked: a child that never ran
must not look fast.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from grader.core.course.checks.limits import Limits
from grader.core.run.jobs import ProgramJob
from grader.core.run.observation import RunStatus
from grader.sandbox.host.child import environment
from grader.sandbox.linux import levels
from grader.sandbox.linux.fork import ForkBox
from grader.sandbox.linux.levels import jailed

ROOT = Path(__file__).parent.parent

LOOP = """
import torch
w = torch.tensor([1.0], requires_grad=True)
for epoch in range(10):
    for x, y in zip([1.0, 2.0, 3.0], [2.0, 4.0, 6.0]):
        l = (w * x - y) ** 2
        l.backward()
        with torch.no_grad():
            w -= 0.01 * w.grad
        w.grad.zero_()
"""

# Runs inside the jail, in a process made ready as a fork server is.
INSIDE = """
import gc, json, os, sys, time
sys.path.insert(0, sys.argv[1])
from grader.sandbox.inside.linux.huge_pages import move_to_huge_pages
from grader.sandbox.inside.linux.lock import back_to, lock, new_pid_namespace
from grader.sandbox.inside.main import preload
runs, settings, program, loop = int(sys.argv[2]), json.loads(sys.argv[3]), bytes.fromhex(sys.argv[4]), sys.argv[5]
preload(["torch", "warm"])
code = compile(loop, "loop.py", "exec")
own = os.open("/proc/self/ns/pid", os.O_RDONLY)
gc.collect()
gc.freeze()
move_to_huge_pages()

def once(locked):
    started = time.perf_counter()
    if locked:
        new_pid_namespace()
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            if locked:
                for number in range(5):
                    os.dup2(1, number) if number > 2 else None
                lock(settings, program)
            names = {}
            exec(code, names)
            os._exit(0 if abs(names["w"].item() - 1.9512) < 1e-3 else 9)
        except BaseException:
            os._exit(8)
    if locked:
        back_to(own)
    _, status = os.waitpid(child, 0)
    assert status == 0, status
    return time.perf_counter() - started

for locked in (False, True):
    once(locked)
print(json.dumps([[once(False), once(True)] for _ in range(runs)]))
"""


def inside(runs: int, program: str = LOOP) -> list[tuple[float, float]]:
    """Return the seconds of bare and of locked forks that run a program whose `w` is 1.9512 in the end."""
    level = levels.full()
    arguments = [str(ROOT), str(runs), level.settings(Limits()), level.program().hex(), program]
    command = jailed([sys.executable, "-c", INSIDE, *arguments])
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
    return [(bare, locked) for bare, locked in json.loads(done.stdout.splitlines()[-1])]


def whole(runs: int) -> list[float]:
    job = ProgramJob(LOOP, "loop.py", script=True, finals=("w",))
    box = ForkBox(["torch", "warm"], levels.full())

    def once() -> None:
        run = box.run(job)
        assert run.status is RunStatus.COMPLETED, run
        assert run.ran is not None and run.ran.finals["w"].data is not None
        assert abs(float(run.ran.finals["w"].data[0]) - 1.9512) < 1e-3

    once()
    try:
        return [timed(once) for _ in range(runs)]
    finally:
        box.close()


def fresh(runs: int) -> list[float]:
    command = jailed([sys.executable, "-c", LOOP + "print(round(w.item(), 4))"])

    def once() -> None:
        done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "1.9512", done

    return [timed(once) for _ in range(runs)]


def timed(action: Callable[[], None]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    # By halves, around what they are compared with: a machine is not as fast now as it will be in a minute.
    pairs, paths = inside(runs // 2), whole(runs // 2)
    pairs, paths = pairs + inside(runs // 2), paths + whole(runs // 2)
    bare, locked = (statistics.median(times) for times in zip(*pairs, strict=True))
    path, process = statistics.median(paths), statistics.median(fresh(max(runs // 12, 3)))
    rows = [
        ("locked child / bare fork", locked / bare, "at most", 1.4),
        ("whole path from the host / bare fork", path / bare, "at most", 2.0),
        ("fresh jailed process with torch / whole path", process / path, "at least", 60.0),
    ]
    for name, seconds in (("bare fork", bare), ("locked child", locked), ("whole path", path), ("fresh", process)):
        print(f"{seconds * 1000:9.1f} ms  {name}")
    missed = 0
    for name, ratio, word, bound in rows:
        held = ratio <= bound if word == "at most" else ratio >= bound
        missed += not held
        print(f"{ratio:9.2f}  {word} {bound:g}  {name}{'' if held else '  MISSED'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
