"""The second border in writing: answers as students put them into work/<id>.yaml."""

from __future__ import annotations

import math

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from repository import examples

from grader.core.findings.telling import told
from grader.core.report.finding import Finding
from grader.store.students.answers import read_answers

NAMES = ("y_hat", "loss", "dloss_dw")
FUZZ = settings(max_examples=examples(200), deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read(content: str | bytes) -> dict[str, object]:
    """Return the answers, each message as its sentence."""
    data = content.encode() if isinstance(content, str) else content
    answers = read_answers(data, "4.3.yaml", NAMES)
    return {name: told(value).said(str) if isinstance(value, Finding) else value for name, value in answers.items()}


def test_answers_are_read_one_a_line() -> None:
    assert read("y_hat: 1\nloss: 4\ndloss_dw: -8\n") == {"y_hat": 1.0, "loss": 4.0, "dloss_dw": -8.0}


@pytest.mark.parametrize("typed", ["-8", "−8", "-8,0", "–8.0", "-0.8e1", "'-8'", '"−8"', "-8  # by the chain rule"])
def test_a_number_is_read_as_people_type_it(typed: str) -> None:
    assert read(f"y_hat: {typed}\n")["y_hat"] == -8.0


@pytest.mark.parametrize("typed", ["", '""', "' '", "# not yet"])
def test_an_empty_answer_is_no_answer(typed: str) -> None:
    assert read(f"y_hat: {typed}\n")["y_hat"] is None


def test_what_a_starter_leaves_open_is_no_answer() -> None:
    assert read("y_hat:\nloss:\ndloss_dw:\n") == dict.fromkeys(NAMES)


def test_an_empty_file_answers_nothing() -> None:
    assert read("") == dict.fromkeys(NAMES)


def test_infinity_and_nan_are_numbers_to_be_judged() -> None:
    answers = read("y_hat: inf\nloss: -1e400\ndloss_dw: NaN\n")
    assert (answers["y_hat"], answers["loss"]) == (math.inf, -math.inf)
    assert isinstance(answers["dloss_dw"], float) and math.isnan(answers["dloss_dw"])


@pytest.mark.parametrize(
    "typed", ["one", "1_0", "1:30", "0x8", ".nan", "2 * 3", "-8 m", "8-", "--8", "１", "1e", "true", "~"]
)
def test_what_is_no_number_is_told_and_the_others_still_count(typed: str) -> None:
    assert read(f"y_hat: {typed}\nloss: 4\n") == {
        "y_hat": f"4.3.yaml:1:8: {typed} is not a number; write it as -8, 0.5 or 1e-2",
        "loss": 4.0,
        "dloss_dw": None,
    }


def test_of_what_is_no_number_only_the_beginning_is_told() -> None:
    said = f"4.3.yaml:1:8: {'9' * 60} is not a number; write it as -8, 0.5 or 1e-2"
    assert read(f"y_hat: {'9' * 5000}\n")["y_hat"] == said


def test_a_list_is_told_and_the_others_still_count() -> None:
    assert read("y_hat: [1, 2]\nloss: 4\n") == {
        "y_hat": "4.3.yaml:1:1: one number is expected for y_hat",
        "loss": 4.0,
        "dloss_dw": None,
    }


def test_a_name_with_a_typo_is_told_and_the_others_still_count() -> None:
    assert read("y_hta: 1\nloss: 4\ndloss_dw: -8\n") == {
        "y_hat": "4.3.yaml:1:1: y_hta is not asked; did you mean y_hat?",
        "loss": 4.0,
        "dloss_dw": -8.0,
    }


def test_a_name_that_is_not_asked_does_not_hide_an_answer_that_is_there() -> None:
    assert read("loss: 4\nlos: 5\n")["loss"] == 4.0


def test_a_file_that_is_no_yaml_is_told_for_every_answer() -> None:
    said = "4.3.yaml:1:1: this is not YAML: while parsing a flow mapping did not find expected ',' or '}'"
    assert read("{y_hat: 1, loss: 4") == dict.fromkeys(NAMES, said)


def test_a_colon_without_a_space_spoils_no_other_answer() -> None:
    assert read("y_hat:1\nloss: 4\ndloss_dw: -8\n")["loss"] == 4.0


def test_a_name_that_is_answered_twice_is_told() -> None:
    assert read("y_hat: 1\ny_hat: 2\n")["y_hat"] == "4.3.yaml:2:1: duplicate key y_hat; first in line 1"


def test_a_name_that_is_answered_twice_spoils_no_other_answer() -> None:
    assert read("y_hat: 1\ny_hat: 2\nloss: 4\n")["loss"] == 4.0


@pytest.mark.parametrize("content", ["-8", "y_hat = 1\nloss = 4", "- y_hat: 1\n- loss: 4\n"])
def test_answers_in_another_form_are_told(content: str) -> None:
    assert read(content) == dict.fromkeys(NAMES, "4.3.yaml:1:1: write one answer per line, such as y_hat: -8")


def test_bytes_that_are_no_utf_8_are_told() -> None:
    assert read(b"y_hat: \xff")["y_hat"] == "4.3.yaml:1: this is not UTF-8 text; save the file again as UTF-8"


def answered(content: bytes) -> None:
    """Every name asked has a number, nothing, or a sentence, and no other name is there."""
    answers = read_answers(content, "4.3.yaml", NAMES)
    assert tuple(answers) == NAMES
    for value in answers.values():
        assert value is None or isinstance(value, float) or told(value).said(str).startswith("4.3.yaml")


NUMBERS = st.sampled_from(
    ["-8", "−8", "-8,0", "1e400", "nan", "1_0", "", "[1]", "{a: 1}", "'", "*a", "&a 1", "!!int x"]
)


@FUZZ
@given(content=st.binary())
def test_arbitrary_bytes_are_answers_or_told(content: bytes) -> None:
    answered(content)


@FUZZ
@given(content=st.text())
def test_arbitrary_text_is_answers_or_told(content: str) -> None:
    answered(content.encode("utf-8", "surrogatepass"))


@FUZZ
@given(
    lines=st.lists(
        st.tuples(
            st.sampled_from(["", " ", "\t", "- ", "? "]),
            st.one_of(st.sampled_from([*NAMES, "y_hta", "<<", "?", "%YAML 9", "---"]), st.text(max_size=5)),
            st.sampled_from([": ", ":", " = ", " : ", ":\n  "]),
            st.one_of(NUMBERS, st.text(max_size=8), st.floats().map(repr)),
            st.sampled_from(["\n", "\r\n", "\r", "\x85", "\n\n", ""]),
        ).map("".join),
        max_size=5,
    )
)
def test_lines_that_look_like_answers_are_answers_or_told(lines: list[str]) -> None:
    answered("".join(lines).encode("utf-8", "surrogatepass"))


@FUZZ
@given(
    content=st.dictionaries(
        st.one_of(st.sampled_from(NAMES), st.text(max_size=4), st.integers(), st.none()),
        st.recursive(
            st.one_of(st.floats(), st.integers(), st.text(), st.none(), st.booleans()),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)
            ),
        ),
    )
)
def test_arbitrary_structure_is_answers_or_told(content: object) -> None:
    answered(yaml.safe_dump(content, allow_unicode=True).encode())


@FUZZ
@given(values=st.tuples(*[st.floats(allow_nan=False)] * 3))
def test_every_number_that_python_prints_is_read_back(values: tuple[float, ...]) -> None:
    content = "".join(f"{name}: {value!r}\n" for name, value in zip(NAMES, values, strict=True))
    assert read_answers(content.encode(), "4.3.yaml", NAMES) == dict(zip(NAMES, values, strict=True))
