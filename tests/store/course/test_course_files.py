"""An author's files: every fault of a file is told at once, with its place, what was found and what is allowed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.core.course.exercise import Coded, Stated
from grader.core.people.person import Role
from grader.core.words.errors import CourseInvalid, UsageFault
from grader.store.course.course_files import find_course
from grader.store.course.course_yaml import read_course

STATED = """\
format_version: 1
id: "4.1"
title: {en: The chain rule}
prompt: {en: Find the derivative}
graph: |
  y_hat = x * w
  s     = y_hat - y
  loss  = s ** 2
at: {x: 2, y: 4, w: 1}
asks:
  - {name: dloss_dw, of: d loss / d w, points: 1}
"""
CODED = """\
format_version: 1
id: "4.1"
title: {en: The model}
prompt: {en: Write forward}
checks:
  - name: forward
    points: 2
    call: forward(x)
    args: {x: {uniform: [-5, 5]}}
    compare: [value]
"""
COURSE = """\
format_version: 1
id: deep-learning
title: {uz: Kurs, en: Course}
languages: [uz, en]
lectures:
  - {id: "4", title: {en: Autograd}}
"""
FUNCTIONS = "exp, log, sqrt, sin, cos, tanh, sigmoid, relu, abs"
KEYS = (
    "format_version, id, title, prompt, reveal, feedback, arrays, without, only, lines, hints, run, checks, tests, "
    "questions, submit, files, varied_files, graph, at, arriving, asks, carried, ambiguous, variants"
)
COMPARES = (
    "value, gradient, trace, final, parameter, after, distribution, parameters, reach, operations, calls, memory, "
    "output"
)

Told = Callable[..., list[str]]


def but(text: str, *changes: tuple[str, str]) -> str:
    """Return `text` with each change made where it can be made in one place only."""
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


@pytest.fixture
def told(course: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Return a function that makes `text` the file of exercise 4.1 and returns what is said against it."""
    monkeypatch.chdir(course)
    (course / "exercises" / "4.1" / "starter.py").write_text("")

    def told(text: str, folder: str = "4.1") -> list[str]:
        path = course / "exercises" / folder / "exercise.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
        try:
            find_course(course).exercise(folder)
        except CourseInvalid as error:
            lines = [f"{fault.at}: {fault.message.said(str)}" for fault in error.faults]
            return [line.removeprefix(f"exercises/{folder}/exercise.yaml:") for line in lines]
        return []

    return told


