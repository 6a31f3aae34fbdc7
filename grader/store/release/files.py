"""The packed file of an exercise in the students' copy: what the course's own programs were seen to do.

It promises no secrecy: it is compressed, so that nothing is read in passing. A student can write anything into it, so
it is read like the wire: bounded, strictly, and nothing is unpickled.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from grader.core.diagnose.settings import Asked
from grader.core.diagnose.wrong_programs import WrongProgram
from grader.core.program.features.code_digest import Digest
from grader.core.program.features.code_features import LineRole
from grader.core.program.rewriting.settings import Setting
from grader.core.words.message import Text
from grader.store.release.folder import NAME

_MAGIC = b"course-observations-2\n"
_MOST_FILE, _MOST_BODY = 16 * 2**20, 128 * 2**20

Frames = list[list[bytes]]
_Short = Annotated[str, Meta(max_length=200)]
_Long = Annotated[str, Meta(max_length=20_000)]
_Prints = Annotated[list[Annotated[str, Meta(pattern="^[0-9a-f]{12}$")]], Meta(max_length=10_000)]
_Length = Annotated[int, Meta(ge=0, le=_MOST_BODY)]
_Lengths = Annotated[list[Annotated[list[_Length], Meta(max_length=1000)]], Meta(max_length=100_000)]


class NotAsReleased(ValueError):
    """The file is not as `course release` wrote it."""


@dataclass(frozen=True)
class Released:
    """What the students' copy knows of an exercise.

    Attributes:
        judging: the number of the rules of judging then.
        torch: the version that observed it.
        exercise: digest of what decides a mark in the exercise.yaml that it belongs to.
        seed: of the public probes.
        reference: the solution's frames, a list a run.
        wrong: the wrong programs without their text, and how each differs from the solution.
        observed: their frames, by check.
        settings: of the training that is asked for, those that the prompt says.
    """

    judging: int
    torch: str
    exercise: str
    seed: bytes
    reference: Frames
    wrong: tuple[tuple[WrongProgram, Digest], ...]
    observed: Mapping[str, Frames]
    settings: Mapping[Setting, Asked] = field(default_factory=dict)


class _Strict(msgspec.Struct, forbid_unknown_fields=True):
    pass


class _Traits(_Strict):
    habits: _Prints
    built_in: _Prints
    roles: Annotated[list[tuple[Annotated[int, Meta(ge=0, le=10_000_000)], LineRole]], Meta(max_length=1000)]


class _Wrong(_Strict):
    name: _Short
    hint: Annotated[dict[_Short, _Long], Meta(max_length=50)]
    also: Annotated[list[_Short], Meta(max_length=100)]
    traits: _Traits


class _Index(_Strict, omit_defaults=True):
    judging: Annotated[int, Meta(ge=1, le=2**31)]
    torch: _Short
    exercise: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    seed: Annotated[str, Meta(pattern="^[0-9a-f]{2,128}$")]
    wrong: Annotated[list[_Wrong], Meta(max_length=1000)]
    reference: _Lengths
    observed: Annotated[dict[_Short, _Lengths], Meta(max_length=1000)]
    settings: dict[Setting, Annotated[float, Meta(ge=-1e9, le=1e9)] | None] = {}


def pack(released: Released) -> bytes:
    """Return the bytes of the file."""
    index = _Index(
        released.judging,
        released.torch,
        released.exercise,
        released.seed.hex(),
        [
            _Wrong(program.name, dict(program.hint.texts), list(program.also), _traits(digest))
            for program, digest in released.wrong
        ],
        _lengths(released.reference),
        {name: _lengths(runs) for name, runs in released.observed.items()},
        {setting: asked.value for setting, asked in released.settings.items()},
    )
    runs = [*released.reference, *(run for runs in released.observed.values() for run in runs)]
    body = msgspec.json.encode(index) + b"\n" + b"".join(frame for run in runs for frame in run)
    return _MAGIC + hashlib.sha256(body).digest() + zlib.compress(body, 9)


def unpack(content: bytes) -> Released:
    """Read the file.

    Raises:
        NotAsReleased: where it is anything but a file that `pack` made.
    """
    digest, start = content[len(_MAGIC) :][:32], len(_MAGIC) + 32
    if not content.startswith(_MAGIC) or len(content) > _MOST_FILE:
        raise NotAsReleased("no file of observations")
    body = _inflated(content[start:])
    if hashlib.sha256(body).digest() != digest:
        raise NotAsReleased("not whole")
    head, _, data = body.partition(b"\n")
    try:
        index = msgspec.json.decode(head, type=_Index)
        seed = bytes.fromhex(index.seed)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise NotAsReleased(str(error)[:200]) from None
    lengths = [index.reference, *index.observed.values()]
    if sum(length for runs in lengths for run in runs for length in run) != len(data):
        raise NotAsReleased("frames of other lengths")
    frames = _split(data, lengths)
    wrong = tuple((_program(each), _digest(each.traits, each.name)) for each in index.wrong)
    return Released(
        index.judging,
        index.torch,
        index.exercise,
        seed,
        next(frames),
        wrong,
        dict(zip(index.observed, frames, strict=True)),
        {setting: Asked(value, said=True) for setting, value in index.settings.items()},
    )


def read_released(folder: Path) -> Released | None:
    """Return what was released beside an exercise; None if this is not a students' copy.

    Raises:
        NotAsReleased: where it cannot be read.
    """
    try:
        with (folder / NAME).open("rb") as file:
            content = file.read(_MOST_FILE + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NotAsReleased(error.strerror or "") from None
    return unpack(content)


def _inflated(data: bytes) -> bytes:
    stream = zlib.decompressobj()
    try:
        body = stream.decompress(data, _MOST_BODY)
    except zlib.error as error:
        raise NotAsReleased(str(error)) from None
    if not stream.eof or stream.unused_data or stream.unconsumed_tail:
        raise NotAsReleased("not whole")
    return body


def _split(data: bytes, lengths: Sequence[list[list[int]]]) -> Iterator[Frames]:
    at = 0
    for runs in lengths:
        frames: Frames = []
        for run in runs:
            frames.append([])
            for length in run:
                frames[-1].append(data[at : at + length])
                at += length
        yield frames


def _lengths(runs: Frames) -> list[list[int]]:
    return [[len(frame) for frame in run] for run in runs]


def _traits(digest: Digest) -> _Traits:
    return _Traits(sorted(digest.habits), sorted(digest.built_in), list(digest.roles))


def _digest(traits: _Traits, filename: str) -> Digest:
    habits, built_in = frozenset(traits.habits), frozenset(traits.built_in)
    return Digest("", filename, habits=habits, built_in=built_in, roles=tuple(traits.roles))


def _program(wrong: _Wrong) -> WrongProgram:
    return WrongProgram(wrong.name, Text.of(wrong.hint), tuple(wrong.also), b"", wrong.name)
