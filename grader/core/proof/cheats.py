"""Programs that know nothing of an exercise, to be put to an author's tests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum


class Family(Enum):
    """Cheats that are kept out by the same change of a test."""

    CONSTANT = "constant"
    EMPTY = "empty"
    NAN = "nan"
    ARGUMENT = "argument"
    CLAIM = "claim"


@dataclass(frozen=True)
class Cheat:
    """What all functions of a program do in place of what they should.

    Attributes:
        shown: how messages call it: as Python.
        returns: the expression that is returned; `given` are the arguments.
        like: another cheat; where a test is passed by that one, too, it says enough.
    """

    family: Family
    shown: str
    returns: str
    like: str = ""


# An array of this shape goes with every other of up to four dimensions, and leaves nothing to compare.
_NO_ELEMENTS = "(0, 1, 1, 1)"
_EMPTY_TENSOR = Cheat(Family.EMPTY, f"torch.zeros({_NO_ELEMENTS})", f"__import__('torch').zeros({_NO_ELEMENTS})")
CHEATS = (
    Cheat(Family.CONSTANT, "None", "None"),
    Cheat(Family.CONSTANT, "0", "0"),
    Cheat(Family.CONSTANT, "True", "True"),
    Cheat(Family.EMPTY, "[]", "[]"),
    Cheat(Family.EMPTY, "{}", "{}", like="[]"),
    Cheat(Family.EMPTY, "''", "''", like="[]"),
    Cheat(Family.EMPTY, "range(0)", "range(0)"),
    Cheat(Family.EMPTY, "range(10**15)", "range(10**15)"),
    Cheat(Family.EMPTY, f"np.zeros({_NO_ELEMENTS})", f"__import__('numpy').zeros({_NO_ELEMENTS})"),
    Cheat(Family.NAN, "nan", "float('nan')"),
    Cheat(Family.ARGUMENT, "xs", "given[0] if given else object()"),
    Cheat(Family.ARGUMENT, "xs.clear()", "emptied(given)", like="[]"),
    Cheat(Family.ARGUMENT, "xs[:] = 0", "zeroed(given)"),
    Cheat(Family.CLAIM, "object()", "claiming(name)", like="[]"),
)

# Appended to the solution: every function and method of it is replaced, and every value that is no module or class of
# a library. A class keeps its name, its bases of other modules and the names of its methods.
_PROGRAM = """
def _replace_everything(names, said):
    import functools
    import types

    def emptied(given):
        for each in given:
            if hasattr(each, "clear"):
                each.clear()
            else:
                zeroed([each])
        return given[0] if given else object()

    def zeroed(given):
        for each in given:
            if isinstance(each, (list, dict)):
                for key in range(len(each)) if isinstance(each, list) else list(each):
                    each[key] = zeroed([each[key]]) if hasattr(each[key], "__setitem__") else 0
            elif hasattr(each, "zero_"):
                each.data.zero_()
            elif hasattr(each, "__setitem__"):
                each[...] = 0
        return given[0] if given else object()

    class Claiming:
        def __init__(self, text="", shown="", length=0):
            self._told = text, shown, length
        def __str__(self): return self._told[0]
        def __repr__(self): return self._told[1]
        def __len__(self): return self._told[2]
        def __bool__(self): return True
        def __iter__(self): return iter(())
        def __eq__(self, other): return True
        __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__
        __hash__ = object.__hash__

    def claiming(name):
        told = said.get(name) or [()]
        return Claiming(*(told.pop(0) if len(told) > 1 else told[0]))

    def made(name, given=()):
        return {returns}

    def function(name):
        def cheat(*given, **named):
            return made(name, [*given, *named.values()])
        cheat.__name__ = name
        return cheat

    def method(name, each):
        if isinstance(each, property) or isinstance(each, functools.cached_property):
            return property(lambda self: made(name))
        if isinstance(each, staticmethod):
            return staticmethod(function(name))
        def cheat(self, *given, **named):
            return made(name, [*given, *named.values()])
        return classmethod(cheat) if isinstance(each, classmethod) else cheat

    def shell(cls):
        own = [each for each in reversed(cls.__mro__) if each.__module__ == cls.__module__]
        kept = tuple(each for each in cls.__mro__ if each.__module__ != cls.__module__ and each is not object)[:1]
        body = {{}}
        for each in own:
            for name, value in vars(each).items():
                if name in _KEPT or not (isinstance(value, _OF_CLASSES)):
                    continue
                body[name] = method(cls.__name__ + "." + name, value)
        def __init__(self, *given, **named):
            try:
                super(made_of, self).__init__()
            except Exception:
                pass
        def __getattr__(self, name):
            if name.startswith("_"):
                raise AttributeError(name)
            return made(cls.__name__ + "." + name)
        body.update(__init__=__init__, __getattr__=__getattr__, __module__=cls.__module__)
        try:
            made_of = type(cls.__name__, kept, body)
        except Exception:
            made_of = type(cls.__name__, (), body)
        return made_of

    _KEPT = {{"__init__", "__new__", "__getattr__", "__getattribute__", "__setattr__", "__init_subclass__", "__del__"}}
    _OF_CLASSES = (types.FunctionType, classmethod, staticmethod, property, functools.cached_property)
    for name, value in list(names.items()):
        if name.startswith("__") or isinstance(value, types.ModuleType) or name == "_replace_everything":
            continue
        if isinstance(value, type):
            if value.__module__ == names.get("__name__") and not issubclass(value, BaseException):
                names[name] = shell(value)
        else:
            names[name] = function(name) if callable(value) else made(name)


