"""The settings of a training, found in a program's text by the part they play: epochs, learning rate, start, order.

A reading, never a proof: what a setting does is seen when the program runs with another one in its place.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property, lru_cache
from itertools import chain, islice

from grader.core.program.features.code_features import nodes_if_few
from grader.core.program.features.constants import Number, Numbers, numbers_of
from grader.core.program.rewriting.setting_parts import factors_in, shuffles, turned_round, values_in
from grader.core.program.rewriting.splice import Splice, between, instead_of, spliced
from grader.core.program.source import Source


class Setting(Enum):
    """What a training goes by, beside its idea and its data; the values are the names of the mistakes."""

    EPOCHS = "epochs"
    RATE = "wrong-learning-rate"
    START = "start"
    ORDER = "order"


@dataclass(frozen=True)
class Written:
    """A setting as a program has it.

    Attributes:
        value: None where it is no number that is written out: a random start, another order of the data.
        numbers: where it is written; each takes the wanted value as it is.
        extra: what is added to the value in the text: `range(1, 11)` is 10 epochs.
        others: what is put in its place where it is no number; `{}` in it is the wanted value.
    """

    line: int
    value: float | None
    numbers: tuple[Number, ...] = ()
    extra: int = 0
    others: tuple[Splice, ...] = field(default=(), compare=False)

    def set_to(self, wanted: float | None) -> Iterator[Splice]:
        """Yield the splices that give it another value."""
        for number in self.numbers:
            if wanted is not None:
                yield instead_of(number.node, number.like(wanted + self.extra))
        for each in self.others:
            yield replace(each, text=each.text.replace("{}", repr(wanted)))


def with_settings(source: Source, changes: Mapping[Written, float | None]) -> str:
    """Return a program's text with other values for some of its settings; every line keeps its number."""
    return spliced(source.text, [splice for written, wanted in changes.items() for splice in written.set_to(wanted)])


def settings_of(source: Source, parameters: Sequence[str]) -> Mapping[Setting, Written]:
    """Return the settings of a program's training that its text shows; none that could be two things.

    Args:
        parameters: the names under which what is trained stands at the top level.
    """
    return _settings_of(source, frozenset(parameters))


@lru_cache(maxsize=8)
def _settings_of(source: Source, parameters: frozenset[str]) -> Mapping[Setting, Written]:
    nodes = nodes_if_few(source)
    try:
        training = _Training(nodes, parameters, numbers_of(nodes))
        found = {
            Setting.EPOCHS: training.epochs(),
            Setting.RATE: training.rate(),
            Setting.START: training.start(),
            Setting.ORDER: training.order(source),
        }
    except RecursionError:
        # No program of a course nests so deeply.
        return {}
    return {setting: written for setting, written in found.items() if written is not None}


