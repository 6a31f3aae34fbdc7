"""JSON Schemas of the files that authors write, for their editors. The readers of those files have the last word."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import grader
from grader.core.compare.kinds import COMPARISONS
from grader.core.course.checks.training import MOST_SEEDS, MOST_STEPS
from grader.core.course.declared import (
    Code,
    Factor,
    Formula,
    Fraction,
    Name,
    Names,
    Numbers,
    OwnDraw,
    Pair,
    Size,
    Target,
    Term,
    Truth,
    Type,
    Whole,
    Words,
)
from grader.core.course.draws import DRAWS
from grader.core.course.draws.draw import Draw, Made
from grader.core.judge.noise import CEILING

SCHEMAS = ("exercise", "course", "misconceptions", "equivalent", "answers")
_FOLDER = Path(grader.__file__).parent / "schemas"
Schema = dict[str, Any]
# A size of which some sides are names of what is drawn.
_SIDES: Schema = {"type": "array", "items": {"anyOf": [{"$ref": "#/$defs/size/anyOf/0"}, {"$ref": "#/$defs/name"}]}}
# What `given` and `args` put beside a draw.
_BESIDE = ("parameter", "parameters", "optional", "like")
_WITHIN = {
    "description": "How far numbers may be off, as a share of the largest one expected, where rounding allows less.",
    "type": ["number", "string"],
    "exclusiveMinimum": 0,
    "maximum": CEILING,
}
# As people type numbers.
_WHOLE = {
    "type": ["integer", "string"],
    "pattern": r"^\s*[-+−–]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][-+−–]?[0-9]+)?\s*$",
}


def schema_text(name: str) -> str:
    """Return the schema of the file of that name, one in SCHEMAS: `exercise` is that of exercise.yaml."""
    text = (_FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")
    if name != "exercise":
        return text
    schema = json.loads(text)
    schema["$defs"] |= {
        "compare": comparison_schema(),
        "draw": draw_schema(),
        "given": given_schema(),
        "argument": argument_schema(),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def comparison_schema() -> Schema:
    """Return the schema of one thing that is compared."""
    outer = [kind for kind in COMPARISONS.kinds if not kind.syntax.within]
    bare = [kind for kind in outer if kind.syntax.type is None]
    keyed = [kind for kind in outer if kind.syntax.type is not None]
    words = " ".join(f"`{kind.word}`: {kind.syntax.meaning}" for kind in bare)
    inside = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"within": _WITHIN},
        "required": ["within"],
    }
    whole = {kind.word: {"description": kind.syntax.meaning, **inside} for kind in bare}
    keys = _one_of(keyed, _with_inner, {"within": _WITHIN})
    tolerant = [{"required": [kind.word]} for kind in keyed if kind.tolerant]
    keys["dependentSchemas"] = {**keys.get("dependentSchemas", {}), "within": {"anyOf": tolerant}}
    return {
        "description": "One thing that is compared with the solution's.",
        "anyOf": [
            {"description": words, "enum": [kind.word for kind in bare]},
            {
                "type": "object",
                "additionalProperties": False,
                "properties": whole,
                "minProperties": 1,
                "maxProperties": 1,
            },
            keys,
        ],
    }


def draw_schema() -> Schema:
    """Return the schema of what is drawn, with the keys that `given` and `args` put beside it."""
    return {
        "description": "Plain numbers, or what is drawn for every probe.",
        "anyOf": [_ref("numbers"), _one_of(_worded_draws(), _plain, _beside_draws(), also=("parameter", "parameters"))],
    }


def _beside_draws() -> Schema:
    return {
        "parameter": {
            "description": "Under given only: the name is a parameter, set in place.",
            **_draw_without([*_words(Made.IN_THE_BOX), *_BESIDE]),
        },
        "parameters": {
            "description": "Under given only: the name is a module under let, and these go into its parameters.",
            **_draw_without([*_words(Made.FROM_ANOTHER, Made.IN_THE_BOX), *_BESIDE]),
        },
        "optional": {
            "description": "Under given only: the name need not exist.",
            "enum": [True, False, "true", "false"],
        },
        "like": {
            "description": "Under args only: a list or tensor of the submission; the number becomes an element of its "
            "kind.",
            **_ref("name"),
        },
    }


def given_schema() -> Schema:
    return _draw_without([*_words(Made.IN_THE_BOX), "like"])


def argument_schema() -> Schema:
    return _draw_without(["parameter", "parameters", "optional"])


def _one_of(
    kinds: Iterable[type[Term]],
    schema_of: Callable[[type[Term]], Schema],
    beside: Schema,
    also: tuple[str, ...] = (),
) -> Schema:
    """Return the schema of a mapping with the word of one kind, and the keys that this kind has beside it."""
    kinds = list(kinds)
    owners: dict[str, list[str]] = {}
    fields: dict[str, list[Schema]] = {}
    for kind in kinds:
        for field in kind.syntax.beside:
            owners.setdefault(field.name, []).append(kind.word)
            schema = {"description": field.meaning, **_of_type(field.type)}
            fields.setdefault(field.name, []).append(schema)
    depends: Schema = {name: {"anyOf": [{"required": [word]} for word in words]} for name, words in owners.items()}
    for kind in kinds:
        names = [field.name for field in kind.syntax.beside if field.required]
        depends |= {kind.word: {"required": names}} if names else {}
    own = {kind.word: schema_of(kind) for kind in kinds}
    shared = {
        name: each[0] if all(one == each[0] for one in each) else {"anyOf": each} for name, each in fields.items()
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {**own, **shared, **beside},
        "oneOf": [{"required": [word]} for word in (*own, *also)],
        **({"dependentSchemas": depends} if depends else {}),
    }


def _plain(kind: type[Term]) -> Schema:
    assert kind.syntax.type is not None
    return {"description": kind.syntax.meaning, **_of_type(kind.syntax.type)}


def _with_inner(kind: type[Term]) -> Schema:
    """Return the schema of what follows a word: its own value, or what is written within it."""
    inner = [each for each in COMPARISONS.kinds if each.syntax.within == kind.word]
    if not inner or kind.syntax.type is None:
        return _plain(kind)
    return {
        "description": kind.syntax.meaning,
        "anyOf": [_of_type(kind.syntax.type), _one_of(inner, _plain, {})],
    }


def _words(*made: Made) -> list[str]:
    return [kind.word for kind in _worded_draws() if kind.made in made]


def _worded_draws() -> list[type[Draw]]:
    return [kind for kind in DRAWS.kinds if kind.syntax.worded]


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _draw_without(names: Iterable[str]) -> Schema:
    """Return the schema of a draw that may not have these keys."""
    return {"allOf": [_ref("draw"), {"properties": dict.fromkeys(names, False)}]}


def _of_target(words: tuple[str, ...]) -> Schema:
    number = {"type": ["number", "string"]}
    goal = {
        "description": "solution: what the solution's own runs reach; a number: the goal; two: none, and all points.",
        "anyOf": [{"enum": ["solution"]}, number, {"type": "array", "items": number, "minItems": 2, "maxItems": 2}],
    }
    seeds = {**_WHOLE, "description": "How often a program is trained (3); the median counts.", "minimum": 1}
    steps = {**_WHOLE, "description": "How many backward calls a training may make.", "minimum": 1}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **dict.fromkeys(words, goal),
            "seeds": {**seeds, "maximum": MOST_SEEDS},
            "steps": {**steps, "maximum": MOST_STEPS},
        },
        "oneOf": [{"required": [word]} for word in words],
    }


def _of_type(type: Type) -> Schema:
    match type:
        case Name():
            return _ref("name")
        case Names():
            return _ref("names")
        case Words(allowed):
            one = {"enum": list(allowed)}
            return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}
        case Pair():
            return _ref("pair")
        case Whole(low, high):
            return {**_WHOLE, "minimum": low, "maximum": high}
        case Factor(low, high):
            return {"type": "number", "minimum": low, "maximum": high}
        case Fraction():
            return {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}
        case Code():
            code = {"type": "string", "minLength": 1}
            return {"anyOf": [code, {"type": "array", "items": code, "minItems": 1}]}
        case Truth():
            return {"type": "boolean"}
        case Size():
            return {"anyOf": [_ref("size"), _ref("name"), _SIDES]}
        case Numbers():
            return _ref("numbers")
        case Formula():
            return {"type": ["string", "number"]}
        case Target(words):
            return _of_target(words)
        case OwnDraw():
            return _draw_without([*_words(Made.FROM_ANOTHER, Made.IN_THE_BOX), *_BESIDE])
