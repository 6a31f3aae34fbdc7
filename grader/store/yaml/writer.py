"""Writes a YAML tree back as a file: what it says, without comments."""

from __future__ import annotations

import re

from grader.store.yaml import nodes as y

_WIDTH = 110


def yaml_text(node: y.Mapping) -> str:
    """Return a file with the content of `node`."""
    return "".join(_entry(key, value, 0) for key, value in node.entries)


def quoted(text: str) -> str:
    """Return `text` as a YAML scalar in double quotes, which every reader gives back unchanged."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _entry(key: y.Scalar, value: y.Node, depth: int) -> str:
    head = f"{' ' * depth}{_scalar(key)}:"
    line = f"{head} {_flow(value)}\n"
    if len(line) <= _WIDTH and "\\n" not in line:
        return line
    match value:
        case y.Mapping():
            return f"{head}\n" + "".join(_entry(*entry, depth + 2) for entry in value.entries)
        case y.Sequence(items=items):
            return f"{head}\n" + "".join(f"{' ' * depth}  - {_flow(item)}\n" for item in items)
        case y.Scalar(text=text) if _may_stand_open(text):
            end = "" if text.endswith("\n") else "-"
            lines = text.removesuffix("\n").split("\n")
            return f"{head} |{end}\n" + "".join(f"{' ' * depth}  {each}\n" if each else "\n" for each in lines)
    return line


def _may_stand_open(text: str) -> bool:
    """Whether a text can be a literal block as it is."""
    clean = all(character.isprintable() or character == "\n" for character in text)
    return clean and text[:1] not in ("", " ", "\n") and not text.endswith("\n\n") and " \n" not in text


def _flow(node: y.Node) -> str:
    match node:
        case y.Mapping():
            inside = ", ".join(f"{_scalar(key)}: {_flow(value)}" for key, value in node.entries)
            return "{" + inside + "}"
        case y.Sequence(items=items):
            return "[" + ", ".join(map(_flow, items)) + "]"
    return _scalar(node)


def _scalar(node: y.Scalar) -> str:
    # What was written plain may mean a number or a truth: it stays plain. What needs quotes elsewhere gets them.
    return node.text if node.plain and re.fullmatch(r"[\w.+/-]+( [\w./*+-]+)*", node.text) else quoted(node.text)


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character == "\n":
        return "\\n"
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
