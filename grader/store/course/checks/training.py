"""Reads what a check trains a program with: `data` of exercise.yaml, and data.py beside the solution."""

from __future__ import annotations

from collections.abc import Callable

from grader.core.course.checks.call import LIBRARIES
from grader.core.course.checks.recording import asks, names_of
from grader.core.course.checks.training import MOST_SECONDS, MOST_SEEDS, MOST_STEPS, DataSource, faults_of_maker
from grader.core.course.exercise import Check
from grader.core.words.errors import Position
from grader.core.words.message import say
from grader.core.words.numbers import show
from grader.store.yaml import nodes as y
from grader.store.yaml.reader import Reading


def read_data(reading: Reading, node: y.Node) -> DataSource | None:
    """Read `{from: blobs, train: [x, y], test: x_test}`."""
    before = len(reading.faults)
    values = reading.fields(
        node,
        {
            "from": reading.name,
            "train": lambda names: reading.sequence(names, reading.name),
            "test": lambda names: reading.sequence(names, reading.name),
        },
        {},
    )
    if len(reading.faults) > before:
        return None
    source = DataSource(str(values["from"]), values["train"], values["test"])  # type: ignore[arg-type]
    twice = next((name for name in source.names if source.names.count(name) > 1 or name in LIBRARIES), None)
    if twice is not None:
        reading.fault(node, say("{name} has another meaning already; call the data by another name", name=twice))
    if not source.train or not source.test:
        reading.fault(node, say("data needs names for what is trained with and for what is asked about"))
    return source


def read_target(reading: Reading, node: y.Node, words: tuple[str, ...]) -> object:
    """Read one of the words with its goal, and what may stand beside it."""
    readers: dict[str, Callable[[y.Node], object]] = dict.fromkeys(words, lambda value: _read_goal(reading, value))
    readers |= {
        "seeds": lambda value: reading.whole(value, 1, MOST_SEEDS),
        "steps": lambda value: reading.whole(value, 1, MOST_STEPS),
    }
    before = len(reading.faults)
    values = reading.fields(node, {}, readers)
    found = [word for word in words if word in values]
    if len(reading.faults) == before and len(found) != 1:
        reading.fault(node, say("exactly one of these is asked for: {allowed}", allowed=", ".join(words)))
    if len(reading.faults) > before:
        return None
    return found[0], values[found[0]], values.get("seeds"), values.get("steps")


def _read_goal(reading: Reading, node: y.Node) -> tuple[float, ...] | None:
    """Read `solution` as nothing, a number, or two numbers: at which nothing is earned, and from which on all is."""
    if isinstance(node, y.Scalar) and node.text == "solution":
        return ()
    if isinstance(node, y.Scalar):
        number = reading.number(node)
        return None if number is None else (number,)
    before = len(reading.faults)
    numbers = reading.sequence(node, reading.number)
    if len(reading.faults) == before and len(numbers) != 2:
        reading.fault(node, say("a goal is solution, a number, or two: at which nothing is earned, and all"))
    return numbers if len(reading.faults) == before else None


def read_maker(reading: Reading, text: str, shown: str, source: DataSource) -> None:
    """Note what is wrong with data.py, whose function makes the data.

    Args:
        shown: the file as messages show it.
    """
    for fault in faults_of_maker(text, source.maker):
        reading.fault(Position(shown, fault.line, 1), fault.message)


def hold_training(reading: Reading, node: y.Mapping, check: Check) -> None:
    """Hold what a check trains with to the rest of it."""
    trains = asks(check.compare, "seeds")
    if check.data is None:
        return
    data = node.get("data") or node
    if not trains or len(check.compare) > 1:
        reading.fault(
            data, say("data is for reach, which stands alone in compare: compare other things in other checks")
        )
    for name in ("given", "args", "examples", "samples", "repeat"):
        if node.get(name) is not None:
            reading.fault(node.get(name) or node, say("{name} does not belong to a check that trains", name=name))
    if len(check.calls) > 1:
        reading.fault(node.get("call") or node, say("a check that trains has one call"))
    if not check.script and not check.let:
        reading.fault(data, say('let says what is trained: {{model: "fit(x, y)"}}'))
    if check.script and check.let:
        reading.fault(node.get("let") or node, say("with run: script the program itself trains; leave let out"))
    for name in check.let:
        if name in check.data.names:
            reading.fault(data, say("{name} has another meaning already; call the data by another name", name=name))
    seeds = sum(map(int, names_of(check.compare, "seeds")))
    if seeds * check.limits.cpu > MOST_SECONDS:
        most = show(MOST_SECONDS / max(seeds, 1), 3)
        reading.fault(
            node.get("limits") or data,
            say(
                "{seeds} trainings of {cpu} s each are more than {most} s of processor time; write cpu: {each} s",
                seeds=seeds,
                cpu=show(check.limits.cpu, 3),
                most=show(MOST_SECONDS, 3),
                each=most,
            ),
        )
