"""Throws damaged and invented frames at the host's reader of the wire: it must refuse or read them, and never crash.

    python bench/wire.py [FRAMES]

Frames are honest ones with bytes changed, cut, doubled, joined and with numbers turned into extremes; and pure noise.
What is read must be what an honest reader reads: known kinds, within bounds. Memory is measured before and after.
"""

from __future__ import annotations

import json
import random
import sys
import time

import numpy as np
import psutil
from safetensors.numpy import save

from grader.core.course.checks.call import Call
from grader.core.run.jobs import ProgramJob
from grader.core.run.observation import RunStatus
from grader.core.run.probe import Probe
from grader.sandbox.wire.frames import HEAD, WireViolation
from grader.sandbox.wire.reading import Reading

_EXTREMES = [b"0", b"-1", b"1e999", b"NaN", b"9" * 400, b"null", b"[]", b"{}", b'"\\ud800"', b"true", b"[" * 2000]
_PROBE = Probe(Call("forward", ("x",)), (), (), ("w",), b"", 0)
JOB = ProgramJob("", "fuzz.py", script=True, stores="w", trace=True, finals=("w",), probes=(_PROBE,))


def honest() -> list[bytes]:
    value = {
        "kind": "tensor",
        "type_name": "Tensor",
        "dtype": "float32",
        "requires_grad": True,
        "leaf": True,
        "data": "0",
    }
    leaf = {"ids": [0], "before": "1.0", "fresh": "1.1", "after": "1.2"}
    raised = {"type_name": "ValueError", "message": "x", "line": 3, "function": "f"}
    trace = {"stretches": [{"count": 1, "root": "0", "leaves": [leaf]}], "count": 1, "last": ["2"]}
    frames = [
        ({"frame": "loaded", "names": ["w"], "functions": {"forward": "x"}, "skipped": [raised]}, 0),
        ({"frame": "ran", "finals": {"w": value}, "unbound": [], "odd": {}}, 1),
        ({"frame": "ran", "finals": {}, "raised": raised, "trace": trace, "stores": "3"}, 4),
        ({"frame": "called", "values": [value, {"kind": "none", "type_name": "None"}]}, 1),
        ({"frame": "gradients", "gradients": {"w": "0"}, "not_required": []}, 1),
        ({"frame": "answers", "values": [-8.0]}, 0),
        ({"frame": "done"}, 0),
    ]
    return [framed(json.dumps(header).encode(), arrays(count)) for header, count in frames]


def arrays(count: int) -> bytes:
    return save({str(i): np.arange(3.0) for i in range(count)}) if count else b""


def framed(header: bytes, block: bytes) -> bytes:
    return HEAD.pack(len(header), len(block)) + header + block


def damaged(frames: list[bytes], chance: random.Random) -> bytes:
    frame = bytearray(chance.choice(frames))
    length, _ = HEAD.unpack_from(frame)
    header, block = bytes(frame[HEAD.size : HEAD.size + length]), bytes(frame[HEAD.size + length :])
    match chance.randrange(6):
        case 0:
            for _ in range(chance.randint(1, 8)):
                frame[chance.randrange(HEAD.size, len(frame))] = chance.randrange(256)
            return bytes(frame)
        case 1:
            return framed(header[: chance.randrange(len(header) + 1)], block)
        case 2:
            at = chance.randrange(len(header))
            return framed(header[:at] + chance.choice(_EXTREMES) + header[at + 1 :], block)
        case 3:
            return framed(header, block[: chance.randrange(len(block) + 1)] + chance.randbytes(chance.randrange(64)))
        case 4:
            return framed(header, chance.choice(frames)[HEAD.size :])
        case _:
            return framed(chance.randbytes(chance.randrange(200)), chance.randbytes(chance.randrange(200)))


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    chance = random.Random(4)
    frames = honest()
    memory, started, refused = psutil.Process().memory_info().rss, time.perf_counter(), 0
    for _ in range(count):
        reading = Reading(JOB)
        for frame in (chance.choice(frames), damaged(frames, chance)):
            try:
                reading.add(frame)
            except WireViolation:
                refused += 1
        run = reading.run(RunStatus.COMPLETED)
        assert all(
            value.kind == "tensor" or value.data is None for value in (run.ran.finals.values() if run.ran else ())
        )
    seconds, grown = time.perf_counter() - started, psutil.Process().memory_info().rss - memory
    print(f"{2 * count} frames, {refused} refused, none crashed; {2 * count / seconds:.0f} a second")
    print(f"memory grew by {grown / 2**20:.1f} MiB")
    return 0 if grown < 64 * 2**20 else 1


if __name__ == "__main__":
    sys.exit(main())
