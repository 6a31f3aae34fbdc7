"""What a check asks of a submission: a call such as `forward(x)`, or any expression on its names and the inputs."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from grader.core.words.message import Message, say

# Names that every expression may use, and that a program cannot take for itself there.
LIBRARIES = ("torch", "nn", "F", "np", "math", "program")
_LONGEST = 500


@dataclass(frozen=True)
class Call:
    """`function(argument, …)`, or an expression that is more than that.

    Attributes:
        function: what is called with nothing but inputs; "" for any other expression.
        arguments: the inputs that it is called with, in order.
        expression: as Python writes it; "" where a function is called with nothing but inputs.
    """

    function: str
    arguments: tuple[str, ...]
    expression: str = ""

    def __str__(self) -> str:
        return self.expression or f"{self.function}({', '.join(self.arguments)})"

    @property
    def loaded(self) -> frozenset[str]:
        """The names that it reads, whatever they stand for; not those that it binds itself."""
        return names_in(self.expression) if self.expression else frozenset({self.function, *self.arguments})

    def of_submission(self, inputs: Collection[str]) -> tuple[str, ...]:
        """Return the names that the submission must have, in alphabetical order.

        Args:
            inputs: what is made for the call: arguments and objects.
        """
        if not self.expression:
            return () if self.function in inputs else (self.function,)
        return of_submission(self.expression, inputs)


def read_call(text: str) -> Call | Message:
    """Read a call as an author writes it, or say what is wrong with it."""
    expression = read_expression(text)
    if isinstance(expression, Message):
        return expression
    match ast.parse(expression, mode="eval").body:
        case ast.Call(func=ast.Name(id=function), args=args, keywords=[]) if all(isinstance(a, ast.Name) for a in args):
            return Call(function, tuple(arg.id for arg in args if isinstance(arg, ast.Name)))
        case ast.Name() | ast.Constant():
            return say("{found} is not a call; write it as forward(x), with names from args", found=text)
    return Call("", (), expression)


def read_expression(text: str) -> str | Message:
    """Return an expression that is computed beside a submission, in Python's own spelling, or say what is wrong.

    It returns what is compared, and compares nothing itself: what is true in the box, a submission can make true.
    """
    if len(text) > _LONGEST:
        return say("an expression of more than {most} characters; put it into a function in ask.py", most=_LONGEST)
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return say("{found} is not an expression of Python", found=text or '""')
    for node in ast.walk(tree):
        match node:
            case ast.Compare() | ast.BoolOp():
                return say(
                    "{found} compares inside the box, where a program can make anything true; return the value, and it "
                    "is compared outside",
                    found=ast.unparse(node),
                )
            case ast.NamedExpr() | ast.Await() | ast.Yield() | ast.YieldFrom() | ast.Lambda():
                return say("{found} does not belong here; put it into a function in ask.py", found=ast.unparse(node))
    return ast.unparse(tree)


@dataclass(frozen=True)
class AskFault:
    """What is wrong with a file of functions for expressions, and in which line."""

    line: int
    message: Message
    unreadable: bool = False


def faults_of_ask(text: str) -> list[AskFault]:
    """Return what does not belong into ask.py: it calls, and returns values; nothing is compared there."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        return [AskFault(line, say("Python cannot read this file: {words}", words=str(error)), unreadable=True)]
    told = say(
        "ask.py runs beside the program, which can make anything true there: return the value; it is compared outside"
    )
    return [AskFault(node.lineno, told) for node in ast.walk(tree) if isinstance(node, ast.Assert | ast.Compare)]


@lru_cache(maxsize=64)
def helpers_in(text: str) -> frozenset[str]:
    """Return the names that ask.py gives to expressions: functions and classes, without those that begin with `_`."""
    made = (node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef | ast.ClassDef))
    return frozenset(node.name for node in made if not node.name.startswith("_"))


@lru_cache(maxsize=512)
def names_in(expression: str) -> frozenset[str]:
    """Return the names that an expression reads; not those that its comprehensions bind."""
    nodes = list(ast.walk(ast.parse(expression, mode="eval")))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    bound = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return frozenset({node.id for node in names if isinstance(node.ctx, ast.Load)} - bound)


def of_submission(expression: str, made: Collection[str]) -> tuple[str, ...]:
    """Return the names that an expression wants of the submission, in alphabetical order.

    Args:
        made: the names that are made for it.
    """
    return tuple(sorted(names_in(expression) - {*made, *LIBRARIES, *dir(builtins)}))
