"""The values that a result is made of: where they are, and which of two programs' belong together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from grader.core.run.observation import Called, Value

Place = tuple[str | int, ...]


def placed(values: Sequence[Value]) -> dict[Place, Value]:
    """Return the values of a result by their places."""
    several = len(values) > 1
    return {(i,) if several and not value.place else value.place: value for i, value in enumerate(values)}


def results_of(called: Called, count: int) -> Called:
    """Return a list of so many numbers as so many results: to the box it is one value."""
    whole = called.values[0] if len(called.values) == 1 else None
    if whole is None or whole.kind != "list" or whole.place or whole.data is None or whole.data.ndim == 0:
        return called
    if len(whole.data) != count:
        return called
    kind = "number" if whole.data.ndim == 1 else "list"
    values = tuple(
        replace(whole, kind=kind, data=np.asarray(each), place=(i,), within=whole.type_name)
        for i, each in enumerate(whole.data)
    )
    gradients = {name: each * count for name, each in called.gradients.items()}
    return replace(called, values=values, gradients=gradients)


def fields_of_place(place: Place) -> dict[str, object]:
    """Return a place as a finding has it: which of several results, and the rest as Python writes it."""
    several = bool(place) and isinstance(place[0], int)
    inner = path_of(place[1:] if several else place)
    return {**({"result": int(place[0]) + 1} if several else {}), **({"part": inner} if inner else {})}


def path_of(place: Place) -> str:
    """Return what Python writes behind a result to reach a place: [1]['x']; "" for the result itself."""
    return "".join(f"[{each}]" for each in place)


def side_by_side(ours: Iterable[Place], theirs: Iterable[Place]) -> list[tuple[list[Place], list[Place]]]:
    """Return the places that are the same part of a result in two programs: one of the two may have it in pieces.

    The second is empty where the other program has no such part.
    """
    mine, others = list(ours), list(theirs)
    found: dict[Place, tuple[list[Place], list[Place]]] = {}
    for place in mine:
        inner = [each for each in others if each[: len(place)] == place]
        outer = next((each for each in others if place[: len(each)] == each), None)
        if inner or outer is None:
            found[place] = ([place], inner)
        else:
            found[outer] = ([each for each in mine if each[: len(outer)] == outer], [outer])
    return list(found.values())


def paired(
    ours: Mapping[Place, Value], theirs: Mapping[Place, Value], several: bool = False
) -> dict[Place, Value] | None:
    """Return another program's value for each of ours that it has one for; None where it has some that we have not.

    Numbers in a list, and an array of them, are one value to us where another program may hold several, or the other
    way round.

    Args:
        several: whether the exercise asks for several results, so that they are not one array.
    """
    found: dict[Place, Value] = {}
    used: set[Place] = set()
    for place, mine in ours.items():
        if place in theirs:
            found[place] = theirs[place]
            used.add(place)
            continue
        inner = [each for each in theirs if each[: len(place)] == place]
        joined = _joined(place, mine, {each: theirs[each] for each in inner})
        if joined is not None:
            found[place] = joined
            used |= set(inner)
            continue
        outer = place[:-1]
        whole = theirs.get(outer) if place else None
        stacked = several and not outer and whole is not None and whole.kind != "list"
        one = None if stacked or not place else _one_of(place, mine, ours, whole)
        if one is not None:
            found[place] = one
            used.add(outer)
    return found if used == set(theirs) else None


def _joined(place: Place, mine: Value, inner: Mapping[Place, Value], within: bool = False) -> Value | None:
    """Return values in a list, and in lists within it, as one array; None where they are not one to us.

    Args:
        within: whether this is a list within another, which may be a tuple if ours is one.
    """
    items = {each[len(place)] for each in inner}
    if mine.data is None or not items or items != set(range(len(items))):
        return None
    parts = []
    for number in range(len(items)):
        at = (*place, number)
        part = inner.get(at) or _joined(at, mine, {each: inner[each] for each in inner if each[: len(at)] == at}, True)
        if part is None or part.data is None:
            return None
        parts.append(part)
    # A tuple of tensors is several results, not one; and a list around one tensor is no tensor.
    alone = len(parts) == 1 and mine.kind != "list"
    lists = ("list", mine.type_name) if within else ("list",)
    several = any(part.kind == "tensor" and (part.within not in lists or alone) for part in parts)
    arrays = [part.data for part in parts if part.data is not None]
    if several or len({array.shape for array in arrays}) > 1:
        return None
    return replace(parts[0], kind="list", type_name=parts[0].within, data=np.stack(arrays), place=place)


def _one_of(place: Place, mine: Value, ours: Mapping[Place, Value], whole: Value | None) -> Value | None:
    number = place[-1]
    if mine.data is None or whole is None or whole.data is None or not isinstance(number, int):
        return None
    if whole.kind != "list" and mine.within != "list":
        return None
    siblings = sum(each[:-1] == place[:-1] for each in ours if each)
    if whole.data.ndim == 0 or len(whole.data) != siblings:
        return None
    return replace(whole, data=np.asarray(whole.data[number]), place=place)
