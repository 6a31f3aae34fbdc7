"""Reads an author's programs, which are Python files and notebooks, and the names and hints of the wrong ones."""

from __future__ import annotations

from pathlib import Path

from grader.core.diagnose.wrong_programs import WrongProgram
from grader.core.words.errors import Position
from grader.core.words.message import Text, say
from grader.store.course.solutions.several_files import author_program
from grader.store.yaml import nodes as y
from grader.store.yaml.reader import Reading

_SUFFIXES = (".py", ".ipynb")
_NAME = r"[a-z0-9]+(-[a-z0-9]+)*"
_Entries = dict[str, tuple[Text, tuple[str, ...], str]]


def author_programs(
    reading: Reading, folder: Path, shown: str, of_solution: dict[str, bytes] | None = None
) -> dict[str, bytes]:
    """Return what each program in a folder holds, by the name of its file. Two files of one stem are a fault.

    Args:
        shown: how messages call the folder.
        of_solution: the solution's files where it has several. A program is a folder then, and has its own files in
            place of those of their names.
    """
    if of_solution is not None:
        folders = sorted(path for path in folder.glob("[!._]*") if path.is_dir())
        return {path.name: author_program(path, of_solution) for path in folders}
    paths = sorted(path for path in folder.glob("[!.]*") if path.suffix in _SUFFIXES)
    stems = [path.stem for path in paths]
    for place, path in enumerate(paths):
        if path.stem in stems[:place]:
            what = say("duplicate program name: {name}; rename one of the two", name=path.stem)
            reading.fault(Position(f"{shown}/{path.name}"), what)
    return {path.name: _content(reading, path, Position(f"{shown}/{path.name}")) for path in paths}


def _content(reading: Reading, path: Path, at: Position) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reading.fault(at, say("this file cannot be read: {words}", words=error.strerror or ""))
        return b""


def read_wrong_programs(
    folder: Path, shown: str, languages: tuple[str, ...], of_solution: dict[str, bytes] | None = None
) -> tuple[WrongProgram, ...]:
    """Return the programs `wrong/<name>.py` and `wrong/<name>.<variant>.py`, in the order of misconceptions.yaml.

    Notebooks, `.ipynb`, are programs just as well.

    Args:
        folder: the exercise's folder of solutions.
        shown: how messages call that folder.
        of_solution: as of `author_programs`.

    Raises:
        CourseInvalid: if a program has no entry, an entry has no program, or a file cannot be read.
    """
    path = folder / "misconceptions.yaml"
    reading = Reading()
    programs = author_programs(reading, folder / "wrong", f"{shown}/wrong", of_solution)
    if not programs and not path.is_file():
        return ()
    at = Position(f"{shown}/misconceptions.yaml")
    entries: _Entries = {}
    node: y.Node | None = None
    try:
        node = y.parse_yaml(path.read_bytes(), at.file)
    except OSError as error:
        reading.fault(at, say("this file cannot be read: {words}", words=error.strerror or ""))
    if node is not None:
        entries = _read_entries(reading, node, languages, {_name(program) for program in programs})
    # An entry with a fault has been reported already; it must not be reported as missing too.
    listed = node.get("misconceptions") if isinstance(node, y.Mapping) else None
    for program in programs:
        if isinstance(listed, y.Mapping) and listed.get(_name(program)) is None:
            what = say("the wrong program {file} has no entry here; add one with a hint", file=program)
            reading.fault(listed, what)
    found = [
        WrongProgram(
            _name(program),
            *entries[_name(program)][:2],
            content,
            f"{shown}/wrong/{program}",
            entries[_name(program)][2],
        )
        for program, content in programs.items()
        if _name(program) in entries
    ]
    reading.finish()
    order = list(entries)
    return tuple(sorted(found, key=lambda program: order.index(program.name)))


def _name(program: str) -> str:
    return program.partition(".")[0]


def _read_entries(reading: Reading, node: y.Node, languages: tuple[str, ...], programs: set[str]) -> _Entries:
    values = reading.fields(
        node,
        {
            "format_version": lambda version: reading.whole(version, 1, 1),
            "misconceptions": lambda entries: entries,
        },
        {},
    )
    listed = values.get("misconceptions")
    if not isinstance(listed, y.Mapping):
        if isinstance(listed, y.Node):
            reading.fault(listed, say("expected names with their hints: {{update-sign: {{hint: …}}}}"))
        return {}
    entries: _Entries = {}
    for key, value in listed.entries:
        name = reading.id(key, _NAME, "update-sign")
        entry = reading.fields(
            value,
            {"hint": lambda hint: reading.text(hint, languages)},
            {
                "also": lambda also: reading.sequence(also, lambda one: reading.id(one, _NAME, "sign-flipped")),
                "unnamed": reading.reason,
            },
        )
        if name is not None and name not in programs:
            reading.fault(key, say("there is no wrong program {file}", file=f"wrong/{name}.py"))
        elif name is not None and isinstance(entry.get("hint"), Text):
            entries[name] = (entry["hint"], entry.get("also", ()), entry.get("unnamed") or "")  # type: ignore[assignment]
    return entries
