"""isinstance(), issubclass(), callable() and type() for the author's tests, where what they are asked of is elsewhere.

Of a class of a library the answer is given here, from what the program's end told of the object's class. Of a class of
the program's own it is the program's word.
"""

from __future__ import annotations

import builtins
import dataclasses
from collections.abc import Callable, Collection, Mapping
from typing import Any

from grader.sandbox.inside.tests.classes import Likenesses, made, plain_classes
from grader.sandbox.inside.tests.codec import stays

# asked(verb, of, name, arguments)
Asked = Callable[..., Any]
_is_dataclass = dataclasses.is_dataclass
_NUMBERS_AND_TEXTS = (int, float, complex, str, bytes)


class Kinship:
    """What the tests' end knows of the classes of the program's objects.

    Args:
        asked: asks the program.
        own: the author's modules, whose classes no program has.
    """

    def __init__(self, asked: Asked, own: Collection[str]) -> None:
        self._asked = asked
        self._likenesses = Likenesses(own)
        self._made: dict[tuple[int, bool], type] = {}
        # Data of classes derived from plain ones, by its id: it is kept, so that no other object has that.
        self._special: dict[int, tuple[Any, Any]] = {}
        # What was asked last where the answer was no.
        self.denied = ""

    def builtins(self) -> dict[str, Any]:
        """Return the names that take the place of Python's in the author's modules."""
        return {"isinstance": self._told(self.is_instance), "issubclass": self._told(self.is_subclass)} | {
            "callable": lambda thing: "__call__" in thing._of["does"] if stays(thing) else builtins.callable(thing)
        }

    def is_instance(self, thing: Any, cls: Any) -> bool:
        if type(cls) is tuple:
            return any(self.is_instance(thing, each) for each in cls)
        special = self._special.get(id(thing))
        if stays(cls) and stays(thing):
            return self._asked("is", cls._id, "", (thing,)) is True
        if stays(cls) and special is not None:
            return self.is_subclass(special[1], cls)
        if stays(cls):
            library = self.library_class(cls)
            return library is not None and builtins.isinstance(thing, library)
        if stays(thing):
            return _under(self.likeness_of(thing), cls)
        itself = builtins.isinstance(thing, cls)
        return itself or (special is not None and _under(self.likeness(special[1]), cls))

    def is_subclass(self, cls: Any, above: Any) -> bool:
        if type(above) is tuple:
            return any(self.is_subclass(cls, each) for each in above)
        if stays(above) and stays(cls):
            return cls is above or self._asked("under", above._id, "", (cls,)) is True
        if stays(above):
            library = self.library_class(above)
            return library is not None and issubclass(cls, library)
        if stays(cls) and cls._itself is not None:
            return _under(self.likeness(cls), above)
        return issubclass(cls, above)

    def class_of(self, type_: Any, *things: Any) -> Any:
        """Return what type(thing) is: a class of a library itself, or what stands for one of the program's."""
        thing: Any = things[0] if type_ is type and len(things) == 1 else None
        special = self._special.get(id(thing))
        if special is not None:
            library = self.library_class(special[1])
            return special[1] if library is None else library
        if not stays(thing):
            return type_(*things)
        self._hold_apart(thing)
        library = self._likenesses.exact(thing._of)
        return self._asked("class", thing._id) if library is None else library

    def itself(self, thing: Any) -> Any:
        """Return what `is` goes by: a class of a library itself, where the program has it under a name."""
        library = self.library_class(thing) if stays(thing) else None
        return thing if library is None else library

    def is_dataclass(self, thing: Any) -> bool:
        """Return what dataclasses.is_dataclass() says."""
        if not stays(thing):
            return _is_dataclass(thing)
        told = thing._of if thing._itself is None else thing._itself
        return "__dataclass_fields__" in told["does"]

    def likeness_of(self, thing: Any) -> type:
        """Return what the class of `thing` is to isinstance().

        Raises:
            TypeError: where that cannot be had.
        """
        self._hold_apart(thing)
        return self._likeness(thing, False, thing._of)

    def likeness(self, cls: Any) -> type:
        """Return what `cls`, a class of the program's, is to issubclass()."""
        return self._likeness(cls, True, cls._itself)

    def library_class(self, cls: Any) -> type | None:
        """Return the class of a library that `cls` is; None where it is one of the program's own, or no class."""
        return None if cls._itself is None else self._likenesses.exact(cls._itself)

    def special(self, cls: Any, told: Mapping[str, Any], plain: Any) -> Any:
        """Return an object of a library's class, or plain data of which it is known that its class is `cls`."""
        thing = made(told, plain)
        if thing is not None:
            return thing
        if not stays(cls):
            return plain
        if type(plain) in _NUMBERS_AND_TEXTS:
            # 3 is one object wherever it comes from; of what is derived from int, each is its own.
            plain = type(str(cls._type), (type(plain),), {})(plain)
        # So is the empty tuple.
        shared = type(plain) in (bool, range) or (type(plain) in (tuple, frozenset) and not plain)
        if builtins.isinstance(plain, plain_classes()) and not shared:
            self._special[id(plain)] = plain, cls
        return plain

    def _likeness(self, proxy: Any, itself: bool, told: dict[str, Any]) -> type:
        key = proxy._id, itself
        if key not in self._made:
            self._made[key] = self._likenesses.of(proxy._type, told)
        return self._made[key]

    def _hold_apart(self, thing: Any) -> None:
        if any(issubclass(cls, plain_classes()) for cls in self._likenesses.known(thing._of)):
            raise TypeError(
                f"the program's {thing._type} stays where it is, because it is too large or holds what cannot be "
                "handed over: what it is cannot be asked here"
            )

    def _told(self, asked: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
        name = asked.__name__.replace("_", "")

        def answer(thing: Any, cls: Any) -> bool:
            yes = asked(thing, cls)
            if not yes:
                self.denied = f"{name}({_shown(thing)}, {_shown(cls)})"
            return yes

        answer.__name__ = answer.__qualname__ = name
        return answer


def _under(likeness: type, cls: Any) -> bool:
    if getattr(cls, "_is_protocol", False) and cls.__module__ not in ("typing", "collections.abc"):
        raise TypeError(
            f"whether an object of the program's fits the protocol {cls.__name__} cannot be asked here; "
            "ask for its methods with hasattr()"
        )
    return issubclass(likeness, cls)


def _shown(thing: Any) -> str:
    if type(thing) is tuple:
        return f"({', '.join(map(_shown, thing))})"
    if stays(thing):
        return str(thing._type) if thing._itself is not None else f"{thing._type}(…)"
    return str(thing.__name__) if isinstance(thing, type) else f"{type(thing).__name__}(…)"