@pytest.fixture
def told_of_course(course: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Return a function that makes `text` the course.yaml and returns what is said against it."""
    monkeypatch.chdir(course)

    def told(text: str) -> list[str]:
        (course / "course.yaml").write_bytes(text.encode())
        try:
            find_course(course)
        except CourseInvalid as error:
            return [f"{fault.at}: {fault.message.said(str)}" for fault in error.faults]
        return []

    return told


def test_nothing_is_said_against_a_right_file(told: Told) -> None:
    assert told(STATED) == told(CODED) == []


def test_every_exercise_of_the_course_is_read(course: Path) -> None:
    exercises = find_course(course).exercises()
    assert [exercise.id for exercise in exercises] == [f"4.{number}" for number in range(1, 9)]


def test_a_fault_names_its_file_line_and_column(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(course)
    (course / "exercises" / "4.1" / "exercise.yaml").write_text(but(STATED, ('"4.1"', "4.1")))
    with pytest.raises(CourseInvalid) as caught:
        find_course(course).exercise("4.1")
    assert str(caught.value.faults[0].at) == "exercises/4.1/exercise.yaml:2:5"


class TestTheWholeFile:
    def test_two_faults_are_told_in_the_order_of_the_file(self, told: Told) -> None:
        text = but(STATED, ("points: 1", "points: -1"), ("prompt:", "promt:"))
        assert told(text) == [
            f"4:1: unknown key promt; did you mean prompt? allowed: {KEYS}",
            "11:48: -1 is out of range; allowed: 0 … 10000",
        ]

    def test_the_faults_of_all_checks_are_told(self, told: Told) -> None:
        second = "  - name: loss\n    points: NaN\n    call: loss(x, q)\n    args: {x: 1}\n    compare: [valeu]\n"
        assert told(but(CODED, ("points: 2", "points: -2")) + second) == [
            "7:13: -2 is out of range; allowed: 0 … 10000",
            "12:13: NaN is not a finite number",
            f"15:15: valeu cannot be compared; did you mean value? allowed: {COMPARES}",
        ]

    def test_the_faults_of_all_files_are_told(self, course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(course)
        for folder in ("4.2", "4.1"):
            (course / "exercises" / folder / "exercise.yaml").write_text("format_version: 1\n")
        with pytest.raises(CourseInvalid) as caught:
            find_course(course).exercises()
        places = [str(fault.at) for fault in caught.value.faults]
        assert places == ["exercises/4.1/exercise.yaml:1:1"] * 4 + ["exercises/4.2/exercise.yaml:1:1"] * 4

    def test_an_empty_file_says_what_is_missing(self, told: Told) -> None:
        assert told("") == [
            "1:1: the key format_version is missing",
            "1:1: the key id is missing",
            "1:1: the key title is missing",
            "1:1: the key prompt is missing",
            "1:1: an exercise needs checks or tests for a program, a graph for stated values, or questions",
        ]

    def test_a_list_is_no_exercise(self, told: Told) -> None:
        assert told("- a\n- b\n") == [f"1:1: found a list; expected keys: {KEYS}"]

    def test_a_sentence_is_no_exercise(self, told: Told) -> None:
        assert told("hello") == [f"1:1: found hello; expected keys: {KEYS}"]

    def test_an_unknown_key_is_told_with_the_nearest_one(self, told: Told) -> None:
        assert told(STATED + "reveale: true\n") == [f"12:1: unknown key reveale; did you mean reveal? allowed: {KEYS}"]

    def test_an_unknown_key_that_is_near_to_none_is_told_with_those_allowed(self, told: Told) -> None:
        assert told(STATED + "zzz: true\n") == [f"12:1: unknown key zzz; allowed: {KEYS}"]

    @pytest.mark.parametrize(
        ("written", "fault"),
        [("{submit: all}", "cause, place, verdict"), ("{}", "submit"), ("place", "submit"), ("{submit: cause}", "")],
    )
    def test_how_much_is_told_is_one_of_three_words(self, told: Told, written: str, fault: str) -> None:
        found = told(STATED + f"feedback: {written}\n")
        assert all(fault in each for each in found) and bool(found) is bool(fault), found

    def test_a_key_that_stands_twice_is_told_with_both_lines(self, told: Told) -> None:
        assert told(STATED + "at: {x: 1}\n") == ["12:1: duplicate key at; first in line 9"]

    def test_a_tab_is_told(self, told: Told) -> None:
        assert told(but(STATED, ("  s     =", "\ts     ="))) == [
            "7:1: this line is indented with a tab; YAML allows only spaces"
        ]

    def test_another_format_version_is_refused(self, told: Told) -> None:
        assert told(but(STATED, ("format_version: 1", "format_version: 2"))) == [
            "1:17: 2 is out of range; allowed: 1 … 1"
        ]

    def test_places_are_right_behind_a_byte_order_mark(self, told: Told) -> None:
        assert told("\ufeff" + but(STATED, ('"4.1"', "4.1")))[0].startswith("2:5: ")

    def test_places_are_right_with_windows_line_ends(self, told: Told) -> None:
        text = but(STATED, ("s ** 2", "log10(s)")).replace("\n", "\r\n")
        assert told(text) == [f"8:11: unknown function log10; did you mean log? allowed: {FUNCTIONS}"]

    def test_an_exercise_is_not_both_a_program_and_stated_values(self, told: Told) -> None:
        assert told(CODED + "graph: y = x\n") == [
            "11:1: graph is for stated values, checks are for a program; an exercise has only one of the two"
        ]

    def test_an_exercise_file_that_is_a_folder_is_told(self, course: Path) -> None:
        path = course / "exercises" / "4.1" / "exercise.yaml"
        path.unlink()
        path.mkdir()
        with pytest.raises(CourseInvalid) as caught:
            find_course(course).exercise("4.1")
        assert caught.value.faults[0].at.file.endswith("exercise.yaml")


class TestIds:
    def test_an_id_without_quotes_is_told(self, told: Told) -> None:
        assert told(but(STATED, ('"4.1"', "4.10")), "4.10") == [
            '2:5: write the id in quotes, "4.10": without them YAML reads a number, and 4.10 becomes 4.1'
        ]

    def test_4_10_in_quotes_is_not_4_1(self, course: Path, told: Told) -> None:
        assert told(but(STATED, ('"4.1"', '"4.10"')), "4.10") == []
        assert find_course(course).exercise("4.10").id == "4.10"

    def test_4_10_comes_after_4_9(self, course: Path) -> None:
        for folder in ("4.10", "4.9"):
            (course / "exercises" / folder).mkdir()
            (course / "exercises" / folder / "exercise.yaml").touch()
        assert find_course(course).exercise_ids()[-3:] == ["4.8", "4.9", "4.10"]

    def test_an_id_that_is_not_its_folder_is_told(self, told: Told) -> None:
        assert told(but(STATED, ('"4.1"', '"4.2"'))) == ["2:5: the id is 4.2, but the folder is 4.1"]

    def test_a_word_is_no_id(self, told: Told) -> None:
        assert told(but(STATED, ('"4.1"', "chain"))) == ['2:5: chain is not an id; write it as "4.1"']

    @pytest.mark.parametrize("folder", ["chain-rule", "4.²", "4", "4.1 copy"])
    def test_a_folder_whose_name_is_no_id_is_told(self, course: Path, folder: str) -> None:
        (course / "exercises" / folder).mkdir()
        (course / "exercises" / folder / "exercise.yaml").write_text(STATED)
        with pytest.raises(CourseInvalid) as caught:
            find_course(course).exercises()
        assert [fault.message.said(str) for fault in caught.value.faults] == [
            f"the id is 4.1, but the folder is {folder}"
        ]


class TestTexts:
    def test_a_language_that_the_course_has_not_is_told(self, told: Told) -> None:
        assert told(but(STATED, ("{en: Find", "{en: Find it, ru: Find"))) == [
            "4:23: unknown language ru; allowed: uz, en"
        ]

    def test_a_language_with_a_typo_is_told_with_the_nearest(self, told: Told) -> None:
        assert told(but(STATED, ("{en: Find", "{uz: Top, eng: Find"))) == [
            "4:19: unknown language eng; did you mean en? allowed: uz, en"
        ]

    def test_a_text_in_no_known_language_is_told_once(self, told: Told) -> None:
        assert told(but(STATED, ("{en: Find", "{ru: Find"))) == ["4:10: unknown language ru; allowed: uz, en"]

    def test_a_text_without_languages_is_told(self, told: Told) -> None:
        assert told(but(STATED, ("{en: The chain rule}", "The chain rule"))) == [
            "3:8: found The chain rule; write the text in each language: {uz: …, en: …}"
        ]

    def test_an_empty_text_is_told(self, told: Told) -> None:
        assert told(but(STATED, ("{en: The chain rule}", '{en: " "}'))) == ["3:13: this text is empty"]

    def test_a_second_colon_in_a_text_is_told(self, told: Told) -> None:
        text = but(STATED, ("title: {en: The chain rule}", "title:\n  en: Task: the chain rule"))
        assert told(text) == ["4:11: a second colon in one line: put the text in quotes"]


class TestNumbers:
    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("-1", "-1 is out of range; allowed: 0 … 10000"),
            ("−1", "−1 is out of range; allowed: 0 … 10000"),
            ("20000", "20000 is out of range; allowed: 0 … 10000"),
            ("NaN", "NaN is not a finite number"),
            (".nan", ".nan is not a number; write it as -8, 0.5 or 1e-2"),
            ("inf", "inf is not a finite number"),
            ("1e400", "1e400 is not a finite number"),
            ("1_0", "1_0 is not a number; write it as -8, 0.5 or 1e-2"),
            ("1:30", "1:30 is not a number; write it as -8, 0.5 or 1e-2"),
            ("0x8", "0x8 is not a number; write it as -8, 0.5 or 1e-2"),
            ("two", "two is not a number; write it as -8, 0.5 or 1e-2"),
            ("true", "true is not a number; write it as -8, 0.5 or 1e-2"),
            ('""', '"" is not a number; write it as -8, 0.5 or 1e-2'),
            ("[1]", "found a list; expected a number"),
            ("{a: 1}", "found keys and values; expected a number"),
        ],
    )
    def test_points_are_a_finite_number_that_is_not_negative(self, told: Told, typed: str, said: str) -> None:
        assert told(but(STATED, ("points: 1", f"points: {typed}"))) == [f"11:48: {said}"]
        assert told(but(CODED, ("points: 2", f"points: {typed}"))) == [f"7:13: {said}"]

    def test_points_may_be_written_with_a_decimal_comma(self, course: Path, told: Told) -> None:
        assert told(but(CODED, ("points: 2", "points: 2,5"))) == []
        assert find_course(course).exercise("4.1").points == {"forward": 2.5}

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("2.5", "2.5 is not a whole number"),
            ("-1", "-1 is out of range; allowed: 0 … 100"),
            ("1000", "1000 is out of range; allowed: 0 … 100"),
        ],
    )
    def test_repeat_is_a_whole_number(self, told: Told, typed: str, said: str) -> None:
        assert told(f"{CODED}    repeat: {typed}\n") == [f"11:13: {said}"]


class TestGraphs:
    def test_a_cycle_is_told_with_its_nodes(self, told: Told) -> None:
        assert told(but(STATED, ("x * w", "x * loss"))) == [
            "5:8: these nodes depend on each other in a cycle: y_hat → loss → s → y_hat"
        ]

    def test_a_node_that_needs_itself_is_told(self, told: Told) -> None:
        assert told(but(STATED, ("s ** 2", "loss ** 2"))) == [
            "5:8: these nodes depend on each other in a cycle: loss → loss"
        ]

    @pytest.mark.parametrize(
        ("expression", "column", "said"),
        [
            ("tanhh(s)", 11, f"unknown function tanhh; did you mean tanh? allowed: {FUNCTIONS}"),
            ("s + foo(s)", 15, f"unknown function foo; allowed: {FUNCTIONS}"),
            ("2 * (s + foo(s))", 20, f"unknown function foo; allowed: {FUNCTIONS}"),
            ("s ^ 2", 11, "write a power as **, not ^"),
            ("s +", 11, "this is not an expression: s +"),
            ("s.pow(2)", 11, f"only numbers, names, + - * / **, parentheses and {FUNCTIONS} are allowed here"),
            ("s + [1]", 15, f"only numbers, names, + - * / **, parentheses and {FUNCTIONS} are allowed here"),
            ("log(s, 2)", 11, f"only numbers, names, + - * / **, parentheses and {FUNCTIONS} are allowed here"),
            (
                "__import__('os').system('ls')",
                11,
                f"only numbers, names, + - * / **, parentheses and {FUNCTIONS} are allowed here",
            ),
            ("s * 1e999", 15, "this number is too large"),
            ("-" * 60 + "s", 62, "this expression is nested too deeply"),
        ],
    )
    def test_a_wrong_expression_is_told_at_its_column(
        self, told: Told, expression: str, column: int, said: str
    ) -> None:
        assert told(but(STATED, ("s ** 2", expression))) == [f"8:{column}: {said}"]

    def test_a_column_counts_characters_and_not_bytes(self, told: Told) -> None:
        assert told(but(STATED, ("s ** 2", "ŷ + foo(s)"))) == [f"8:15: unknown function foo; allowed: {FUNCTIONS}"]

    def test_the_faults_of_all_lines_are_told(self, told: Told) -> None:
        assert told(but(STATED, ("y_hat - y", "y_hat ^ y"), ("s ** 2", "foo(s)"))) == [
            "7:11: write a power as **, not ^",
            f"8:11: unknown function foo; allowed: {FUNCTIONS}",
        ]

    def test_places_are_right_behind_comments_and_empty_lines(self, told: Told) -> None:
        text = but(STATED, ("  y_hat = x * w\n", "  # the model\n\n  y_hat = x * w  # ŷ\n"), ("s ** 2", "foo(s)"))
        assert told(text) == [f"10:11: unknown function foo; allowed: {FUNCTIONS}"]

    def test_places_are_right_in_a_graph_with_its_own_indent(self, told: Told) -> None:
        text = but(STATED, ("graph: |\n  y_hat", "graph: |2\n    y_hat"), ("s ** 2", "foo(s)"))
        assert told(text) == [f"8:11: unknown function foo; allowed: {FUNCTIONS}"]

    def test_places_are_right_where_the_graph_stands_at_the_end_of_its_line(self, told: Told) -> None:
        graph = "graph: |\n  y_hat = x * w\n  s     = y_hat - y\n  loss  = s ** 2\n"
        assert told(but(STATED, (graph, "graph: loss = foo(x, w) - y\n")))[0].startswith("5:15: ")

    def test_a_graph_in_quotes_is_told_at_its_own_line(self, told: Told) -> None:
        graph = "graph: |\n  y_hat = x * w\n  s     = y_hat - y\n  loss  = s ** 2\n"
        text = but(STATED, (graph, 'graph: "y_hat = x * w\\ns = y_hat - y\\nloss = foo(s)"\n'))
        assert told(text) == [f"5:46: unknown function foo; allowed: {FUNCTIONS}"]

    def test_a_line_that_is_no_node_is_told(self, told: Told) -> None:
        assert told(but(STATED, ("loss  = s ** 2", "loss := s ** 2"))) == [
            "8:3: a line of a graph is written name = expression; found loss := s ** 2"
        ]

    def test_a_node_without_an_expression_is_told(self, told: Told) -> None:
        assert told(but(STATED, ("loss  = s ** 2", "loss  ="))) == ['8:10: this is not an expression: ""']

    def test_a_node_that_stands_twice_is_told(self, told: Told) -> None:
        assert told(but(STATED, ("s     = y_hat - y", "loss  = y_hat - y"))) == ["8:3: duplicate node: loss"]

    def test_an_empty_graph_is_told(self, told: Told) -> None:
        text = but(
            STATED, ("graph: |\n  y_hat = x * w\n  s     = y_hat - y\n  loss  = s ** 2\n", "graph: |\n  # later\n")
        )
        assert told(text) == ["5:8: this graph has no nodes"]

    def test_an_input_without_a_value_is_told(self, told: Told) -> None:
        assert told(but(STATED, ("y: 4, ", ""))) == ["5:8: the graph uses y, but it has no value under at"]

    def test_a_value_of_no_input_is_told(self, told: Told) -> None:
        assert told(but(STATED, ("w: 1", "w: 1, q: 1"))) == ["9:24: the graph has no input q; allowed: x, w, y"]

    def test_a_value_of_a_node_is_told(self, told: Told) -> None:
        assert told(but(STATED, ("w: 1", "w: 1, s: 1"))) == ["9:24: the graph computes s; do not give it a value here"]

    @pytest.mark.parametrize(
        "expression", ["log(s)", "1 / (s + 2)", "(s - 1) ** 0.5", "exp(1000 * w)", "1e308 * w * 10"]
    )
    def test_a_graph_without_a_finite_value_at_its_inputs_is_told(self, told: Told, expression: str) -> None:
        assert told(but(STATED, ("s ** 2", expression))) == ["11:5: ∂loss/∂w is undefined at these inputs"]


class TestAsks:
    def test_an_exercise_that_asks_nothing_is_told(self, told: Told) -> None:
        (fault,) = told(but(STATED, ("\n  - {name: dloss_dw, of: d loss / d w, points: 1}", " []")))
        assert fault.startswith("10:7: ")

    def test_a_question_about_an_unknown_node_is_told_with_the_nearest(self, told: Told) -> None:
        assert told(but(STATED, ("d loss / d w", "d los / d w"))) == [
            "11:26: the graph has no node los; did you mean loss? allowed: y_hat, s, loss, x, y, w"
        ]

    def test_what_is_no_question_is_told(self, told: Told) -> None:
        assert told(but(STATED, ("d loss / d w", "dloss/dw"))) == [
            "11:26: dloss/dw cannot be asked; write a node, or a derivative such as d loss / d w"
        ]

    def test_a_derivative_that_is_always_0_is_told(self, told: Told) -> None:
        assert told(but(STATED, ("d loss / d w", "d y_hat / d y"))) == [
            "11:26: y_hat does not depend on y, so this derivative is always 0"
        ]

    def test_a_derivative_that_happens_to_be_0_is_none_of_those(self, told: Told) -> None:
        assert told(but(STATED, ("y: 4", "y: 2"))) == []

    def test_an_expectation_that_contradicts_the_graph_is_told(self, told: Told) -> None:
        assert told(but(STATED, ("points: 1", "points: 1, expect: 8"))) == ["11:59: ∂loss/∂w is -8 here, not 8"]

    @pytest.mark.parametrize("typed", ["-8", "−8", '"-8,0"', "-8.00000001"])
    def test_an_expectation_that_agrees_is_accepted(self, told: Told, typed: str) -> None:
        assert told(but(STATED, ("points: 1", f"points: 1, expect: {typed}"))) == []

    def test_a_name_that_stands_twice_is_told(self, told: Told) -> None:
        assert told(STATED + "  - {name: dloss_dw, of: loss, points: 1}\n") == ["12:12: duplicate name: dloss_dw"]

    def test_a_name_is_a_word(self, told: Told) -> None:
        assert told(but(STATED, ("name: dloss_dw", "name: dloss/dw"))) == [
            "11:12: dloss/dw is not a name; use letters, digits and _"
        ]

    def test_what_arrives_must_lead_into_the_graph_from_outside(self, told: Told) -> None:
        assert told(STATED + "arriving: {d L / d z: 5}\n") == [
            "12:11: ∂L/∂z must lead from outside the graph to one of its nodes"
        ]

    def test_what_arrives_is_a_derivative(self, told: Told) -> None:
        assert told(STATED + "arriving: {dL/dz: 5}\n") == ["12:12: dL/dz is not a derivative; write it as d L / d z"]


class TestChecks:
    def test_a_missing_starter_is_told(self, course: Path, told: Told) -> None:
        (course / "exercises" / "4.1" / "starter.py").unlink()
        assert told(CODED) == [
            "6:3: the starter exercises/4.1/starter.py is missing; create the file that students begin with"
        ]

    def test_an_exercise_without_checks_is_told(self, told: Told) -> None:
        assert told(CODED.partition("checks")[0] + "checks: []\n") == ["5:9: found a list; expected a list of checks"]

    def test_an_argument_without_a_value_is_told(self, told: Told) -> None:
        assert told(but(CODED, ("forward(x)", "forward(x, z)"))) == ["8:11: z in forward(x, z) has no value under args"]

    @pytest.mark.parametrize("call", ["forward x", "forward(x", "x :="])
    def test_what_python_cannot_read_is_told(self, told: Told, call: str) -> None:
        assert told(but(CODED, ("call: forward(x)", f"call: '{call}'"))) == [
            f"8:11: {call} is not an expression of Python"
        ]

    @pytest.mark.parametrize("call", ["forward", "2"])
    def test_what_is_no_call_is_told(self, told: Told, call: str) -> None:
        assert told(but(CODED, ("call: forward(x)", f"call: {call}"))) == [
            f"8:11: {call} is not a call; write it as forward(x), with names from args"
        ]

    @pytest.mark.parametrize("call", ["forward(x) == 2", "forward(x) and x"])
    def test_what_compares_in_the_box_is_told(self, told: Told, call: str) -> None:
        assert told(but(CODED, ("call: forward(x)", f"call: {call}"))) == [
            f"8:11: {call} compares inside the box, where a program can make anything true; return the value, and it "
            "is compared outside"
        ]

    @pytest.mark.parametrize("call", ["(y := forward(x))", "(lambda: x)()"])
    def test_what_belongs_into_ask_py_is_told(self, told: Told, call: str) -> None:
        (said,) = told(but(CODED, ("call: forward(x)", f"call: '{call}'")))
        assert said.endswith("does not belong here; put it into a function in ask.py")

    @pytest.mark.parametrize(
        "call", ["forward(2)", "model.forward(x)", "forward(x)(x)", "data[0]", "softmax(x, dim=1)", "Value(2.0) * 3"]
    )
    def test_an_expression_is_a_call(self, told: Told, call: str) -> None:
        assert told(but(CODED, ("call: forward(x)", f"call: {call}"))) == []

    def test_an_object_is_called_by_a_name_of_its_own(self, told: Told) -> None:
        text = but(CODED, ("call: forward(x)", "let: {x: Model(8), torch: Model(1)}\n    call: forward(x)"))
        assert told(text) == [
            "8:10: x has another meaning already; call the object by another name",
            "8:10: torch has another meaning already; call the object by another name",
        ]

    def test_parameters_are_for_an_object(self, told: Told) -> None:
        text = but(CODED, ("call: forward(x)", "call: forward(x)\n    given: {model: {parameters: {normal: [0, 1]}}}"))
        assert told(text) == ["9:12: model is not under let"]

    @pytest.mark.parametrize("draw", ["{uniform: [0, 1], size: 3}", "{integer: [0, 3]}", "1.5"])
    def test_parameters_have_a_size_of_their_own(self, told: Told, draw: str) -> None:
        lines = f"let: {{model: Model(8)}}\n    given: {{model: {{parameters: {draw}}}}}\n    call: model(x)"
        (said,) = told(but(CODED, ("call: forward(x)", lines)))
        assert said.endswith(
            "the parameters of a module are drawn from uniform or normal, without a size: it has its own"
        )

    def test_a_name_that_stands_twice_is_told(self, told: Told) -> None:
        second = CODED.partition("checks:\n")[2]
        assert told(CODED + second) == ["11:11: duplicate name: forward"]

    def test_a_check_can_only_need_one_before_it(self, told: Told) -> None:
        second = CODED.partition("checks:\n")[2].replace("name: forward", "name: loss")
        assert told(f"{CODED}{second}    needs: forwrad\n") == [
            "16:12: found forwrad; did you mean forward? allowed: forward"
        ]

    def test_who_needs_a_check_that_is_wrong_itself_is_told_nothing(self, told: Told) -> None:
        second = "  - {name: second, points: 1, call: forward(x), args: {x: 1}, compare: [value], needs: forward}\n"
        (fault,) = told(but(CODED, ("call: forward(x)", "call: forward(")) + second)
        assert fault.startswith("8:11:")

    def test_the_first_check_can_need_none(self, told: Told) -> None:
        (fault,) = told(f"{CODED}    needs: data\n")
        assert fault.startswith("11:12: found data") and not fault.endswith("allowed: ")

    def test_an_unknown_way_to_run_is_told(self, told: Told) -> None:
        assert told(f"{CODED}    run: scirpt\n") == [
            "11:10: found scirpt; did you mean script? allowed: definitions, script"
        ]

    def test_an_unknown_dtype_is_told(self, told: Told) -> None:
        assert told(f"{CODED}    dtype: float\n") == [
            "11:12: found float; did you mean float64? allowed: float16, bfloat16, float32, float64, int8, "
            "int16, int32, int64, uint8, bool"
        ]

    def test_an_example_of_no_input_is_told(self, told: Told) -> None:
        assert told(f"{CODED}    examples:\n      - {{x: 1, z: 2}}\n") == [
            "12:9: z is neither under given nor under args"
        ]

    def test_rows_of_different_lengths_are_told(self, told: Told) -> None:
        assert told(f"{CODED}    examples:\n      - {{x: [[1, 2], [3]]}}\n") == [
            "12:13: the rows of this list have different lengths"
        ]

    def test_nothing_to_try_is_told(self, told: Told) -> None:
        assert told(f"{CODED}    repeat: 0\n") == ["6:5: repeat: 0 without examples leaves nothing to try"]


class TestCompares:
    @pytest.mark.parametrize(
        ("compare", "said"),
        [
            ("[valu]", f"10:15: valu cannot be compared; did you mean value? allowed: {COMPARES}"),
            ("[{grad: x}]", f"10:16: grad cannot be compared; did you mean gradient? allowed: {COMPARES}"),
            ("[colour]", f"10:15: colour cannot be compared; allowed: {COMPARES}"),
            ("[[value]]", f"10:15: found a list; expected one of {COMPARES}"),
            ("[]", f"10:14: nothing is compared; allowed: {COMPARES}"),
            (
                "[{gradient: w}]",
                "10:14: the gradient with respect to w needs a call, and w under given or args",
            ),
            ("[output]", "10:14: this needs run: script"),
            ("[{trace: loss}]", "10:14: this needs run: script"),
            ("[{final: w}]", "10:14: this is read after a run, not after a call"),
            ("[{trace: los}]", "10:23: found los; did you mean loss? allowed: loss, gradient, parameter"),
        ],
    )
    def test_what_cannot_be_compared_is_told(self, told: Told, compare: str, said: str) -> None:
        assert told(but(CODED, ("compare: [value]", f"compare: {compare}"))) == [said]

    def test_a_value_needs_a_call(self, told: Told) -> None:
        assert told(but(CODED, ("    call: forward(x)\n", ""))) == ["9:14: value needs a call"]

    @pytest.mark.parametrize("word", ["gradient", "final", "parameter", "trace"])
    def test_a_comparison_of_nothing_is_told(self, told: Told, word: str) -> None:
        text = but(CODED, ("    call: forward(x)\n", "    run: script\n"), ("[value]", f"[{{{word}: []}}]"))
        (fault,) = told(text)
        assert fault.startswith("10:")


class TestGivenNumbers:
    @pytest.mark.parametrize("pair", ["[5, -5]", "[5, 5]", "[5]", "[1, 2, 3]", "5"])
    def test_uniform_takes_a_smaller_and_a_larger_number(self, told: Told, pair: str) -> None:
        assert told(but(CODED, ("[-5, 5]", pair))) == ["9:25: uniform takes two numbers, the smaller first: [0.5, 3]"]

    @pytest.mark.parametrize("pair", ["[0, -1]", "[0, 0]", "[0]"])
    def test_normal_takes_a_mean_and_a_positive_deviation(self, told: Told, pair: str) -> None:
        assert told(but(CODED, ("uniform: [-5, 5]", f"normal: {pair}"))) == [
            "9:24: normal takes a mean and a positive standard deviation: [0, 1]"
        ]

    @pytest.mark.parametrize(
        "draw",
        ["uniform: [-1e308, 1e308]", "uniform: [0, 1e300]", "uniform: [1, 1.0000000000000002]", "normal: [1, 1e-300]"],
    )
    def test_a_range_in_which_no_number_can_be_told_from_another_is_told(self, told: Told, draw: str) -> None:
        (fault,) = told(but(CODED, ("uniform: [-5, 5]", draw)))
        assert fault.startswith("9:")

    def test_an_unknown_draw_is_told(self, told: Told) -> None:
        assert told(but(CODED, ("uniform: [-5, 5]", "unifrom: [-5, 5]"))) == [
            "9:15: expected a number, a list, or one of uniform, normal, integer, boolean, choice, permutation, "
            "one_hot, padding, ragged, scale_of, of"
        ]

    def test_a_size_is_made_of_whole_numbers(self, told: Told) -> None:
        assert told(but(CODED, ("[-5, 5]", "[-5, 5], size: [0, 2.5]"))) == [
            "9:41: 0 is out of range; allowed: 1 … 10000",
            "9:44: 2.5 is not a whole number",
        ]

    def test_an_expression_reads_only_what_is_given(self, told: Told) -> None:
        assert told(but(CODED, ("{uniform: [-5, 5]}", "{of: z * 2}"))) == [
            "6:5: x is computed from z, which is neither under given nor under args"
        ]

    def test_an_expression_cannot_call_what_is_unknown(self, told: Told) -> None:
        assert told(but(CODED, ("{uniform: [-5, 5]}", "{of: foo(2)}"))) == [
            f"9:20: unknown function foo; allowed: {FUNCTIONS}"
        ]

    @pytest.mark.parametrize("given", ["{of: x * 2}", "{parameter: {of: x * 2}}"])
    def test_a_given_name_takes_no_expression(self, told: Told, given: str) -> None:
        assert told(f"{CODED}    given: {{w: {given}}}\n") == [
            "11:16: a given name takes numbers; put an expression under args"
        ]

    def test_a_scale_needs_a_draw_of_its_own(self, told: Told) -> None:
        assert told(but(CODED, ("{uniform: [-5, 5]}", "{scale_of: z, by: 2}"))) == [
            "6:5: x scales z, which must be a draw of its own"
        ]


class TestLimits:
    @pytest.mark.parametrize(
        ("limit", "said"),
        [
            ("wall: 5", "11:20: 5 is not a number with its unit; write 5 s; units: ms, s, min"),
            ("wall: 5 sec", "11:20: 5 sec is not a number with its unit; write 5 s; units: ms, s, min"),
            ("wall: 5 MB", "11:20: 5 MB is not a number with its unit; write 5 s; units: ms, s, min"),
            ("wall: -5 s", "11:20: -5 s is not a number with its unit; write 5 s; units: ms, s, min"),
            ("wall: 0 s", "11:20: a limit must be above 0"),
            (
                "memory: 512 mb",
                "11:22: 512 mb is not a number with its unit; write 512 MiB; units: kB, MB, GB, KiB, MiB, GiB",
            ),
            ("memory: [1]", "11:22: found a list; expected a number with its unit, such as 512 MiB"),
            (
                "wal: 5 s",
                "11:14: unknown key wal; did you mean wall? allowed: wall, cpu, memory, output, disk, files, threads",
            ),
        ],
    )
    def test_a_limit_has_a_number_and_its_unit(self, told: Told, limit: str, said: str) -> None:
        assert told(f"{CODED}    limits: {{{limit}}}\n") == [said]

    @pytest.mark.parametrize("limit", ["wall: {} s", "memory: {} GB"])
    def test_a_limit_is_finite(self, told: Told, limit: str) -> None:
        (fault,) = told(f"{CODED}    limits: {{{limit.format('9' * 400)}}}\n")
        assert fault.startswith("11:2")

    def test_a_limit_of_512_mib_and_2_minutes_is_read(self, course: Path, told: Told) -> None:
        assert told(f"{CODED}    limits: {{wall: 2 min, memory: 512 MiB}}\n") == []
        work = find_course(course).exercise("4.1").work
        assert isinstance(work, Coded)
        assert (work.checks[0].limits.wall, work.checks[0].limits.memory) == (120.0, 512 * 2**20)


class TestTheCourse:
    def test_nothing_is_said_against_a_right_file(self, told_of_course: Told) -> None:
        assert told_of_course(COURSE) == []

    def test_every_fault_is_told(self, told_of_course: Told) -> None:
        text = but(COURSE, ("deep-learning", "Deep Learning"), ("languages", "langauges"), ('"4"', "4"))
        assert told_of_course(text) == [
            "course.yaml:2:5: Deep Learning is not an id; write it as uz-deep-learning",
            "course.yaml:4:1: unknown key langauges; did you mean languages? "
            "allowed: format_version, id, title, languages, lectures, policies, "
            "gradebook, check, plugins, hand_in, feedback, packages, oidc",
            'course.yaml:6:10: write the id in quotes, "4": without them YAML reads a number, and 4.10 becomes 4.1',
        ]

    def test_a_course_names_the_packages_that_programs_may_import(self) -> None:
        text = f"{COURSE}packages: [matplotlib, scikit-learn]\n"
        assert read_course(text.encode(), "course.yaml", []).packages == ("matplotlib", "scikit-learn")

    def test_a_course_names_teachers_and_assistants_who_are_not_on_the_roster(self, told_of_course: Told) -> None:
        oidc = f"{COURSE}oidc:\n  issuer: https://login.example.org\n  client: c\n  staff: "
        found = read_course(f"{oidc}{{nodira@example.org: teacher, T17: assistant}}\n".encode(), "course.yaml", []).oidc
        assert found is not None
        said = ("NODIRA@example.org ", "t17", "odira@example.org", "", "\u212a")
        assert [found.role_of(each) for each in said] == [Role.TEACHER, Role.ASSISTANT, None, None, None]
        (role,) = told_of_course(f"{oidc}{{a@b.uz: student}}\n")
        assert role.startswith("course.yaml:10:19: found student") and "assistant, teacher" in role
        (twice,) = told_of_course(f"{oidc}{{a@b.uz: teacher, A@b.uz: assistant}}\n")
        assert twice == "course.yaml:10:28: A@b.uz is under staff twice"
        (kind,) = told_of_course(f"{oidc}[a@b.uz]\n")
        assert kind.startswith("course.yaml:10:10: found a list; write it as {nodira@example.org: teacher}")

    def test_two_lectures_of_one_id_are_told(self, told_of_course: Told) -> None:
        text = COURSE.rstrip() + '\n  - {id: "4", title: {uz: B, en: B}}\n'
        assert told_of_course(text) == ["course.yaml:7:10: there are two lectures 4; each has an id of its own"]

    def test_a_course_that_names_no_packages_leaves_it_open(self) -> None:
        assert read_course(COURSE.encode(), "course.yaml", []).packages is None

    def test_a_package_is_named_as_pip_names_it(self, told_of_course: Told) -> None:
        assert told_of_course(f"{COURSE}packages: [pandas>=2]\n") == [
            "course.yaml:7:12: pandas>=2 is not an id; write it as pandas"
        ]

    def test_a_course_has_a_language(self, told_of_course: Told) -> None:
        assert told_of_course(but(COURSE, ("[uz, en]", "[]"))) == [
            "course.yaml:1:1: at least one language is needed; the first one is the course's own"
        ]

    def test_a_language_has_a_code(self, told_of_course: Told) -> None:
        assert told_of_course(but(COURSE, ("[uz, en]", "[uz, English]"))) == [
            "course.yaml:4:17: English is not an id; write it as uz"
        ]

    def test_it_is_found_from_a_folder_below(self, course: Path) -> None:
        assert find_course(course / "exercises" / "4.1").root == course

    def test_there_may_be_none(self, tmp_path: Path) -> None:
        with pytest.raises(UsageFault) as caught:
            find_course(tmp_path)
        assert [message.said(str) for message in caught.value.messages] == [
            f"there is no course.yaml in {tmp_path} or above it; change to the folder of a course first"
        ]

    def test_an_exercise_that_is_not_there_is_told_with_the_nearest(self, course: Path) -> None:
        with pytest.raises(UsageFault) as caught:
            find_course(course).require("4.11")
        assert [message.said(str) for message in caught.value.messages] == [
            "there is no exercise 4.11; did you mean 4.1? There are: 4.1, 4.2, 4.3, 4.4, 4.5, 4.6, 4.7, 4.8"
        ]

    @pytest.mark.parametrize("typed", ["", "..", "../exercises/4.1", "4.1/", "/etc"])
    def test_an_exercise_is_named_by_its_id_and_by_no_path(self, course: Path, typed: str) -> None:
        with pytest.raises(UsageFault):
            find_course(course).require(typed)


def test_what_is_read_of_a_stated_exercise(course: Path) -> None:
    exercise = find_course(course).exercise("4.2")
    assert isinstance(exercise.work, Stated)
    assert dict(exercise.points) == {"dL_dx": 1.0, "dL_dy": 1.0}
    assert exercise.work.graph.answer(exercise.work.asks[0].question, exercise.work.at) == 15.0
