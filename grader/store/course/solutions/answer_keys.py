"""Reads what is right: `solutions/<id>/answers.yaml`, which is in no students' copy."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.autodiff.expression import Expression
from grader.core.autodiff.graph import Derivative, Graph, Node, Question, ValueOf
from grader.core.course.questions import (
    Choice,
    ChoiceKey,
    FormulaKey,
    Key,
    Posed,
    ShortText,
    TextKey,
    TypedFormula,
)
from grader.core.questions.formula import POINTS, points
from grader.core.questions.texts import compact, plain
from grader.core.words.errors import CourseInvalid
from grader.core.words.message import Text, say
from grader.store.course.checks.declared import read_expression
from grader.store.course.stated import read_graph, read_question
from grader.store.yaml import nodes as y
from grader.store.yaml.reader import Reading

# No student can type it: it is no name.
_ITSELF = "="
_CLOSE = 1e-9


def read_keys(
    reading: Reading, questions: tuple[Posed, ...], content: bytes, shown: str, languages: tuple[str, ...]
) -> Mapping[str, Key]:
    """Read what is right at each question; of those with faults, nothing."""
    try:
        node = y.parse_yaml(content, shown)
    except CourseInvalid as error:
        reading.faults += error.faults
        return {}
    lines = content.decode("utf-8-sig").splitlines()
    return {
        name: key
        for name, key in reading.fields(
            node,
            {posed.name: _reader(reading, posed, lines, languages) for posed in questions},
            {},
        ).items()
        if isinstance(key, ChoiceKey | TextKey | FormulaKey)
    }


def _reader(reading: Reading, posed: Posed, lines: list[str], languages: tuple[str, ...]):  # type: ignore[no-untyped-def]
    def read(node: y.Node) -> Key | None:
        match posed:
            case Choice():
                return _read_choice(reading, posed, node, languages)
            case ShortText():
                return _read_text(reading, posed, node, languages)
            case TypedFormula():
                return _read_formula(reading, posed, node, lines, languages)

    return read


def _read_choice(reading: Reading, choice: Choice, node: y.Node, languages: tuple[str, ...]) -> ChoiceKey | None:
    names = [option.name for option in choice.options]
    values = reading.fields(
        node,
        {"right": lambda right: reading.sequence(right, lambda one: reading.word(one, names))},
        {"why": lambda why: _read_reasons(reading, why, languages, names)},
    )
    right, why = values.get("right"), values.get("why")
    if not isinstance(node, y.Mapping) or not isinstance(right, tuple):
        return None
    at = node.get("right") or node
    if not right:
        reading.fault(at, say("no choice is right"))
    if len(set(right)) < len(right):
        reading.fault(at, say("a choice is named twice"))
    if len(right) > 1 and not choice.several:
        reading.fault(at, say("more than one choice is right: add several: true to the question"))
    reasons = why if isinstance(why, dict) else {}
    for name in reasons:
        if name in right:
            reading.fault(_place(node, name), say("{name} is right: only wrong choices have a reason", name=name))
    return ChoiceKey(tuple(name for name in names if name in right), reasons)


def _read_text(reading: Reading, posed: ShortText, node: y.Node, languages: tuple[str, ...]) -> TextKey | None:
    values = reading.fields(
        node,
        {"accepts": lambda accepts: reading.sequence(accepts, lambda one: _read_words(reading, one, posed))},
        {"why": lambda why: _read_reasons(reading, why, languages)},
    )
    accepts, why = values.get("accepts"), values.get("why")
    if not isinstance(node, y.Mapping) or not isinstance(accepts, tuple):
        return None
    if not accepts:
        reading.fault(node.get("accepts") or node, say("no text is accepted"))
    alike = [plain(text) for text in accepts]
    for place, text in enumerate(alike):
        if text in alike[:place]:
            reading.fault(
                node.get("accepts") or node, say("{text} is the same answer as one before it", text=accepts[place])
            )
    reasons = why if isinstance(why, dict) else {}
    for wrong in reasons:
        if compact(wrong) in map(compact, accepts):
            reading.fault(_place(node, wrong), say("{text} is accepted, so it cannot be wrong too", text=wrong))
    return TextKey(accepts, reasons)


def _place(node: y.Mapping, reason: str) -> y.Node:
    why = node.get("why")
    entries = why.entries if isinstance(why, y.Mapping) else ()
    return next((key for key, _ in entries if key.text == reason), node)


def _read_words(reading: Reading, node: y.Node, posed: ShortText) -> str | None:
    scalar = reading.scalar(node, say("a text"))
    if scalar is None:
        return None
    if not plain(scalar.text):
        reading.fault(node, say("this text is empty"))
    elif len(scalar.text.strip()) > posed.most:
        reading.fault(node, say("no student can type this: the question takes {most} characters", most=posed.most))
    return scalar.text.strip()


def _read_reasons(
    reading: Reading, node: y.Node, languages: tuple[str, ...], names: list[str] | None = None
) -> dict[str, Text] | None:
    if not isinstance(node, y.Mapping):
        reading.fault(node, say("expected a reason for each wrong answer: {{adam: {{uz: …, en: …}}}}"))
        return None
    reasons: dict[str, Text] = {}
    for key, value in node.entries:
        if names is not None and key.text not in names:
            reading.unknown(key, say("there is no choice {name}", name=key.text), names)
        text = reading.text(value, languages)
        if text is not None:
            reasons[key.text] = text
    return reasons


def _read_formula(
    reading: Reading, posed: TypedFormula, node: y.Node, lines: list[str], languages: tuple[str, ...]
) -> FormulaKey | None:
    before = len(reading.faults)
    values = reading.fields(
        node,
        {},
        {
            "formula": lambda formula: read_expression(reading, formula),
            "of": lambda of: read_question(reading, of),
            "graph": lambda graph: read_graph(reading, graph, lines),
            "between": lambda between: _read_between(reading, between),
            "why": lambda why: reading.text(why, languages),
        },
    )
    if not isinstance(node, y.Mapping) or len(reading.faults) > before:
        return None
    if ("formula" in values) == ("of" in values) or ("of" in values) != ("graph" in values):
        reading.fault(node, say("write either formula, or of and graph: what is asked of which graph"))
        return None
    between, why = values.get("between"), values.get("why")
    graph, of = _asked(values)
    key = FormulaKey(graph, of, between if isinstance(between, dict) else {}, why if isinstance(why, Text) else None)
    _hold_names(reading, posed, node, key)
    if len(reading.faults) == before:
        _hold_values(reading, posed, node, key)
    return key


def _asked(values: Mapping[str, object]) -> tuple[Graph, Question]:
    formula: Expression = values.get("formula")  # type: ignore[assignment]
    if formula is not None:
        return Graph((Node(_ITSELF, formula),)), ValueOf(_ITSELF)
    return Graph(values["graph"]), values["of"]


def _read_between(reading: Reading, node: y.Node) -> dict[str, tuple[float, float]] | None:
    if not isinstance(node, y.Mapping):
        reading.fault(node, say("expected from where to where names are drawn: {{x: [0.5, 3]}}"))
        return None
    found: dict[str, tuple[float, float]] = {}
    for key, value in node.entries:
        ends = reading.sequence(value, reading.number)
        if len(ends) != 2 or ends[0] >= ends[1]:
            reading.fault(value, say("write two numbers, the lower one first: [0.5, 3]"))
        else:
            found[key.text] = (ends[0], ends[1])
    return found


def _hold_names(reading: Reading, posed: TypedFormula, node: y.Mapping, key: FormulaKey) -> None:
    computed = {each.name for each in key.graph.nodes}
    known = [*key.graph.inputs, *(name for name in computed if name != _ITSELF)]
    if _ITSELF in computed:
        for name in key.graph.inputs:
            if name not in posed.names:
                reading.fault(
                    node.get("formula") or node,
                    say(
                        "students cannot use {name}: the question's formula names {names}",
                        name=name,
                        names=", ".join(posed.names),
                    ),
                )
    else:
        asked = (key.of.of, key.of.by) if isinstance(key.of, Derivative) else (key.of.name,)
        for name in [name for name in asked if name not in known]:
            reading.fault(node.get("of") or node, say("the graph has no node {name}", name=name))
        for name in [name for name in posed.names if name not in known]:
            reading.fault(node.get("graph") or node, say("the graph has no {name}, which students may use", name=name))
    between = node.get("between")
    for name_key, _ in between.entries if isinstance(between, y.Mapping) else ():
        if name_key.text not in {*key.graph.inputs, *posed.names} - computed:
            reading.fault(name_key, say("{name} is not drawn here", name=name_key.text))


def _hold_values(reading: Reading, posed: TypedFormula, node: y.Mapping, key: FormulaKey) -> None:
    """Hold the right formula to having a value where names are drawn, and to depending on one of them."""
    found = [point.expected for point, _ in zip(points(key, posed.names, b"author"), range(POINTS), strict=False)]
    at = node.get("formula") or node.get("of") or node
    if len(found) < POINTS:
        reading.fault(
            at, say("this has no value at nearly all inputs: say where names are drawn: between: {{x: [0.5, 3]}}")
        )
    elif max(found) - min(found) <= _CLOSE * max(map(abs, found)):
        reading.fault(at, say("this is the same number everywhere: a constant typed in would be right"))
