"""What the author's tests see of a program that runs elsewhere: the module `submission`, and proxies for its objects.

What a program computes arrives as genuine numbers, texts, lists, arrays and tensors. What is none of these stays where
it is, and a Proxy takes its place here. It never compares or computes: a comparison that the program made would be
the program's word.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Collection, Iterator
from typing import Any, NoReturn

from grader.sandbox.inside.channel import Channel
from grader.sandbox.inside.tests.codec import CannotEncode, Stays, changed_in_place, stays
from grader.sandbox.inside.tests.kinship import Kinship
from grader.sandbox.inside.tests.line import Line, builtin_base, same_error
from grader.sandbox.inside.tests.missing import OPERATORS, NoSuchName

MODULE = "submission"
# Dunder names that are asked for; others are what Python and NumPy look for in objects of their own.
_ASKED = frozenset({"__name__", "__doc__"})


class Proxy(Stays):
    """An object of the program. Reading, calling, len(), indexing, iterating and str() are done there."""

    # For pytest: whatever it is called, it is no test.
    __test__ = False
    _line: TestsLine
    _itself: dict[str, Any] | None

    def __init__(self, line: TestsLine, written: dict[str, Any]) -> None:
        self.__dict__.update(_line=line, _id=written["id"], _kind=written["kind"], _type=written["type"])
        self.__dict__.update(_of=written["of"], _itself=written["itself"])

    @property  # type: ignore[misc]
    def __class__(self) -> type[Any]:
        """What isinstance() goes by, whoever asks: a class of a library, or an empty one that is derived from it."""
        return self._line.kinship.likeness_of(self)

    @property
    def __bases__(self) -> tuple[type, ...]:
        """What issubclass() goes by."""
        if self._itself is None:
            raise AttributeError("__bases__")
        return (self._line.kinship.likeness(self),)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in _ASKED:
            raise AttributeError(name)
        return self._line.asked("get", self._id, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._line.asked("set", self._id, name, (value,))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._line.asked("call", self._id, "", args, **kwargs)

    def __getitem__(self, key: Any) -> Any:
        return self._line.asked("item", self._id, "", (key,))

    def __setitem__(self, key: Any, value: Any) -> None:
        self._line.asked("put", self._id, "", (key, value))

    def __len__(self) -> int:
        return int(self._line.asked("len", self._id))

    def __iter__(self) -> Iterator[Any]:
        # A generator is its own iterator, and may have been begun already.
        there = self._line.asked("iter", self._id)
        return _Steps(there) if stays(there) else iter(there)

    def __next__(self) -> Any:
        return self._line.asked("next", self._id)

    def __str__(self) -> str:
        return _text(self._line.asked("str", self._id))

    def __repr__(self) -> str:
        return _text(self._line.asked("repr", self._id))

    def __instancecheck__(self, thing: object) -> bool:
        return self._line.kinship.is_instance(thing, self)

    def __subclasscheck__(self, cls: type) -> bool:
        return self._line.kinship.is_subclass(cls, self)

    def __eq__(self, other: object) -> bool:
        return self is other or (
            not stays(other) and other is not None and self._line.kinship.library_class(self) is other
        )

    def __hash__(self) -> int:
        itself = self._line.kinship.library_class(self)
        return hash((Proxy, self._id) if itself is None else itself)

    def __bool__(self) -> bool:
        if self._kind == "object":
            self._refuse()
        return True

    def _refuse(self, *_: Any) -> NoReturn:
        raise TypeError(
            f"the program gave an object of its class {self._type} where a value is expected: nothing is computed or "
            "compared with it here"
        )


class _Steps:
    """An iterator of the program."""

    def __init__(self, there: Proxy) -> None:
        self._there = there

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return next(self._there)


def _for_no_loop(raised: dict[str, Any]) -> dict[str, Any]:
    """Return what a program raised where nothing is iterated.

    map(), zip() and all() take a StopIteration for the end of what they go through, whoever raised it: a test would end
    without having compared anything. It becomes what Python makes of it in a generator (PEP 479).
    """
    ends = {"StopIteration", "StopAsyncIteration"} & {*raised["types"]}
    return (
        {**raised, "types": ["RuntimeError"], "id": None, "text": f"{raised['name']}: {raised['text']}"}
        if ends
        else raised
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("the program gave no text")
    return value


# Left to Python, `object - 9` would say that an operand is not supported; this says why.
for _name in OPERATORS:
    setattr(Proxy, _name, Proxy._refuse)


class TestsLine(Line):
    """The tests' end: hands data over, and makes what comes back into values, proxies and exceptions."""

    __test__ = False

    def __init__(self, channel: Channel, own: Collection[str] = ()) -> None:
        super().__init__(channel)
        self.kinship = Kinship(self.asked, own)
        self._functions: list[Any] = []
        self._proxies: dict[int, Proxy] = {}
        self._classes: dict[int, type[Exception]] = {}
        # Whether what a call does to its arguments is done to the test's own objects.
        self.in_place = False
        # Exceptions that came from the program, with the line of it that raised them.
        self.lines: list[tuple[BaseException, int]] = []

    def line_of(self, error: BaseException) -> int | None:
        """Return the program's line that raised `error`; None where it did not come from there."""
        return next((line for known, line in self.lines if known is error), None)

    def asked(self, do: str, of: int | None = None, name: str = "", args: Any = (), **kwargs: Any) -> Any:
        """Ask the program, and return or raise what came of it."""
        reply = self.ask(do, of, name, args, **kwargs)
        sys.stdout.write(reply["printed"])
        raised = reply["raised"]
        if raised is not None:
            raise self._error(raised if do == "next" else _for_no_loop(raised))
        for old, new in zip((*args, *kwargs.values()), reply["after"] if self.in_place else (), strict=False):
            if new is not None:
                changed_in_place(old, self.codec.decoded(new))
        return None if reply["value"] is None else self.codec.decoded(reply["value"])

    def other(self, thing: object) -> dict[str, Any]:
        if isinstance(thing, Proxy):
            return {"t": "handle", "id": thing._id}
        if isinstance(thing, types.FunctionType | types.MethodType | types.BuiltinFunctionType | type):
            self._functions.append(thing)
            return {"t": "function", "id": len(self._functions) - 1}
        raise CannotEncode(
            f"an object of class {type(thing).__name__} cannot be handed to the program; hand over numbers, texts, "
            "lists, dicts, arrays, tensors or functions"
        )

    def known(self, value: dict[str, Any]) -> Any:
        if value["t"] == "special":
            cls, told = self.codec.decoded(value["of"]), value["of"]["itself"]
            return self.kinship.special(cls, told, self.codec.decoded(value["v"]))
        place = value["id"]
        if value["t"] != "handle":
            raise CannotEncode("a function of the tests came back")
        if value["kind"] == "exception" and value["types"][:1] == [value["type"]]:
            # One of Python's own, by whatever name the program has it.
            return builtin_base(value["types"])
        if value["kind"] == "exception":
            return self._class(place, value["type"], value["types"])
        return self._proxies.setdefault(place, Proxy(self, value))

    def done(self, ask: dict[str, Any]) -> dict[str, Any]:
        """Call a function of the tests for the program; nothing else is to be had here."""
        try:
            if ask["do"] != "call":
                raise CannotEncode("nothing but functions can be used")
            args = map(self.codec.decoded, ask["args"])
            kwargs = {name: self.codec.decoded(value) for name, value in ask["kwargs"].items()}
            return {"value": self.codec.encoded(self._functions[ask["of"]](*args, **kwargs))}
        except Exception as error:
            return {"raised": self.raised(error)}

    def _error(self, raised: dict[str, Any]) -> Exception:
        base, place = builtin_base(raised["types"]), raised["id"]
        cls = base if place is None else self._class(place, raised["name"], raised["types"])
        error = same_error(cls, [self.codec.decoded(arg) for arg in raised["args"]], raised)
        self.lines.append((error, raised["line"]))
        return error

    def _class(self, place: int, name: str, types: list[str]) -> type[Exception]:
        """Return a class of our own for an exception class of the program's: it can be waited for here."""
        if place not in self._classes:
            self._classes[place] = type(name, (builtin_base(types),), {})
        return self._classes[place]


class Submission(types.ModuleType):
    """The module `submission`: its names are the program's."""

    def __init__(self, line: TestsLine) -> None:
        super().__init__(MODULE)
        self.__dict__.update(_line=line, __path__=[])

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self._line.asked("name", None, name)
        except AttributeError:
            raise NoSuchName(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        # What the import system writes down about a module is no name of the program.
        if name.startswith("__"):
            super().__setattr__(name, value)
        else:
            self._line.asked("bind", None, name, (value,))

    def __delattr__(self, name: str) -> None:
        try:
            self._line.asked("unbind", None, name)
        except AttributeError:
            raise NoSuchName(name) from None

    def __dir__(self) -> list[str]:
        return list(self._line.asked("names"))
