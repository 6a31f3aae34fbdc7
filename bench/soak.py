"""Puts thousands of mixed submissions through two boxes and looks at what grows: it must be nothing.

    python bench/soak.py [SUBMISSIONS]

Right and wrong programs, exceptions, crashes, hangs, memory and output without end, files left behind. Every run's
outcome is checked. Ten times on the way: resident memory of the host and of each fork server, descriptors and
processes of the whole tree, mounts.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from grader.core.course.checks.limits import Limits
from grader.core.run.jobs import ProgramJob
from grader.core.run.observation import Run, RunStatus, Stop
from grader.sandbox.linux import levels
from grader.sandbox.linux.fork import ForkBox

_HEAD = "import os, torch\nw = torch.tensor([1.0], requires_grad=True)\n"
_LOOP = """
for x, y in zip([1.0, 2.0, 3.0], [2.0, 4.0, 6.0]):
    ((w * x - y) ** 2).sum().backward()
    with torch.no_grad():
        w -= 0.01 * w.grad
    w.grad.zero_()
"""
_NARROW = Limits(wall=0.3, memory=64 * 2**20)


@dataclass(frozen=True)
class Kind:
    """A kind of submission, how often it comes in a hundred, and what must be said of its run."""

    name: str
    share: int
    source: str
    status: RunStatus = RunStatus.COMPLETED
    stops: tuple[Stop | None, ...] = (None,)
    limits: Limits = Limits()
    final: float | None = None
    raised: str = ""


KINDS = (
    Kind("right", 40, _LOOP, final=1.0 + 0.02 + 0.0784 + 0.162288),
    Kind("wrong", 20, _LOOP.replace("    w.grad.zero_()\n", ""), final=1.0 + 0.02 + 0.0984 + 0.257088),
    Kind("raises", 10, "w.item().backward()", raised="AttributeError"),
    Kind("exits", 5, "raise SystemExit(0)"),
    Kind("segfault", 6, "import ctypes; ctypes.string_at(0)", RunStatus.CRASHED, (Stop.SIGNAL,)),
    Kind("leaves", 6, "os._exit(7)", RunStatus.CRASHED, (Stop.EXIT,)),
    Kind("files", 6, "for i in range(50): open(f'{i}', 'w').write('x' * 1000)"),
    Kind("output", 3, "while True: print('x' * 1000)", RunStatus.CRASHED, (Stop.OUTPUT,)),
    Kind("memory", 2, "z = [torch.ones(2**20) for _ in range(999)]", raised="RuntimeError", limits=_NARROW),
    Kind("hangs", 2, "while True: pass", RunStatus.TIMED_OUT, (Stop.WALL, Stop.CPU), _NARROW),
)


def kind_of(number: int) -> Kind:
    place = number * 37 % 100
    for kind in KINDS:
        if place < kind.share:
            return kind
        place -= kind.share
    raise AssertionError("the shares make a hundred")


def check(kind: Kind, run: Run) -> None:
    if kind.name == "memory" and run.status is RunStatus.OUT_OF_MEMORY:
        return
    assert (run.status, run.stop in kind.stops) == (kind.status, True), (kind.name, run.status, run.stop, run.detail)
    raised = run.ran.raised.type_name if run.ran is not None and run.ran.raised else ""
    assert raised == kind.raised, (kind.name, raised)
    if kind.final is not None:
        assert run.ran is not None
        data = run.ran.finals["w"].data
        assert data is not None and abs(float(data[0]) - kind.final) < 1e-3, (kind.name, data)


def work(box: ForkBox, numbers: range, seen: Counter[str]) -> None:
    for number in numbers:
        kind = kind_of(number)
        check(
            kind, box.run(ProgramJob(_HEAD + kind.source, f"{kind.name}.py", True, limits=kind.limits, finals=("w",)))
        )
        seen[kind.name] += 1


def resident(process: psutil.Process) -> int:
    """Return the bytes of a process; 0 of one that has ended meanwhile."""
    with suppress(psutil.NoSuchProcess):
        return int(process.memory_info().rss)
    return 0


def descriptors(process: psutil.Process) -> int:
    with suppress(psutil.NoSuchProcess):
        return int(process.num_fds())
    return 0


def measured() -> dict[str, float]:
    host = psutil.Process()
    tree = host.children(recursive=True)
    fork_servers = [size for process in tree if (size := resident(process)) > 100 * 2**20]
    return {
        "host MiB": host.memory_info().rss / 2**20,
        "largest fork server MiB": max(fork_servers, default=0) / 2**20,
        "descriptors": host.num_fds() + sum(map(descriptors, tree)),
        "processes": len(tree),
        "mounts": len(Path("/proc/self/mountinfo").read_text().splitlines()),
        "threads": threading.active_count(),
    }


def main() -> int:
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    boxes = [ForkBox(["torch", "warm"], levels.full()) for _ in range(2)]
    seen: Counter[str] = Counter()
    failed: list[BaseException] = []

    def guarded(box: ForkBox, numbers: range) -> None:
        try:
            work(box, numbers, seen)
        except BaseException as error:  # noqa: BLE001 - the main thread raises it again
            failed.append(error)

    rows, started = [], time.monotonic()
    tenth = total // 10
    for part in range(10):
        first = part * tenth
        threads = [
            threading.Thread(target=guarded, args=(box, range(first + place, first + tenth, 2)))
            for place, box in enumerate(boxes)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failed:
            raise failed[0]
        rows.append(measured())
        print(
            f"{sum(seen.values()):6d}  " + "  ".join(f"{name} {value:.0f}" for name, value in rows[-1].items()),
            flush=True,
        )
    seconds = time.monotonic() - started
    for box in boxes:
        box.close()
    print(f"{seen.total()} submissions in {seconds:.0f} s, {seen.total() / seconds:.1f} a second: {dict(seen)}")
    grown = {name: max(row[name] for row in rows[5:]) - rows[1][name] for name in rows[0]}
    # A recycled fork server starts with what it imports.
    bounds = {"host MiB": 8, "largest fork server MiB": 30, "descriptors": 20, "processes": 4}
    missed = {name: by for name, by in grown.items() if by > bounds.get(name, 0)}
    print("grew:", {name: round(by, 1) for name, by in grown.items()}, f"MISSED {missed}" if missed else "held")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
