"""Puts hidden numbers into the given names of a script: as they are bound, and again where the program fills them."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.sandbox.inside.program.inputs import adapted, new_parameter, set_in_place
from grader.sandbox.inside.program.values import is_tensor


class Rebinding(dict[str, Any]):
    """The local names of the top level: every binding there lands here and goes on into the module.

    It stays empty itself, so that reads fall through to the module.

    Attributes:
        bound: the given names that the program has bound.
        odd: those that hold nothing that could take the numbers, with its type.
    """

    def __init__(self, names: dict[str, Any], given: dict[str, dict[str, Any]]) -> None:
        super().__init__()
        self._names = names
        self._given = given
        self._in_the_making: set[str] = set()
        self.bound: set[str] = set()
        self.odd: dict[str, str] = {}

    @property
    def data(self) -> frozenset[str]:
        """The given names that stand for data, whatever becomes of them in the run; a parameter is only started."""
        return frozenset(name for name, given in self._given.items() if not given["parameter"])

    def __setitem__(self, name: str, value: Any) -> None:
        given = self._given.get(name)
        # A parameter is only started elsewhere; the program's own updates of it stand.
        started = given is not None and given["parameter"] and name in self.bound and name not in self.odd
        self._names[name] = value
        if given is not None and not started:
            self.bound.add(name)
            if name not in self._in_the_making:
                self._put_in(name)

    def __delitem__(self, name: str) -> None:
        del self._names[name]

    def filling(self, *names: str) -> None:
        """Leave given names to the program, which begins to fill them."""
        self._in_the_making.update(names)

    def filled(self, *names: str) -> None:
        """Put the numbers into given names that the program has filled."""
        for name in names:
            self._in_the_making.discard(name)
            if name in self._names and name in self._given:
                self.bound.add(name)
                self._put_in(name)

    def wrote(self, thing: Any) -> None:
        """Put the numbers into the given names that hold this very thing, which the program has written to."""
        self.filled(*(name for name in self.data if self._names.get(name) is thing and thing is not None))

    def _put_in(self, name: str) -> None:
        old, given = self._names[name], self._given[name]
        try:
            self._names[name] = replaced(old, given, in_place=not self._shares(name, old))
        # What the program made may raise anything when it is looked at.
        except Exception as error:
            self.odd[name] = str(error) if type(error) is TypeError else type(old).__name__
        else:
            self.odd.pop(name, None)

    def _shares(self, name: str, thing: Any) -> bool:
        """Whether another given name would change with `thing`: x, y = numbers[:-1], numbers[1:]."""
        return any(_share(self._names[other], thing) for other in self._given if other != name and other in self._names)


def replaced(old: Any, given: dict[str, Any], in_place: bool = False) -> Any:
    """Return what a given name is bound to instead of `old`.

    Args:
        in_place: give data that allow it their numbers where they are, so that whatever else holds them sees these.

    Raises:
        TypeError: where `old` cannot hold the numbers.
    """
    numbers, shape = given["numbers"], given["shape"]
    if given["parameter"]:
        return old if set_in_place(old, numbers) else new_parameter(old, numbers, shape)
    new = adapted(old, numbers, shape)
    return old if in_place and _became(old, new, numbers) else new


def _became(old: Any, new: Any, numbers: list[float]) -> bool:
    """Let `old` be like `new`; say whether it can."""
    if type(old) is list:
        old[:] = new
        return True
    if not (is_tensor(old) or isinstance(old, np.ndarray)) or old.shape != new.shape:
        return False
    try:
        return set_in_place(old, numbers)
    # Elements that lie in one place, as those that expand() makes.
    except RuntimeError:
        return False


def _share(one: Any, other: Any) -> bool:
    if one is other:
        return True
    if is_tensor(one) and is_tensor(other):
        one, other = one.detach().numpy(force=True), other.detach().numpy(force=True)
    return isinstance(one, np.ndarray) and isinstance(other, np.ndarray) and np.shares_memory(one, other)
