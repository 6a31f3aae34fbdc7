"""Reads rules on the source of programs: `without`, `only` and `lines`, of an exercise or of a check."""

from __future__ import annotations

import builtins
import difflib
import re
import sys
from collections.abc import Mapping
from dataclasses import replace

from grader.core.course.checks.rules import AUTOGRAD, RECURSION, SYNTAX, Rules, is_builtin
from grader.core.course.packages import USUAL, modules_of
from grader.core.words.message import say
from grader.store.yaml import nodes as y
from grader.store.yaml.reader import Read, Reading

RULES = ("without", "only", "lines")

_NAME = re.compile(r"\.?[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_MODULES = frozenset({*sys.stdlib_module_names, *modules_of(USUAL)})
# By what people call them in their programs.
_SHORT: Mapping[str, str] = {
    "np": "numpy",
    "F": "torch.nn.functional",
    "nn": "torch.nn",
    "optim": "torch.optim",
    "plt": "matplotlib.pyplot",
    "pd": "pandas",
}


def rule_readers(reading: Reading) -> dict[str, Read[object]]:
    """Return the readers of the keys that hold rules."""
    without = (*SYNTAX, RECURSION, AUTOGRAD)
    return {
        "without": lambda node: reading.sequence(node, lambda one: _read_name(reading, one, without)),
        "only": lambda node: reading.sequence(node, lambda one: _read_name(reading, one, SYNTAX)),
        "lines": lambda node: reading.whole(node, 1, 1000),
    }


def rules_of(values: Mapping[str, object]) -> Rules:
    """Return the rules that are read; not the one about autograd, which is none of these."""
    get = values.get
    without: tuple[str, ...] = get("without") or ()  # type: ignore[assignment]
    rules = Rules(tuple(name for name in without if name != AUTOGRAD))
    return replace(rules, only=get("only"), lines=get("lines"))  # type: ignore[arg-type]


def by_hand(values: Mapping[str, object]) -> bool:
    """Return whether a program does without autograd."""
    without: tuple[str, ...] = values.get("without") or ()  # type: ignore[assignment]
    return AUTOGRAD in without


def hold_autograd(reading: Reading, node: y.Node, values: Mapping[str, object]) -> None:
    """Tell that the rule about autograd is for all checks of an exercise, and not for tests."""
    if by_hand(values) and isinstance(node, y.Mapping):
        what = say("without: autograd is for an exercise with checks, and for all of them: write it at the top")
        reading.fault(node.get("without") or node, what)


def _read_name(reading: Reading, node: y.Node, words: tuple[str, ...]) -> str | None:
    scalar = reading.scalar(
        node, say("a name such as torch.nn.functional.max_pool2d, sorted or .sort, or a word such as imports")
    )
    if scalar is None:
        return None
    name = scalar.text
    first, _, rest = name.partition(".")
    if first in _SHORT:
        full = f"{_SHORT[first]}.{rest}" if rest else _SHORT[first]
        reading.fault(scalar, say("write the whole name: {name}", name=full))
    elif not _NAME.fullmatch(name) or not (first == "" or rest or _is_known(name, words)):
        near = difflib.get_close_matches(name, filter(str.islower, dir(builtins)), n=1)
        reading.unknown(scalar, say("found {found}", found=name or '""'), (*words, *near, "torch.max", ".max"))
    else:
        return name
    return None


def _is_known(name: str, words: tuple[str, ...]) -> bool:
    return name in words or is_builtin(name) or name in _MODULES
