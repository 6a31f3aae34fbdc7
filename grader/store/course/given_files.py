"""Reads `files` and `varied_files`: what programs find where they work, and what makes others in place of some."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.core.course.given_files import MOST_BYTES, MOST_FILES, GivenFile, is_name, modules_among
from grader.core.course.packages import USUAL, modules_of
from grader.core.program.source import Source, read_source
from grader.core.program.syntax import syntax_error
from grader.core.words.errors import Position
from grader.core.words.message import say
from grader.store.yaml import nodes as y
from grader.store.yaml.reader import Reading

KEYS = ("files", "varied_files")
MAKER = "make_files.py"
# What an exercise's folder holds for the grader itself.
_OURS = frozenset({"exercise.yaml", "starter.py", "ask.py", MAKER, "observations.bin"})
_MODULES = frozenset({*sys.stdlib_module_names, *modules_of(USUAL), "grader"})


@dataclass(frozen=True)
class Files:
    """What stands beside an exercise for its programs.

    Attributes:
        varied: the names of files that are other ones when a program is judged.
        makes: the text of make_files.py; "" where it is not here.
    """

    files: tuple[GivenFile, ...] = ()
    varied: tuple[str, ...] = ()
    makes: str = ""


def read_beside(
    reading: Reading, node: y.Node, folder: Path, solutions: Path, shown: Callable[[Path], str], own: str
) -> Files:
    """Read both keys of an exercise, and the files.

    Args:
        folder: of the exercise.
        solutions: of its solution; a students' copy has none.
        shown: how messages call a file.
        own: what the student's own file is called.
    """
    listed = {key: node.get(key) if isinstance(node, y.Mapping) else None for key in KEYS}
    names: dict[str, list[str]] = {key: [] for key in KEYS}
    files: list[GivenFile] = []
    for key, value in listed.items():
        items = value.items if isinstance(value, y.Sequence) else () if value is None else (value,)
        for item in items:
            name = _read_name(reading, item, own)
            if name is None or _is_there_twice(reading, item, name, [each.name for each in files]):
                continue
            content = _read_content(reading, item, folder / name, shown)
            if content is not None:
                files.append(GivenFile(name, content))
                names[key].append(name)
    at = next((value for value in listed.values() if value is not None), node)
    if len(files) > MOST_FILES:
        reading.fault(at, say("there are {count} files, and may be {most}", count=len(files), most=MOST_FILES))
    if sum(len(file.content) for file in files) > MOST_BYTES:
        reading.fault(at, say("the files are larger than {most} MiB together", most=MOST_BYTES // 2**20))
    varied = listed["varied_files"]
    makes = "" if varied is None else _read_maker(reading, varied, solutions, shown)
    return Files(tuple(files), tuple(names["varied_files"]), makes)


def _read_name(reading: Reading, item: y.Node, own: str) -> str | None:
    scalar = reading.scalar(item, say("the name of a file"))
    if scalar is None:
        return None
    name = scalar.text
    if not is_name(name):
        reading.fault(
            item,
            say(
                "{found} cannot be the name of a file here; use letters, digits and . _ -, in at most two folders",
                found=name or '""',
            ),
        )
        return None
    if name in _OURS or name == own or name.startswith("tests/"):
        reading.fault(item, say("{name} has another meaning beside an exercise; give the file another name", name=name))
        return None
    taken = [module for module in modules_among([GivenFile(name, b"")]) if module in _MODULES]
    if taken:
        reading.fault(
            item, say("{file} would be imported in place of {name}; give it another name", file=name, name=taken[0])
        )
        return None
    return name


def _is_there_twice(reading: Reading, item: y.Node, name: str, earlier: list[str]) -> bool:
    # Not every file system can tell a.csv from A.csv, nor hold both a file and a folder of one name.
    alike = [each for each in earlier if each.casefold() == name.casefold() or _one_is_within(each, name)]
    if alike:
        reading.fault(item, say("{name} and {other} cannot lie beside each other", name=name, other=alike[0]))
    return bool(alike)


def _one_is_within(one: str, other: str) -> bool:
    short, long = sorted((one.casefold(), other.casefold()), key=len)
    return long.startswith(f"{short}/")


def _read_content(reading: Reading, item: y.Node, path: Path, shown: Callable[[Path], str]) -> bytes | None:
    try:
        if path.stat().st_size > MOST_BYTES:
            reading.fault(item, say("{file} is larger than {most} MiB", file=shown(path), most=MOST_BYTES // 2**20))
            return None
        return path.read_bytes()
    except FileNotFoundError:
        reading.fault(item, say("the file {file} is missing", file=shown(path)))
    except OSError as error:
        reading.fault(item, say("{file} cannot be read: {words}", file=shown(path), words=error.strerror or ""))
    return None


def _read_maker(reading: Reading, node: y.Node, solutions: Path, shown: Callable[[Path], str]) -> str:
    path = solutions / MAKER
    if not path.is_file():
        # In a students' copy what it made was seen when the copy was released.
        if solutions.is_dir():
            message = say(
                "{file} is missing; its function make_files(seed) returns, for each seed, other files of these names",
                file=shown(path),
            )
            reading.fault(node, message)
        return ""
    source = read_source(path.read_bytes(), shown(path))
    fault = syntax_error(source) if isinstance(source, Source) else None
    if not isinstance(source, Source) or fault is not None:
        line = fault[0] or 1 if fault is not None else 1
        reading.fault(Position(shown(path), line, 1), say("{file} is not valid Python", file=shown(path)))
        return ""
    if "def make_files" not in source.text:
        message = say("{file} needs a function {name}", file=shown(path), name="make_files(seed)")
        reading.fault(Position(shown(path), 1, 1), message)
    return source.text
