"""Rules on a program's source: what it does without, the only things it uses, and how long it is."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

# Words for parts of Python's syntax. The first ones may also be said to be the only ones.
SYNTAX = ("operators", "indexing", "loops", "branches", "classes", "imports")
AUTOGRAD = "autograd"
RECURSION = "recursion"
# What goes through many values without a loop to be seen: one rule with the loops themselves.
_LOOPS_IN_DISGUISE = (
    "builtins.map",
    "builtins.filter",
    "functools.reduce",
    "itertools",
    "numpy.vectorize",
    "numpy.frompyfunc",
    "numpy.fromiter",
    "numpy.fromfunction",
    "numpy.apply_along_axis",
    "numpy.apply_over_axes",
)
_BY_HAND_IMPORTS = ("builtins.__import__", "importlib")


@dataclass(frozen=True)
class Rules:
    """What the source of a program is held to.

    Attributes:
        without: dotted names of modules and what is in them, builtins, `.name` for any attribute of that name, and
            words for syntax. Autograd is none of these: it has a rule of its own.
        only: the same for what alone may be used; None where anything may.
        lines: how many statements a function may have, with those of the program's own that it calls.
    """

    without: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None
    lines: int | None = None

    def __bool__(self) -> bool:
        return bool(self.without) or self.only is not None or self.lines is not None

    def joined(self, others: Rules) -> Rules:
        """Return these rules and others: of what only one can be, the others'."""
        return Rules(
            tuple(dict.fromkeys((*self.without, *others.without))),
            self.only if others.only is None else others.only,
            self.lines if others.lines is None else others.lines,
        )

    @property
    def named(self) -> Mapping[str, str]:
        """The names that a program does without, as `full_name` has them, each with the rule that says so."""
        found: dict[str, str] = {}
        for rule in self.without:
            if rule == "loops":
                found |= dict.fromkeys(_LOOPS_IN_DISGUISE, rule)
            elif rule == "imports":
                found |= dict.fromkeys(_BY_HAND_IMPORTS, rule)
            elif rule not in SYNTAX and rule != RECURSION:
                found[full_name(rule)] = rule
        return found


NO_RULES = Rules()


def full_name(rule: str) -> str:
    """Return a name of a rule with its module: one that Python has everywhere is in `builtins`."""
    return f"builtins.{rule}" if is_builtin(rule) else rule


def is_builtin(name: str) -> bool:
    """Whether Python has this name everywhere."""
    return hasattr(builtins, name)


def covers(name: str, path: str) -> bool:
    """Return whether a name of a rule, as `full_name` has it, stands for what a program calls `path`.

    Args:
        path: dotted; it begins with `?` where it is not known of what the rest is an attribute.
    """
    if name.startswith("."):
        return path.endswith(name) and not path.startswith("builtins.")
    return path == name or path.startswith(f"{name}.")


class HasRules(Protocol):
    """What has rules of its own: a check, or an exercise for all of its checks."""

    @property
    def rules(self) -> Rules: ...


def rules_at(work: HasRules, check: HasRules) -> Rules:
    """Return the rules that hold at a check: the exercise's and its own."""
    return work.rules.joined(check.rules)