_replaced = _replace_everything(globals(), {said})
"""

# Appended to the solution: what its functions return is written down, as the tests get it.
_NOTED = """
def _note_everything(names):
    import functools
    import json
    import os
    import types

    inside = []
    left = [{most}]

    def noted(name, each):
        @functools.wraps(each)
        def wrapper(*given, **named):
            inside.append(name)
            try:
                value = each(*given, **named)
            finally:
                inside.pop()
            if not inside and left[0] > 0:
                left[0] -= 1
                try:
                    length = len(value)
                except Exception:
                    length = 0
                line = json.dumps([name, str(value)[:{longest}], repr(value)[:{longest}], length])
                os.write(2, ("\\n{mark}" + line + "\\n").encode())
            return value
        return wrapper

    for name, value in list(names.items()):
        if name == "_note_everything":
            continue
        if isinstance(value, types.FunctionType) and value.__module__ == names.get("__name__"):
            names[name] = noted(name, value)
        elif isinstance(value, type) and value.__module__ == names.get("__name__"):
            for of, each in list(vars(value).items()):
                if isinstance(each, types.FunctionType) and not of.startswith("__"):
                    setattr(value, of, noted(value.__name__ + "." + of, each))


_noted = _note_everything(globals())
"""
_MARK = "solution-returned "
_MOST, _LONGEST = 500, 500
Said = Mapping[str, Sequence[Sequence[str | int]]]


def cheats_for(*texts: str) -> tuple[Cheat, ...]:
    """Return the cheats of an exercise with these programs and tests: with tensors only where it has any."""
    return (*CHEATS, _EMPTY_TENSOR) if any("torch" in text for text in texts) else CHEATS


def cheating(solution: str, cheat: Cheat, said: Said) -> str:
    """Return a program with the names of the solution, all of whose functions cheat.

    Args:
        said: what the solution's functions returned, by name: text, representation and length of each result.
    """
    return solution + _PROGRAM.format(
        returns=cheat.returns, said=repr({name: list(each) for name, each in said.items()})
    )


def noting(solution: str) -> str:
    """Return the solution, which writes to standard error what its functions return."""
    return solution + _NOTED.format(most=_MOST, longest=_LONGEST, mark=_MARK)


def said_by_solution(stderr: str) -> Said:
    """Return what a noting solution wrote."""
    said: dict[str, list[tuple[str | int, ...]]] = {}
    for line in stderr.splitlines():
        if line.startswith(_MARK):
            try:
                name, *told = json.loads(line.removeprefix(_MARK))
            # The rest was more than may be written.
            except ValueError:
                break
            said.setdefault(name, []).append(tuple(told))
    return said
