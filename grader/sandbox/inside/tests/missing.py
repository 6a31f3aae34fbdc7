"""What stands in the author's tests for a name that a program does not have."""

from __future__ import annotations

from types import ModuleType
from typing import Any, NoReturn

# What is done with a value by an operator, by its place in the language; Python looks for these in the class only.
OPERATORS = tuple(
    f"__{name}__"
    for name in (
        "lt le gt ge add sub mul truediv floordiv mod pow matmul and or xor lshift rshift neg pos abs invert radd rsub "
        "rmul rtruediv rfloordiv rmod rpow rmatmul rand ror rxor rlshift rrshift int float complex index round"
    ).split()
)


class NoSuchName(AttributeError):
    """The program does not have a name that a test uses."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no {name} in the program")
        self.missing = name


class Missing:
    """Says that the name is missing wherever it is used."""

    def __init__(self, name: str) -> None:
        self._missing = name

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise NoSuchName(self._missing)

    def __eq__(self, other: object) -> NoReturn:
        self._refuse()

    def __hash__(self) -> NoReturn:
        self._refuse()

    def __getattr__(self, name: str) -> NoReturn:
        raise NoSuchName(self._missing)

    def __repr__(self) -> str:
        return f"<no {self._missing}>"


for _name in (*OPERATORS, "__call__", "__getitem__", "__len__", "__iter__", "__contains__", "__bool__", "__next__"):
    setattr(Missing, _name, Missing._refuse)


def named(program: ModuleType, name: str) -> Any:
    """Return what the program has under `name`, or what stands for it."""
    try:
        return getattr(program, name)
    except NoSuchName:
        return Missing(name)
