"""Training to a goal: the data that an author's function makes for it, and what a program is trained with."""

from __future__ import annotations

import ast
import math
from collections.abc import Sequence
from dataclasses import dataclass

from grader.core.course.draws.draw import Array
from grader.core.words.message import Message, say

# Numbers of all data together: what three children are told, one after the other.
MOST_NUMBERS = 250_000
# Seconds of processor time, over all seeds of a training.
MOST_SECONDS = 30.0
# Backward calls of one training.
MOST_STEPS = 5_000
MOST_SEEDS = 5


@dataclass(frozen=True)
class DataSource:
    """Where the data of a training come from.

    Attributes:
        maker: a function of data.py. It gets a seed, and returns what is called by these names, and then what is right.
        train: what a program is trained with, by name.
        test: what it is asked about once it is trained, by name.
    """

    maker: str
    train: tuple[str, ...]
    test: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.train, *self.test)


@dataclass(frozen=True)
class Data:
    """What an author's function made from one seed.

    Attributes:
        train: what a program is trained with: names and arrays.
        test: what it is asked about once it is trained.
        right: what it should say of these. It never enters the box of a submission.
        machine: on what they were made: the version of torch, and what the processor can do.
    """

    train: tuple[tuple[str, Array], ...] = ()
    test: tuple[tuple[str, Array], ...] = ()
    right: Array = Array((0,), ())
    machine: str = ""


def half_of(array: Array) -> Array:
    """Return the first half of the rows of an array, at least one."""
    if not array.shape:
        return array
    rows = (array.shape[0] + 1) // 2
    shape = (rows, *array.shape[1:])
    return Array(shape, array.numbers[: math.prod(shape)], array.dtype)


def rows_of(array: Array, order: Sequence[int]) -> Array:
    """Return rows of an array, along its first axis, in this order."""
    size = math.prod(array.shape[1:])
    numbers = (number for row in order for number in array.numbers[row * size : (row + 1) * size])
    return Array((len(order), *array.shape[1:]), tuple(numbers), array.dtype)


@dataclass(frozen=True)
class MakerFault:
    """What is wrong with data.py, and in which line."""

    line: int
    message: Message


def faults_of_maker(text: str, maker: str) -> list[MakerFault]:
    """Return why the text of data.py cannot serve; nothing where it has the function."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        return [MakerFault(line, say("Python cannot read this file: {words}", words=str(error)))]
    made = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    if maker in made:
        return []
    return [MakerFault(1, say("data.py defines no function {name}; it has: {names}", name=maker, names=made or "–"))]
