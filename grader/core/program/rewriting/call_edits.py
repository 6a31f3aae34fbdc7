"""Changes to what is called with what, to where backward() starts, and to what functions return."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import combinations

from grader.core.program.rewriting.splice import instead_of
from grader.core.program.rewriting.written import Edit, Written


class CallEdits(Written):
    """Changes to calls and to functions."""

    def _started(self) -> Iterator[Edit]:
        """Start backward() from another name that the same body gives a value."""
        for body in self._bodies:
            inside = [each for statement in body for each in ast.walk(statement)]
            names = dict.fromkeys(each.id for each in inside if isinstance(each, ast.Name) and _is_stored(each))
            for node in inside:
                match node:
                    case ast.Call(func=ast.Attribute(value=ast.Name(id=name) as start, attr="backward")):
                        others = [each for each in names if each != name and each not in self.parameters]
                        yield from (self._one("backward-from-another", start, each) for each in others)

    def _exchanged(self) -> Iterator[Edit]:
        """Exchange the lists that a loop takes in pairs."""
        for node in self.nodes:
            match node:
                case ast.Call(func=ast.Name(id="zip"), args=[ast.Name() as one, ast.Name() as other]):
                    yield Edit("data-swapped", node.lineno, (instead_of(one, other.id), instead_of(other, one.id)))

    def _arguments(self) -> Iterator[Edit]:
        """Exchange two arguments of a call of an own function, or give it another name of the same body."""
        own = {node.name for node in self.nodes if isinstance(node, ast.FunctionDef)}
        for body in self._bodies:
            inside = [each for statement in body for each in ast.walk(statement)]
            names = dict.fromkeys(each.id for each in inside if isinstance(each, ast.Name) and _is_stored(each))
            for call in inside:
                if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id not in own:
                    continue
                for one, other in combinations(call.args, 2):
                    splices = instead_of(one, self._text(other)), instead_of(other, self._text(one))
                    yield Edit("wrong-arguments", call.lineno, splices)
                for each in call.args:
                    if isinstance(each, ast.Name):
                        yield from (self._one("wrong-arguments", each, name) for name in names if name != each.id)

    def _returned(self) -> Iterator[Edit]:
        """Change what a function returns: the square, a factor, an argument that is not used."""
        for function in self.nodes:
            if not isinstance(function, ast.FunctionDef) or function.name not in (self.functions or {function.name}):
                continue
            arguments = [each.arg for each in function.args.args]
            used = {each.id for each in ast.walk(function) if isinstance(each, ast.Name)}
            for node in ast.walk(function):
                if not isinstance(node, ast.Return) or node.value is None:
                    continue
                value, text = node.value, self._text(node.value)
                match value:
                    case ast.BinOp(left=left, op=ast.Add(), right=ast.Name(id=name)) if name not in arguments:
                        yield self._one("bias-added", value, self._text(left))
                yield self._one("loss-not-squared", value, f"({text}) ** 2")
                yield self._one("factor-two-missing", value, f"2 * ({text})")
                yield self._one("scaled", value, f"({text}) / 2")
                yield self._one("sign-flipped", value, f"-({text})")
                for name in arguments:
                    yield self._one("chain-factor-missing", value, f"{name} * ({text})")
                for name in [each for each in arguments if each not in used]:
                    match value:
                        case ast.BinOp(left=base, op=ast.Pow(), right=power):
                            with_it = f"({self._text(base)} - {name}) ** {self._text(power)}"
                        case _:
                            with_it = f"({text}) - {name}"
                    yield self._one("target-forgotten", value, with_it)


def _is_stored(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)
