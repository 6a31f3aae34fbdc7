"""What an object is, said by name: a class of torch, NumPy or the standard library is the same class at both ends.

The program's end tells which classes of libraries a class comes from; the tests' end finds them among its own modules
and answers isinstance(), issubclass() and type() with them. No class of the program's, and no method of one, gets here.
"""

from __future__ import annotations

import re
import sys
import types
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from grader.sandbox.inside.program.environment.torch_import import torch_or_none

_MOST_NAMES = 60
# What the abstract classes of collections.abc, contextlib and typing look for.
_ABILITIES = tuple(
    f"__{name}__"
    for name in (
        "call len iter next reversed contains hash getitem setitem enter exit await aiter anext "
        "int float complex bytes index abs round dataclass_fields"
    ).split()
)
_PLACE = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{,140}:[A-Za-z_][A-Za-z0-9_.]{,140}")
# What the tests themselves run on. A program says of nothing that it belongs there.
_HARNESS = frozenset({"grader", "pytest", "_pytest", "pluggy", "unittest", "submission", "__main__"})
# As type has them: a metaclass of the program's has no say.
_MRO, _MODULE, _QUALNAME, _VARS = (
    type.__dict__[f"__{name}__"].__get__ for name in ("mro", "module", "qualname", "dict")
)
# Python's own classes that are in no module under their names, such as `function`.
_NAMELESS = {cls: f"types:{name}" for name, cls in vars(types).items() if isinstance(cls, type)}


def kin(cls: type) -> dict[str, Any]:
    """Return for the wire which classes of libraries `cls` comes from, itself included, and what its objects can do."""
    names = [_name(base) for base in _MRO(cls)]
    return {
        "names": [name for name in names if name][:_MOST_NAMES],
        "exact": bool(names[0]),
        "does": [name for name in _ABILITIES if _has(cls, name)],
    }


def _has(cls: type, ability: str) -> bool:
    return next((_VARS(base)[ability] for base in _MRO(cls) if ability in _VARS(base)), None) is not None


def _name(cls: type) -> str:
    """Return where `cls` is found, as `module:name`; empty where it is not found there."""
    where, name = _MODULE(cls), _QUALNAME(cls)
    place = f"{where}:{name}"
    if _PLACE.fullmatch(place) and where != "__main__" and _found(str(where), str(name)) is cls:
        return place
    return _NAMELESS.get(cls, "")


def _found(where: str, name: str) -> Any:
    found: Any = sys.modules.get(where)
    for part in name.split("."):
        # Never by getattr: a module may answer with code of its own.
        found = vars(found).get(part) if isinstance(found, types.ModuleType | type) else None
    return found


class Likenesses:
    """Empty classes in the tests' process that represent the program's, derived from the same classes of libraries.

    Args:
        own: the author's modules, whose classes no program has.
    """

    def __init__(self, own: Collection[str]) -> None:
        self._unknown = _HARNESS.union(own)

    def known(self, told: dict[str, Any]) -> list[type]:
        """Return the classes of libraries that are named, as far as they are here."""
        return [cls for name in told["names"] if (cls := self._known(name)) is not None]

    def _known(self, name: str) -> type | None:
        where, _, what = name.partition(":")
        found = None if where.partition(".")[0] in self._unknown else _found(where, what)
        return found if isinstance(found, type) else None

    def exact(self, told: dict[str, Any]) -> type | None:
        """Return the class of a library that is meant; None where it is a class of the program's own."""
        return self._known(told["names"][0]) if told["exact"] and told["names"] else None

    def of(self, name: str, told: dict[str, Any]) -> type:
        """Return a class that is to isinstance() and issubclass() what the program's class is.

        Raises:
            TypeError: where that cannot be had.
        """
        exact = self.exact(told)
        if exact is not None:
            return exact
        known = self.known(told)
        nearest = [cls for i, cls in enumerate(known) if not any(issubclass(other, cls) for other in known[:i])]
        abilities = {each: None if each == "__hash__" else _stub for each in told["does"] if each != "__hash__"}
        if "__hash__" not in told["does"]:
            abilities["__hash__"] = None
        try:
            return types.new_class(name, tuple(nearest), {}, lambda names: names.update(abilities))
        except Exception as error:
            raise TypeError(
                f"what the program's class {name} comes from cannot be told here, so isinstance(), issubclass() and "
                f"type() have no answer: {type(error).__name__}: {error}"
            ) from None


def _stub(*_: Any, **__: Any) -> None:
    """Stand for a method: that there is one is all that is asked."""


# Classes of libraries whose objects are taken apart to cross, and put together again on the other side.
_MADE_OF: Mapping[int, Callable[[Any], Any]] = {
    id(deque): lambda thing: (list(thing), thing.maxlen),
    id(Fraction): lambda thing: (thing.numerator, thing.denominator),
    id(Decimal): str,
}
_MADE: Mapping[str, Callable[[Any], Any]] = {
    "collections:deque": lambda parts: deque(*parts),
    "fractions:Fraction": lambda parts: Fraction(*parts),
    "decimal:Decimal": Decimal,
    "collections:OrderedDict": OrderedDict,
    "collections:Counter": Counter,
    "torch:Size": lambda parts: sys.modules["torch"].Size(parts),
    "torch.nn.parameter:Parameter": lambda tensor: _parameter(tensor),
}


def made_of(thing: object) -> Any:
    """Return what an object of a library's class is made of; any other as it is."""
    return _MADE_OF.get(id(type(thing)), _itself)(thing)


def _itself(thing: object) -> object:
    return thing


def made(told: Mapping[str, Any], parts: Any) -> Any:
    """Return the object of a library's class that is made of this data; None of any other class."""
    maker = _MADE.get(told["names"][0]) if told["exact"] and told["names"] else None
    return None if maker is None else maker(parts)


def _parameter(tensor: Any) -> Any:
    parameter = sys.modules["torch"].nn.Parameter(tensor.detach(), tensor.requires_grad)
    parameter.grad = tensor.grad
    return parameter


def plain_classes() -> tuple[type, ...]:
    """Return the classes whose objects cross as data: what stays with the program is none of these."""
    torch = torch_or_none()
    data = (
        int,
        float,
        complex,
        str,
        bytes,
        bytearray,
        range,
        list,
        tuple,
        set,
        frozenset,
        dict,
        np.ndarray,
        np.generic,
    )
    return data if torch is None else (*data, torch.Tensor)
