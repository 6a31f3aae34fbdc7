"""One end of the line between a program and the author's tests: what it is asked, and what it asks meanwhile."""

from __future__ import annotations

import builtins
import contextlib
import io
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from grader.sandbox.inside.channel import Channel
from grader.sandbox.inside.program.program import Program
from grader.sandbox.inside.tests.classes import kin
from grader.sandbox.inside.tests.codec import CannotEncode, Codec, can_change

_MOST_HANDLES = 100_000
_MOST_PRINTED = 60_000


class Line:
    """Both ends take turns: whoever has asked answers what it is asked before it has its reply."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self.codec = self.make_codec()

    def make_codec(self) -> Codec:
        """Return what writes and reads the values at this end."""
        return Codec(self.other, self.known)

    def other(self, thing: object) -> dict[str, Any]:
        """Write an object that is no plain data."""
        raise NotImplementedError

    def known(self, value: dict[str, Any]) -> Any:
        """Return what a handle or a function stands for at this end."""
        raise NotImplementedError

    def done(self, ask: dict[str, Any]) -> dict[str, Any]:
        """Do what is asked and return the reply's fields."""
        raise NotImplementedError

    def ask(self, do: str, of: int | None = None, name: str = "", args: Sequence[Any] = (), **kwargs: Any) -> Any:
        """Ask the other end and return its reply, serving it until that comes."""
        written = {key: self.codec.encoded(value) for key, value in kwargs.items()}
        frame = {"do": do, "of": of, "name": name, "args": list(map(self.codec.encoded, args)), "kwargs": written}
        self._channel.send({"frame": "ask", **frame})
        while (frame := self._channel.receive())["frame"] == "ask":
            self.answer(frame)
        return frame

    def answer(self, ask: dict[str, Any]) -> None:
        """Do what the other end asks, and reply."""
        self._channel.send({"frame": "reply", **self.done(ask)})

    def raised(self, error: BaseException, line: int = 0) -> dict[str, Any]:
        """Describe an exception for the other end."""
        try:
            args = [self.codec.encoded(arg) for arg in error.args[:20]]
        # They can be anything, and of a class of the submission's.
        except BaseException:
            args = []
        return {
            "name": type(error).__name__[:200],
            "types": builtin_bases(type(error)),
            "args": args,
            "text": _words(error),
            "line": line,
        }


def builtin_bases(cls: type) -> list[str]:
    """Return the names of the built-in exceptions that `cls` is, the nearest first."""
    return [base.__name__ for base in cls.__mro__ if base is getattr(builtins, base.__name__, None)][:20]


def _words(error: BaseException) -> str:
    try:
        return str(error)[:2000].encode("utf-8", "replace").decode()
    # str() of an exception can be the submission's own code.
    except BaseException:
        return ""


