"""YAML as a tree of texts with their places, before any of it means something.

PyYAML reads the file; the tree is built here from its events, so that a duplicate key is seen, a plain 4.10 keeps its
zero, an alias cannot unfold without end, and depth is bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from grader.core.words.errors import CourseInvalid, Fault, Position
from grader.core.words.message import Message, say

MOST_BYTES = 2**20
_DEEPEST = 40
_BAD_CHARACTER = say("this file has characters that YAML does not allow")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Scalar:
    """A text. `plain` says that it was written without quotes; `block`, that it is a literal block."""

    text: str
    plain: bool
    block: bool
    at: Position


@dataclass(frozen=True)
class Sequence:
    items: tuple[Node, ...]
    at: Position


@dataclass(frozen=True)
class Mapping:
    entries: tuple[tuple[Scalar, Node], ...]
    at: Position

    def get(self, key: str) -> Node | None:
        return next((node for name, node in self.entries if name.text == key), None)


Node = Scalar | Sequence | Mapping


@dataclass
class _Open:
    """A collection that is still being read."""

    at: Position
    mapping: bool
    parts: list[Node] = field(default_factory=list)


def parse_yaml(content: bytes, file: str) -> Node:
    """Return the tree of one YAML document.

    Raises:
        CourseInvalid: if it is not a single, plain YAML document; with the position.
    """
    if len(content) > MOST_BYTES:
        raise _invalid(Position(file), say("this file is larger than {most} KiB", most=MOST_BYTES // 1024))
    try:
        text = content.decode("utf-8-sig")
        return _build(yaml.parse(text, Loader=_Loader), file)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _invalid(Position(file, line), say("this is not UTF-8 text; save the file again as UTF-8")) from None
    except yaml.MarkedYAMLError as error:
        raise _invalid(_marked(error, file, content), _explained(error, content)) from None
    except yaml.reader.ReaderError as error:
        raise _invalid(_place_of(text, error.position, file), _BAD_CHARACTER) from None
    except (yaml.YAMLError, ValueError):
        raise _invalid(Position(file), _BAD_CHARACTER) from None


def _place_of(text: str, position: int, file: str) -> Position:
    before = text[:position]
    return Position(file, before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)


def _build(events: Iterator[yaml.Event], file: str) -> Node:
    stack: list[_Open] = []
    documents: list[Node] = []
    for event in events:
        mark = event.start_mark
        at = Position(file, mark.line + 1, mark.column + 1) if mark else Position(file)
        match event:
            case yaml.AliasEvent():
                raise _invalid(at, say("aliases (*name) are not supported: repeat the text"))
            case yaml.ScalarEvent():
                plain = event.style in (None, "")
                _add(Scalar(event.value, plain, event.style == "|", at), stack, documents)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                stack.append(_Open(at, isinstance(event, yaml.MappingStartEvent)))
                if len(stack) > _DEEPEST:
                    raise _invalid(at, say("nested too deeply"))
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                _add(_closed(stack.pop()), stack, documents)
            case _:
                pass
    if len(documents) > 1:
        raise _invalid(documents[1].at, say("only one document is read: put everything before the second ---"))
    return documents[0] if documents else Mapping((), Position(file, 1, 1))


def _add(node: Node, stack: list[_Open], documents: list[Node]) -> None:
    (stack[-1].parts if stack else documents).append(node)


def _closed(collection: _Open) -> Node:
    if not collection.mapping:
        return Sequence(tuple(collection.parts), collection.at)
    entries: list[tuple[Scalar, Node]] = []
    faults = []
    seen: dict[str, Position] = {}
    for key, value in zip(collection.parts[::2], collection.parts[1::2], strict=True):
        if not isinstance(key, Scalar):
            faults.append(Fault(key.at, say("a key must be a single word")))
        elif key.text in seen:
            line = str(seen[key.text].line)
            faults.append(Fault(key.at, say("duplicate key {key}; first in line {line}", key=key.text, line=line)))
        else:
            seen[key.text] = key.at
            entries.append((key, value))
    if faults:
        raise CourseInvalid(faults)
    return Mapping(tuple(entries), collection.at)


def _marked(error: yaml.MarkedYAMLError, file: str, content: bytes) -> Position:
    # An unclosed bracket or quote is reported where it was opened.
    unclosed = "end of stream" in (error.problem or "")
    mark = (error.context_mark if unclosed else None) or error.problem_mark or error.context_mark
    if mark is None:
        return Position(file)
    # An unexpected end is reported at the last line, not behind it.
    last = content.count(b"\n") + (not content.endswith(b"\n"))
    return Position(file, min(mark.line + 1, max(last, 1)), mark.column + 1)


def _explained(error: yaml.MarkedYAMLError, content: bytes) -> Message:
    mark = error.problem_mark
    lines = content.decode("utf-8-sig", "replace").splitlines()
    line = lines[mark.line] if mark is not None and mark.line < len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())] or "'\\t'" in (error.problem or ""):
        return say("this line is indented with a tab; YAML allows only spaces")
    if mark is not None and _misplaced(line, mark.column, error):
        return say("wrong indentation: lines that belong together must start in the same column")
    if "mapping values are not allowed" in (error.problem or ""):
        return say("a second colon in one line: put the text in quotes")
    if "nesting depth" in (error.problem or ""):
        # PyYAML from 6.0.4 on refuses what it would have to read far ahead.
        return say("nested too deeply")
    return say("this is not YAML: {words}", words=" ".join(filter(None, (error.context, error.problem))))


def _misplaced(line: str, column: int, error: yaml.MarkedYAMLError) -> bool:
    """Whether the line is indented too far or not far enough, rather than wrong in itself."""
    before = line[:column]
    if "mapping values are not allowed" in (error.problem or ""):
        return ":" not in before
    in_block = (error.context or "").startswith("while parsing a block")
    return in_block and not before.strip() and line[column : column + 1] not in ("]", "}")


def _invalid(at: Position, message: Message) -> CourseInvalid:
    return CourseInvalid([Fault(at, message)])


def place_of(node: Node, *path: str | int) -> Position:
    """Return where `path` leads in the tree, or the nearest place on the way to it."""
    for step in path:
        found = None
        if isinstance(node, Mapping) and isinstance(step, str):
            found = node.get(step)
        elif isinstance(step, int):
            items = node.items if isinstance(node, Sequence) else (node,)
            found = items[step] if step < len(items) else None
        if found is None:
            return node.at
        node = found
    return node.at
