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
        longer: those to which the program wrote more numbers than there are now, with how many it wrote.
    """

    def __init__(self, names: dict[str, Any], given: dict[str, dict[str, Any]]) -> None:
        super().__init__()
        self._names = names
        self._given = given
        self._in_the_making: set[str] = set()
        self.bound: set[str] = set()
        self.odd: dict[str, str] = {}
        self.longer: dict[str, int] = {}
        self._deriving: set[str] = set()
        self._own: dict[str, Any] = {}
        self._restored: set[str] = set()

    @property
    def data(self) -> frozenset[str]:
        """The given names that stand for data, whatever becomes of them in the run; a parameter is only started."""
        return frozenset(name for name, given in self._given.items() if not given["parameter"])

    @property
    def all(self) -> frozenset[str]:
        """The given names."""
        return frozenset(self._given)

    def __setitem__(self, name: str, value: Any) -> None:
        given = self._given.get(name)
        # A parameter is only started elsewhere; the program's own updates of it stand.
        started = given is not None and given["parameter"] and name in self.bound and name not in self.odd
        self._names[name] = value
        if given is not None and not started:
            self.bound.add(name)
            if name not in self._in_the_making and not self._stands(name):
                self._put_in(name)

    def __delitem__(self, name: str) -> None:
        del self._names[name]

    def rebound(self, *names: str) -> None:
        """Take note of given names that were bound past this mapping."""
        for name in names:
            self[name] = self._names[name]

    def deriving(self, *names: str) -> None:
        """Let what the next statement makes of the numbers in these names stand, as in x = x / 10."""
        self._deriving.update(name for name in names if name in self.bound and name not in self.odd)

    def made(self, *names: str) -> None:
        """Put the numbers into given names that a function or a loop has bound, but not over what it made of them."""
        self._in_the_making.difference_update(names)
        self.deriving(*names)
        self.filled(*(name for name in names if name in self._names and not self._stands(name)))

    def filling(self, *names: str) -> None:
        """Leave given names to the program, which begins to fill them."""
        self._in_the_making.update(names)

    def reading(self, *names: str) -> None:
        """Give longer data their own numbers back while the program makes others of them by index."""
        for name in names:
            if name in self.longer and _same_numbers(self._names.get(name), self._given[name]["numbers"]):
                self._restored.add(name)
                if type(self._names[name]) is list and type(self._own[name]) is list:
                    self._names[name][:] = self._own[name]
                else:
                    self._names[name] = self._own[name]

    def read(self, *names: str) -> None:
        """Put the numbers back where `reading` has taken them out."""
        back = self._restored.intersection(names)
        self._restored -= back
        self.filled(*back)

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
        own, count = list(old) if type(old) is list else old, _length(old)
        try:
            self._names[name] = replaced(old, given, in_place=not self._shares(name, old))
        # What the program made may raise anything when it is looked at.
        except Exception as error:
            self.odd[name] = str(error) if type(error) is TypeError else type(old).__name__
        else:
            self.odd.pop(name, None)
            self._own[name] = own
            self.longer.pop(name, None)
            if count > len(given["numbers"]) and not given["parameter"]:
                self.longer[name] = count

    def _stands(self, name: str) -> bool:
        """Whether what a name has just been bound to was made of the numbers in it and is no longer than they."""
        derived = name in self._deriving
        self._deriving.discard(name)
        thing = self._names[name]
        return derived and 0 < _length(thing) <= len(self._given[name]["numbers"]) and not _is_whole(thing)

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
    if not (is_tensor(old) or isinstance(old, np.ndarray)) or (old.shape, old.dtype) != (new.shape, new.dtype):
        return False
    try:
        return set_in_place(old, numbers)
    # Elements that lie in one place, as those that expand() makes.
    except RuntimeError:
        return False


def _length(thing: Any) -> int:
    """Return how many numbers or rows there are; 0 for what is no data."""
    if is_tensor(thing) or isinstance(thing, np.ndarray):
        shape = tuple(thing.shape)
        return int(shape[-1] if shape[:1] == (1,) else shape[0]) if shape else 0
    return len(thing) if type(thing) in (list, tuple, range) else 0


def _is_whole(thing: Any) -> bool:
    """Whether `thing` is of a type that has lost what numbers have behind the point."""
    if is_tensor(thing):
        return not thing.is_floating_point()
    if isinstance(thing, np.ndarray):
        return bool(thing.dtype.kind != "f")
    return all(isinstance(each, int) for each in thing)


def _same_numbers(thing: Any, numbers: list[float]) -> bool:
    """Whether `thing` still holds the numbers that were put in."""
    try:
        plain = thing.detach().numpy(force=True) if is_tensor(thing) else np.asarray(thing, dtype=np.float64)
        return bool(np.array_equal(plain.ravel().astype(np.float32), np.asarray(numbers, dtype=np.float32)))
    # What the program made may raise anything when it is looked at.
    except Exception:
        return False


def _share(one: Any, other: Any) -> bool:
    if one is other:
        return True
    if is_tensor(one) and is_tensor(other):
        one, other = one.detach().numpy(force=True), other.detach().numpy(force=True)
    return isinstance(one, np.ndarray) and isinstance(other, np.ndarray) and np.shares_memory(one, other)
