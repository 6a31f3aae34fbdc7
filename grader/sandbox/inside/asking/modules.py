"""Puts numbers into the parameters of a submission's module: into those that do what the solution's do."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from grader.sandbox.inside.program.environment.torch_import import torch_or_none
from grader.sandbox.inside.program.values import Floats, is_tensor

# Names and shapes, in the order in which a module has them.
Slots = Sequence[tuple[str, Sequence[int]]]
MOST_PARAMETERS = 100


@dataclass(frozen=True)
class Fit:
    """A parameter, and the place of the solution's module that it takes.

    Attributes:
        slot: the name of that place.
        shape: the shape of that place.
        turned: whether it is the transpose of what the solution has there.
    """

    slot: str
    shape: tuple[int, ...]
    parameter: Any
    turned: bool

    def put(self, numbers: Floats) -> None:
        """Give it these numbers, in the shape of the place, and no gradient."""
        torch = torch_or_none()
        laid = numbers.T if self.turned else numbers
        own = self.parameter.detach()
        own.copy_(torch.from_numpy(np.ascontiguousarray(laid)).reshape(own.shape))
        self.parameter.grad = None

    def as_solutions(self, numbers: Floats) -> Floats:
        """Return what has the parameter's shape in the shape of the place."""
        return np.ascontiguousarray(numbers.T) if self.turned else numbers.reshape(self.shape)


def is_module(thing: object) -> bool:
    torch = torch_or_none()
    return torch is not None and isinstance(thing, torch.nn.Module)


def parameters_of(module: Any) -> dict[str, Any]:
    """Return a module's parameters by name, each once, however many names it has; one more than may be, at most."""
    return dict(islice(module.named_parameters(), MOST_PARAMETERS + 1))


def slots_of(parameters: Mapping[str, Any]) -> list[tuple[str, list[int]]]:
    return [(name, list(each.shape)) for name, each in parameters.items()]


def fitted(
    parameters: Mapping[str, Any], slots: Slots | None, in_order_of_use: Callable[[], list[str]]
) -> list[Fit] | None:
    """Return each place of the solution's module with the parameter that takes it; None where some cannot be taken.

    Parameters of the solution's own names are taken by name. Where names are free they are taken in the order in which
    the call uses them first: the order of registration is that of a constructor's lines, and means nothing. If their
    shapes do not go with that order, the names that are the solution's count after all, and the order for the others.

    Args:
        slots: the places; None for a module's own.
        in_order_of_use: makes the call once, with objects of its own, and returns the names as they are used.
    """
    if slots is None:
        return [Fit(name, tuple(each.shape), each, False) for name, each in parameters.items()]
    if len(slots) != len(parameters):
        return None
    names = [name for name, _ in slots]
    if set(names) == set(parameters):
        return _taken(parameters, slots, names)
    used = in_order_of_use()
    if len(used) != len(slots):
        return None
    return _taken(parameters, slots, used) or _taken(parameters, slots, _by_name(names, used))


def _taken(parameters: Mapping[str, Any], slots: Slots, names: Sequence[str]) -> list[Fit] | None:
    found = []
    for (slot, shape), name in zip(slots, names, strict=True):
        own = parameters[name]
        turned = _turned(tuple(own.shape), tuple(shape))
        if turned is None:
            return None
        found.append(Fit(slot, tuple(shape), own, turned))
    return found


def _by_name(slots: Sequence[str], used: Sequence[str]) -> list[str]:
    """Return the parameter of each place: of its name, or of its name in a Sequential, or the next one in use."""
    found = {name: name for name in slots if name in used}
    for plain in dict.fromkeys(map(_without_numbers, slots)):
        ours = [name for name in slots if name not in found and _without_numbers(name) == plain]
        theirs = [name for name in used if name not in found and _without_numbers(name) == plain]
        if len(ours) == len(theirs) == 1:
            found[ours[0]] = theirs[0]
    others = iter([name for name in used if name not in found.values()])
    return [found.get(name) or next(others) for name in slots]


def _without_numbers(name: str) -> str:
    return ".".join(part for part in name.split(".") if not part.isdecimal())


def _turned(own: tuple[int, ...], wanted: tuple[int, ...]) -> bool | None:
    """Return whether a shape is the transpose of the one wanted; None where it is neither that nor the same."""
    if own == wanted or [each for each in own if each != 1] == [each for each in wanted if each != 1]:
        return False
    return True if len(own) == 2 and own == wanted[::-1] else None


def drawn(distribution: Sequence[Any], seed: str, slot: str, shape: Sequence[int]) -> Floats:
    """Return the numbers of one place: the same for every program, as they follow from the place alone."""
    own = hashlib.sha256(bytes.fromhex(seed) + slot.encode()).digest()
    stream = np.random.Generator(np.random.PCG64(int.from_bytes(own, "big")))
    word, first, second = distribution
    numbers = stream.uniform if word == "uniform" else stream.normal
    return np.asarray(numbers(first, second, tuple(shape)), dtype=np.float64)


def names_in_use(parameters: Mapping[str, Any], do: Callable[[], object]) -> tuple[list[str], int]:
    """Return the names of parameters in the order in which torch is first handed them, and how many others it was.

    The others are parameters that the module does not have: layers in a plain list are not registered.
    """
    from torch.nn.parameter import Parameter
    from torch.overrides import TorchFunctionMode

    named = {id(each): name for name, each in parameters.items()}
    used: dict[str, None] = {}
    others: dict[int, Any] = {}

    class Noting(TorchFunctionMode):
        def __torch_function__(self, function: Any, _types: Any, args: Any = (), kwargs: Any = None) -> Any:
            kwargs = kwargs or {}
            for thing in _flat((args, list(kwargs.values())), 4):
                if id(thing) in named:
                    used[named[id(thing)]] = None
                elif isinstance(thing, Parameter):
                    others[id(thing)] = thing
            return function(*args, **kwargs)

    with Noting():
        do()
    return list(used), len(others)


def _flat(thing: Any, deep: int) -> Iterator[Any]:
    if isinstance(thing, list | tuple) and deep:
        for each in thing:
            yield from _flat(each, deep - 1)
    else:
        yield thing


def keep_padding(module: Any) -> None:
    """Leave the rows zero that an embedding has for padding: who masks by hand makes zeros of them as well."""
    for each in module.modules():
        row = getattr(each, "padding_idx", None)
        if row is not None and is_tensor(getattr(each, "weight", None)):
            each.weight.detach()[row] = 0


def is_lazy(parameter: Any) -> bool:
    """Whether a parameter has no shape before the module is called for the first time."""
    from torch.nn.parameter import is_lazy

    return bool(is_lazy(parameter))
