"""Kinds of comparisons and draws are declared once: the tables, the docs and what is imported follow from it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from repository import ROOT

from grader.core.compare.comparison import Comparison
from grader.core.compare.kinds import COMPARISONS
from grader.core.course.checks.call import Call
from grader.core.course.checks.recording import Recording
from grader.core.course.declared import Term
from grader.core.course.draws import DRAWS
from grader.core.course.exercise import Check
from grader.core.words.message import Message

DOCS = (ROOT / "docs" / "exercises.md").read_text(encoding="utf-8").splitlines()
KINDS: list[type[Term]] = [*COMPARISONS.kinds, *DRAWS.kinds]
CHECK = Check("check", 1, (), calls=(Call("f", ("x",)),))
VALUES = {
    "trace": ("loss",),
    "stores": "w",
    "parameters": "model",
    "distribution": 2000,
    "reach": ("accuracy", (), None, None),
}

kinds = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.word)
comparisons = pytest.mark.parametrize("kind", COMPARISONS.kinds, ids=lambda kind: kind.word)


def one(kind: type[Comparison]) -> Comparison:
    """Return a comparison as an exercise file asks for it."""
    made = kind.read({kind.word: VALUES.get(kind.word, ("w",))} if kind.syntax.type else {})
    assert not isinstance(made, Message)
    return made[0]


@kinds
def test_the_docs_have_a_row_for_each(kind: type[Term]) -> None:
    assert f"| `{kind.syntax.example}` | {kind.syntax.meaning} |" in DOCS


@kinds
def test_the_table_finds_each_by_its_word(kind: type[Term]) -> None:
    vocabulary = COMPARISONS if issubclass(kind, Comparison) else DRAWS
    assert vocabulary.get(kind.word) is kind


@comparisons
def test_each_is_spoken_of(kind: type[Comparison]) -> None:
    item = one(kind)
    assert item.label.split()[0] == kind.word
    assert all(str(said(CHECK)) for said in (item.asked, item.question))


@comparisons
def test_each_asks_for_what_the_box_can_record(kind: type[Comparison]) -> None:
    known = {"values", "gradient", "trace", "stores", "final", "output", "after", "draws", "cost", "seeds", "steps"}
    recordings = one(kind).recordings()
    assert recordings and all(isinstance(each, Recording) and each.what in known for each in recordings)


@pytest.mark.parametrize(
    ("exercise", "loaded"),
    [
        (
            "4.6",
            {
                "value",
                "trace",
                "stores",
                "final",
                "gradient",
                "parameter",
                "parameters",
                "distribution",
                "after",
                "reach",
                "cost",
                "output",
            },
        ),
        ("4.4", {"final", "parameter"}),
        ("4.5", {"value", "gradient", "trace", "final"}),
    ],
)
def test_reading_an_exercise_imports_the_kinds_that_it_uses(exercise: str, loaded: set[str]) -> None:
    script = f"""
import json, pathlib, sys
from grader.store.course.course_files import find_course
find_course(pathlib.Path({str(ROOT)!r})).exercise({exercise!r})
print(json.dumps([name for name in sys.modules if name.startswith("grader.core.compare.kinds.")]))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True, cwd=ROOT)
    assert {name.rpartition(".")[2] for name in json.loads(done.stdout)} == loaded