@dataclass(frozen=True)
class _Training:
    nodes: Sequence[ast.AST]
    parameters: frozenset[str]
    numbers: Numbers

    def epochs(self) -> Written | None:
        """Return how often the outermost loop goes round that trains; None where there is more than one.

        None also where that is in a loop of which the text does not say how often it goes round.
        """
        loops = [node for node in self.nodes if isinstance(node, ast.For | ast.While) and self._trains(node)]
        counted = [(loop, found) for loop in loops if (found := self._rounds(loop)) is not None]
        inner = {id(each) for loop, _ in counted for each in ast.walk(loop) if each is not loop}
        outermost = [(loop, found) for loop, found in counted if id(loop) not in inner]
        if len(outermost) != 1:
            return None
        (loop, found), known = outermost[0], {id(loop) for loop, _ in counted}
        within = self._reached_from([other for other in loops if id(other) not in known])
        return None if id(loop) in within else found

    def rate(self) -> Written | None:
        """Return the factor of the update; None where updates have several."""
        optimizers = [
            number
            for node in self.nodes
            if isinstance(node, ast.Call)
            for value in _rates_of(node)
            if (number := self.numbers.of(value)) is not None
        ]
        updates = [number for node in self.nodes for term in self._steps(node) for number in self._factor(term)]
        found = tuple(dict.fromkeys(optimizers or updates or self.numbers.called(*_RATES)))
        if not found or len({abs(each.value) for each in found}) > 1 or len(found) > _MOST_PLACES:
            return None
        return Written(found[0].node.lineno, abs(found[0].value), found)

    def start(self) -> Written | None:
        """Return the number that the only parameter begins with."""
        if len(self.parameters) != 1:
            return None
        values = [
            node.value
            for node in self.nodes
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and self._is_named(node.targets[0])
        ]
        top = {id(each) for node in self.nodes if isinstance(node, ast.Module) for each in node.body}
        begun = [
            node
            for node in self.nodes
            if id(node) in top and isinstance(node, ast.Assign) and any(map(self._is_named, node.targets))
            if not any(map(self._is_named, ast.walk(node.value)))
        ]
        # One of several starting values is that of a trial, and nothing here says which.
        return self._begins(values[0]) if values and len(begun) < 2 else None

    def order(self, source: Source) -> Written | None:
        """Return what gives the data another order than they are written in."""
        loops = [node for node in self.nodes if isinstance(node, ast.For) and self._trains(node)]
        parts = (each for loop in loops for each in ast.walk(loop.iter))
        reordered = (splice for node in parts for splice in turned_round(node, source.text))
        shuffled = (splice for node in self.nodes for splice in shuffles(node))
        found = list(islice(chain(reordered, shuffled), _MOST_PLACES))
        return Written(found[0].line, None, others=tuple(found)) if found else None

    @cached_property
    def _training_functions(self) -> frozenset[str]:
        """The functions of the program that make a step of the training, or call one that does."""
        functions = {node.name: node for node in self.nodes if isinstance(node, ast.FunctionDef)}
        calls = {name: set(_called_in(node)) for name, node in functions.items()}
        found = {name for name, node in functions.items() if self._makes_a_step(node)}
        while more := {name for name in calls.keys() - found if calls[name] & found}:
            found |= more
        return frozenset(found)

    def _trains(self, node: ast.AST) -> bool:
        """Whether a part of the program makes a step of the training, or calls what does."""
        return self._makes_a_step(node) or not self._training_functions.isdisjoint(_called_in(node))

    def _reached_from(self, waiting: list[ast.AST]) -> set[int]:
        """Return what parts of a program hold, and the training functions that they call: by id()."""
        functions = {node.name: node for node in self.nodes if isinstance(node, ast.FunctionDef)}
        found = set[int]()
        while waiting:
            node = waiting.pop()
            if id(node) in found:
                continue
            found.add(id(node))
            waiting += ast.iter_child_nodes(node)
            waiting += [functions[name] for name in _called_by(node) if name in self._training_functions]
        return found

    def _makes_a_step(self, node: ast.AST) -> bool:
        return any(
            (isinstance(each, ast.Attribute) and each.attr in ("backward", "step"))
            or any(True for _ in self._steps(each))
            for each in ast.walk(node)
        )

    def _rounds(self, loop: ast.For | ast.While) -> Written | None:
        if isinstance(loop, ast.While):
            return self._rounds_of_while(loop)
        for call in ast.walk(loop.iter):
            match call:
                case ast.Call(func=ast.Name(id="range" | "trange"), args=[end]):
                    number, first = self.numbers.of(end), 0.0
                case ast.Call(func=ast.Name(id="range"), args=[begin, end, *step]) if not step or _is_one(step[0]):
                    start = self.numbers.of(begin)
                    number, first = self.numbers.of(end), start.value if start is not None else 0.5
                case _:
                    continue
            if number is not None and number.value == int(number.value) and first == int(first):
                return Written(number.node.lineno, number.value - first, (number,), int(first))
        return None

    def _rounds_of_while(self, loop: ast.While) -> Written | None:
        match loop.test:
            case ast.Compare(left=ast.Name(id=name), ops=[ast.Lt() | ast.LtE() as op], comparators=[end]):
                number, first = self.numbers.of(end), self.numbers.first.get(name)
                if number is None or first is None:
                    return None
                extra = int(first.value) - isinstance(op, ast.LtE)
                return Written(number.node.lineno, number.value - extra, (number,), extra)
        return None

    def _steps(self, node: ast.AST) -> Iterator[ast.expr]:
        """Yield what an update adds to a parameter, or takes from it."""
        match node:
            case ast.AugAssign(target=target, op=ast.Add() | ast.Sub(), value=value) if self._is_parameter(target):
                yield value
            case ast.Assign(targets=[target], value=ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right)) if (
                self._is_parameter(target) and self._is_parameter(left)
            ):
                yield right
            case ast.Call(func=ast.Attribute(value=target, attr="sub_" | "add_"), args=[value], keywords=more) if (
                self._is_parameter(target)
            ):
                yield next((each.value for each in more if each.arg == "alpha"), value)

    def _is_named(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Name) and node.id in self.parameters

    def _is_parameter(self, node: ast.AST) -> bool:
        while isinstance(node, ast.Attribute | ast.Subscript):
            if isinstance(node, ast.Attribute) and node.attr == "grad":
                return False
            node = node.value
        return isinstance(node, ast.Name) and node.id in self.parameters

    def _factor(self, term: ast.expr) -> Iterator[Number]:
        """Yield the factor of a step that is a rate: the one that has a name, the only one, or the only small one."""
        factors = [(part, number) for part in factors_in(term) if (number := self.numbers.of(part)) is not None]
        named = [number for part, number in factors if isinstance(part, ast.Name)]
        small = [number for _, number in factors if abs(number.value) < 1]
        for some in (named, small, [number for _, number in factors]):
            if len(some) == 1:
                yield some[0]
                return

    def _begins(self, value: ast.expr) -> Written | None:
        if any(isinstance(each, ast.BinOp) for each in ast.walk(value)):
            # Worked out, so there is no number that it begins with.
            return None
        for call in ast.walk(value):
            match call:
                case ast.Call(func=ast.Attribute(value=module, attr=name), args=[size, *more]) if name in _MAKERS:
                    sizes = ast.unparse(size) if isinstance(size, ast.Tuple | ast.List) else ""
                    sizes = sizes or f"({', '.join(map(ast.unparse, [size, *more]))},)"
                    text = f"{ast.unparse(module)}.full({sizes}, {{}}"
                    other = between(call.func, [size, *more][-1], text)
                    return Written(call.lineno, _MAKERS[name], others=(other,))
        found = [number for each in values_in(value) if (number := self.numbers.of(each)) is not None]
        return Written(found[0].node.lineno, found[0].value, (found[0],)) if len(found) == 1 else None


# A setting that is written in more places than any program of a course has is not looked at.
_MOST_PLACES = 8
_RATES = ("lr", "learning_rate", "alpha", "eta", "rate", "step_size", "tezlik")
_OPTIMIZERS = ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad")
_MAKERS: Mapping[str, float | None] = {"zeros": 0.0, "ones": 1.0, "randn": None, "rand": None}


def _is_one(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 1 and not isinstance(node.value, bool)


def _called_in(node: ast.AST) -> Iterator[str]:
    return (name for each in ast.walk(node) for name in _called_by(each))


def _called_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        yield node.func.id


def _rates_of(call: ast.Call) -> Iterator[ast.expr]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in _OPTIMIZERS:
        yield from (each.value for each in call.keywords if each.arg == "lr")
        yield from call.args[1:2]