class ProgramLine(Line):
    """The program's end: holds its objects, and does with them what the tests ask."""

    def __init__(self, channel: Channel, program: Program) -> None:
        super().__init__(channel)
        self._program = program
        self._objects: list[Any] = []
        self._kept: list[type] = []
        self._places: dict[int, int] = {}
        self._kin: dict[int, dict[str, Any]] = {}
        self._verbs: Mapping[str, Callable[..., Any]] = {
            "call": lambda thing, _, args, kwargs: thing(*args, **kwargs),
            "get": lambda thing, name, *_: getattr(thing, name),
            "set": lambda thing, name, args, _: setattr(thing, name, args[0]),
            "item": lambda thing, _, args, __: thing[args[0]],
            "put": lambda thing, _, args, __: thing.__setitem__(*args),
            "len": lambda thing, *_: len(thing),
            "iter": lambda thing, *_: iter(thing),
            "next": lambda thing, *_: next(thing),
            "str": lambda thing, *_: str(thing),
            "repr": lambda thing, *_: repr(thing),
            "is": lambda thing, _, args, __: isinstance(args[0], thing),
            "under": lambda thing, _, args, __: issubclass(args[0], thing),
            "class": lambda thing, *_: type(thing),
        }

    def make_codec(self) -> Codec:
        return Codec(self.other, self.known, self.other)

    def serve(self) -> None:
        """Answer asks until the host says that it is the end."""
        while (frame := self._channel.receive()).get("frame") == "ask":
            self.answer(frame)

    def other(self, thing: object) -> dict[str, Any]:
        place = self._places.get(id(thing))
        if place is None:
            if len(self._objects) >= _MOST_HANDLES:
                raise CannotEncode("too many objects are held")
            place = self._places[id(thing)] = len(self._objects)
            self._objects.append(thing)
        written: dict[str, Any] = {"t": "handle", "id": place, "type": type(thing).__name__[:200]}
        written["of"] = self._kin_of(type(thing))
        if isinstance(thing, type):
            error = issubclass(thing, BaseException)
            types = builtin_bases(thing) if error else []
            kind, name = "exception" if error else "class", thing.__name__[:200]
            return {**written, "kind": kind, "type": name, "types": types, "itself": self._kin_of(thing)}
        return {**written, "kind": "function" if callable(thing) and hasattr(thing, "__name__") else "object"}

    def _kin_of(self, cls: type) -> dict[str, Any]:
        if id(cls) not in self._kin:
            # A class that is gone would leave its number to another.
            self._kept.append(cls)
            self._kin[id(cls)] = kin(cls)
        return self._kin[id(cls)]

    def known(self, value: dict[str, Any]) -> Any:
        if value["t"] == "handle":
            return self._objects[value["id"]]

        def function(*args: Any, **kwargs: Any) -> Any:
            reply = self.ask("call", value["id"], args=args, **kwargs)
            if reply["raised"] is not None:
                raised = reply["raised"]
                raise same_error(builtin_base(raised["types"]), (raised["text"],), raised)
            return self.codec.decoded(reply["value"])

        return function

    def done(self, ask: dict[str, Any]) -> dict[str, Any]:
        printed = _Printed(sys.stdout)
        after: list[Any] = []
        try:
            with contextlib.redirect_stdout(printed):
                args = list(map(self.codec.decoded, ask["args"]))
                kwargs = {name: self.codec.decoded(value) for name, value in ask["kwargs"].items()}
                value = self._written(self._did(ask, args, kwargs))
            given = zip((*args, *kwargs.values()), (*ask["args"], *ask["kwargs"].values()), strict=True)
            after = [self._changed(thing, before) for thing, before in given]
        except BaseException as error:
            described = self._program.raised(error)
            raised = {**self.raised(error, described["line"]), **self._class_of(error)}
            return {"raised": raised, "printed": printed.text}
        return {"value": value, "after": after, "printed": printed.text}

    def _did(self, ask: dict[str, Any], args: list[Any], kwargs: dict[str, Any]) -> Any:
        names, name = self._program.names, ask["name"]
        match ask["do"]:
            case "names":
                return [str(known) for known in list(names) if not str(known).startswith("__")][:1000]
            case "bind":
                names[name] = args[0]
                return None
            case "name" | "unbind" if name not in names:
                raise AttributeError(name)
            case "name":
                return names[name]
            case "unbind":
                del names[name]
                return None
            case verb:
                return self._verbs[verb](self._objects[ask["of"]], name, args, kwargs)

    def _written(self, thing: Any) -> dict[str, Any]:
        try:
            return self.codec.encoded(thing)
        except CannotEncode:
            return self.other(thing)

    def _changed(self, thing: Any, before: dict[str, Any]) -> dict[str, Any] | None:
        if not can_change(thing) or before["t"] == "handle":
            return None
        try:
            now = self.codec.encoded(thing)
        except CannotEncode:
            return None
        return None if now == self.codec.encoded(self.codec.decoded(before)) else now

    def _class_of(self, error: BaseException) -> dict[str, Any]:
        cls = type(error)
        own = cls is not getattr(builtins, cls.__name__, None)
        return {"id": self.other(cls)["id"]} if own else {}


class _Printed(io.TextIOBase):
    """Standard output that remembers the beginning of what goes through it."""

    def __init__(self, onward: Any) -> None:
        # A call inside a call prints once.
        self._onward: Any = onward._onward if isinstance(onward, _Printed) else onward
        self.text = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.text += text[: max(_MOST_PRINTED - len(self.text), 0)].encode("utf-8", "replace").decode()
        self._onward.write(text)
        return len(text)

    def flush(self) -> None:
        self._onward.flush()


def builtin_base(types: Sequence[str]) -> type[Exception]:
    """Return the nearest built-in exception among these names. What ends a process is none: it must not end another."""
    found = (getattr(builtins, name, None) for name in types)
    return next((cls for cls in found if isinstance(cls, type) and issubclass(cls, Exception)), RuntimeError)


def same_error(cls: type[Exception], args: Sequence[Any], raised: Mapping[str, Any]) -> Exception:
    """Return an exception of class `cls` that says what one of the other end said."""
    text = raised["text"]
    if cls is RuntimeError and "RuntimeError" not in raised["types"]:
        text = f"{raised['name']}: {text}"
    try:
        error = cls(*args)
        if str(error) == text:
            return error
    # UnicodeDecodeError and its like take more than a text.
    except TypeError:
        pass
    worded: type[Exception] = type(cls.__name__, (cls,), {"__str__": lambda _: text})
    error = Exception.__new__(worded)
    error.args = tuple(args)
    return error
