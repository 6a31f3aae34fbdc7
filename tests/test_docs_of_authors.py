"""docs/authoring.md: its files make exercises that are read, proved and graded; they use every key there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from proving import InOneProcess
from repository import ROOT
from test_authoring import VALIDATORS, faults, keys_of
from test_check import checked, of, told

from grader.actions.author.author_view import author_view
from grader.actions.author.new_course import new_course
from grader.cli.printing.authoring import as_lines
from grader.core.course.exercise import Coded
from grader.grading.batch.task import close_boxes
from grader.sandbox.choose import box_maker
from grader.store.course.course_files import find_course
from grader.store.yaml import nodes as y

TEXT = (ROOT / "docs" / "authoring.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^```\w+ file=(\S+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL))
IDS = sorted({name.split("/")[1] for name in FILES})


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("docs") / "my-course"
    new_course(root, ["en"], "My course")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    yield root
    close_boxes()


def written(node: y.Node) -> Iterator[str]:
    if isinstance(node, y.Mapping):
        for key, value in node.entries:
            yield key.text
            yield from written(value)
    elif isinstance(node, y.Sequence):
        for item in node.items:
            yield from written(item)


def test_the_first_exercise_passes_its_check(course: Path) -> None:
    assert told(checked(course, seeds=3, only=("1.3",))) == {}


@pytest.mark.parametrize("id", [id for id in IDS if id != "1.3"])
def test_the_others_can_be_graded(course: Path, id: str) -> None:
    exercise = find_course(course).exercise(id)
    if isinstance(exercise.work, Coded):
        found = told(checked(course, InOneProcess(of("solution", "starter", "wrong")), only=(id,)))
        assert not found.keys() - {"check-not-needed"}, found
    else:
        assert told(checked(course, only=(id,))) == {}


@pytest.mark.parametrize("kind", ["exercise", "misconceptions", "answers"])
def test_they_use_every_key(kind: str) -> None:
    files = {name: text for name, text in FILES.items() if name.endswith(f"{kind}.yaml")}
    assert [fault for text in files.values() for fault in faults(kind, text)] == []
    used = {key for name, text in files.items() for key in written(y.parse_yaml(text.encode(), name))}
    assert set(keys_of(VALIDATORS[kind].schema)) <= used


def test_the_author_sees_what_follows_from_them(course: Path) -> None:
    files = find_course(course)
    shown = "\n".join(as_lines(author_view(files, "1.3", "seed", box_maker("none")), "en"))
    assert "mse: mse(y_pred, y)" in shown and re.search(r"gradient y_pred: \[.*\] ± \d", shown)
    assert "sum-instead-of-mean" in shown and "how many are there?" in shown and "512 MiB" in shown
    stated = "\n".join(as_lines(author_view(files, "1.6", None, box_maker("none")), "en"))
    assert "dL_dw = ∂L/∂w: 15" in stated and "accepted: 14.99" in stated and "upstream-ignored" in stated
