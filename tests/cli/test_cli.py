"""The command line as its users meet it: the real command, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import commanding
import psutil
import pytest
import yaml
from repository import EVERYTHING, ROOT

from grader.cli.app import build
from grader.cli.printing.streams import plain
from grader.store.course.course_files import find_course
from grader.store.course.templates import released_course, released_readme

STATED = ["4.1", "4.2", "4.3"]
CODED = ["4.4", "4.5", "4.6", "4.7", "4.8"]
COMMANDS = list(build().list_commands(None))  # type: ignore[arg-type]
PRACTICE = "This was practice: grades come from your teacher's copy of the course."

HELPS = "course hint {id} gives a hint, course feedback {id} a page that shows the mistake."


@dataclass(frozen=True)
class Ended:
    """What became of one command."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]


def surroundings(tmp_path: Path, **changes: str) -> dict[str, str]:
    """Return an environment in which only English is asked for and no secret of the machine's user is found."""
    own = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "HOME": str(tmp_path), "LANG": "en_US.UTF-8"}
    return {**os.environ, **own, "PYTHONPATH": str(ROOT), "GIT_CONFIG_NOSYSTEM": "1", **changes}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "grader", *arguments]


@pytest.fixture
def run(course: Path, tmp_path: Path) -> Run:
    """Return a function that runs `course` with arguments, in the folder of the course, and returns how it ended."""

    def run(*arguments: str, cwd: Path = course, encoding: str = "utf-8", **environment: str) -> Ended:
        done = commanding.course(*arguments, cwd=cwd, encoding=encoding, **surroundings(tmp_path, **environment))
        return Ended(done.returncode, done.stdout, done.stderr)

    return run


def report(*lines: str, graph: Sequence[str] = ()) -> str:
    """Return what is printed for a report: the lines, that this was practice, the graph, and what helps on."""
    exercise, score = lines[0].split()[0], lines[-1].split()
    helps = [] if score[1] == score[3] else [HELPS.format(id=exercise)]
    return "\n".join([*lines, PRACTICE, *graph, *helps]) + "\n"


def texts(exercise_id: str) -> dict[str, dict[str, str]]:
    content: dict[str, dict[str, str]] = yaml.safe_load(
        (ROOT / "exercises" / exercise_id / "exercise.yaml").read_text(encoding="utf-8")
    )
    return content


class TestAStatedValue:
    @pytest.mark.parametrize("answer", ["-8", "-8,0", "−8", "-8.0", "dloss_dw=-8", "dloss_dw = −8", "-0.8e1"])
    def test_that_is_right_gets_full_marks(self, run: Run, answer: str) -> None:
        ended = run("submit", "4.1", "--answer", answer)
        assert ended.out == report("4.1  The chain rule at x = 2", "  ✓ dloss_dw  1/1  right", "Score: 1 of 1")
        assert (ended.code, ended.err) == (0, "")

    @pytest.mark.parametrize("given", [["-.5e0"], ["-,5"], ["-0.5"], ["dloss_dw=-.5"]])
    def test_that_is_negative_is_typed_without_an_option(self, run: Run, given: list[str]) -> None:
        ended = run("submit", "4.1", *given)
        assert (ended.code, ended.err) == (1, "") and "-0.5 is not ∂loss/∂w" in ended.out

    @pytest.mark.parametrize(
        "given",
        [
            ["dL_dx=15", "dL_dy=10"],
            ["--lang", "en", "dL_dx=15", "--answer", "dL_dy=10"],
            ["--answer", "dL_dx=15", "dL_dy=10"],
        ],
    )
    def test_that_has_a_name_is_typed_without_an_option_beside_others(self, run: Run, given: list[str]) -> None:
        ended = run("submit", "4.2", *given)
        assert (ended.code, ended.err) == (0, "") and "Score: 2 of 2" in ended.out

    def test_a_file_that_is_called_like_an_answer_is_a_file(self, course: Path, run: Run) -> None:
        (course / "dL_dx=15").write_text("dL_dx: 15\n", encoding="utf-8")
        ended = run("submit", "4.2", "dL_dx=15")
        (course / "dL_dx=15").unlink()
        assert ended.code == 2 and "does not end in .py" in ended.err

    @pytest.mark.parametrize(
        ("answer", "ideas"),
        [
            (
                "-4",
                [
                    "-4 is what you get when a factor of ∂loss/∂s is missing.",
                    "  Or: the factor ∂y_hat/∂w is missing.",
                ],
            ),
            (
                "-2",
                [
                    "-2 is what you get when x + w is used instead of x * w.",
                    "  Or: |s| is used instead of s ** 2.",
                ],
            ),
            ("-3", ["This number matches no known mistake: go through the graph once more, step by step."]),
        ],
    )
    def test_that_is_wrong_is_told_with_the_ideas_that_give_it(self, run: Run, answer: str, ideas: list[str]) -> None:
        ended = run("submit", "4.1", "--answer", answer)
        lost = ["  ✗ perhaps missing: ∂loss/∂s", "  ✗ perhaps missing: ∂y_hat/∂w"] if answer == "-4" else ["", ""]
        assert ended.out == report(
            "4.1  The chain rule at x = 2",
            "  ✗ dloss_dw  0/1  not right",
            f"      {answer} is not ∂loss/∂w at x = 2, y = 4, w = 1.",
            *(f"      {line}" for line in ideas),
            "Score: 0 of 1",
            graph=[
                "loss = s ** 2 = 4",
                f"└── s = y_hat - y = -2{lost[0]}",
                "    ├── y_hat = x * w = 2",
                "    │   ├── x = 2",
                f"    │   └── w = 1, ∂loss/∂w = ? (not {answer}){lost[1]}",
                "    └── y = 4",
            ],
        )
        assert (ended.code, ended.err) == (1, "")

    @pytest.mark.parametrize(
        ("answer", "reason"),
        [
            ("NaN", "NaN cannot be the value of ∂loss/∂w: give a finite number."),
            ("inf", "∂loss/∂w is a finite number; yours is infinite or too large."),
            ("-inf", "∂loss/∂w is a finite number; yours is infinite or too large."),
            ("1e400", "∂loss/∂w is a finite number; yours is infinite or too large."),
        ],
    )
    def test_that_is_not_finite_is_wrong_with_a_reason(self, run: Run, answer: str, reason: str) -> None:
        ended = run("submit", "4.1", "--answer", answer)
        assert f"      {reason}\nScore: 0 of 1\n" in ended.out
        assert (ended.code, ended.err) == (1, "")

    @pytest.mark.parametrize("answer", ["abc", "1_0", "0x8", "1:30", "-8 m", "dloss_dw=abc", "=-8", "--8", "８"])
    def test_that_is_no_number_is_a_fault_of_usage(self, course: Path, run: Run, answer: str) -> None:
        found = answer.removeprefix("dloss_dw=")
        said = f"Error: {found} is not a number; write it as -8, 0.5 or 1e-2\n"
        if answer == "=-8":
            said = 'Error: this exercise does not ask ""; it asks dloss_dw\n'
        assert run("submit", "4.1", f"--answer={answer}") == Ended(2, "", said)
        assert not (course / "submissions").exists()

    @pytest.mark.parametrize("answer", ["", " ", "dloss_dw=", "dloss_dw= "])
    def test_that_is_empty_is_a_fault_of_usage(self, run: Run, answer: str) -> None:
        said = 'Error: "" is not a number; write it as -8, 0.5 or 1e-2\n'
        assert run("submit", "4.1", "--answer", answer) == Ended(2, "", said)

    def test_is_needed(self, run: Run) -> None:
        said = "Error: nothing to grade: give --answer dloss_dw=ANSWER, or write work/4.1.yaml\n"
        assert run("submit", "4.1") == Ended(2, "", said)
        assert run("submit", "4.1", "eight") == Ended(2, "", said)
        assert run("submit", "4.1", "--answer").code == 2

    def test_among_several_needs_its_name(self, run: Run) -> None:
        said = (
            "Error: this exercise asks several values; write --answer NAME=NUMBER, where NAME is one of dL_dx, dL_dy\n"
        )
        assert run("submit", "4.2", "--answer", "15") == Ended(2, "", said)

    def test_with_an_unknown_name_is_told_with_those_asked(self, run: Run) -> None:
        said = "Error: this exercise does not ask dL_dz; it asks dL_dx, dL_dy\n"
        assert run("submit", "4.2", "--answer", "dL_dz=15") == Ended(2, "", said)

    def test_is_given_once(self, run: Run) -> None:
        said = "Error: dloss_dw is answered twice\n"
        assert run("submit", "4.1", "--answer", "-8", "--answer", "dloss_dw=-8") == Ended(2, "", said)

    def test_that_is_missing_costs_only_its_own_points(self, run: Run) -> None:
        ended = run("submit", "4.2", "--answer", "dL_dx=15")
        assert ended.out == report(
            "4.2  Back through a product: a gradient that arrives from above",
            "  ✓ dL_dx  1/1  right",
            "  - dL_dy  0/1  not answered",
            "      There is no answer for ∂L/∂y.",
            "Score: 1 of 2",
            graph=["z = x * y = 6, ∂L/∂z = 5", "├── x = 2, ∂L/∂x = 15", "└── y = 3"],
        )
        assert ended.code == 1

    def test_is_not_for_a_program(self, run: Run) -> None:
        said = "Error: the answer to exercise 4.5 is a program; --answer is for stated values\n"
        assert run("submit", "4.5", "--answer", "-8") == Ended(2, "", said)

    def test_is_given_either_in_a_file_or_on_the_line(self, run: Run) -> None:
        said = "Error: give either a file or --answer, not both\n"
        assert run("submit", "4.1", "work/4.1.yaml", "--answer", "-8") == Ended(2, "", said)


class TestAFileOfAnotherName:
    """What a browser or a file manager calls a second copy is named, with the command that takes it."""

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("4.5 (1).py", "but work/4.5 (1).py is there: course submit 4.5 'work/4.5 (1).py'"),
            ("4_5.ipynb", "but work/4_5.ipynb is there: course submit 4.5 work/4_5.ipynb"),
            ("4.5.py.txt", "rename work/4.5.py.txt to work/4.5.py"),
        ],
    )
    def test_is_named_where_there_is_nothing_else(self, course: Path, run: Run, name: str, said: str) -> None:
        (course / "work").mkdir(exist_ok=True)
        (course / "work" / name).write_text("pass", encoding="utf-8")
        ended = run("submit", "4.5")
        assert ended.code == 2 and said in ended.err


class TestDueDates:
    @pytest.fixture
    def late(self, course: Path) -> None:
        with (course / "course.yaml").open("a", encoding="utf-8") as file:
            file.write('policies: {timezone: Asia/Tashkent, due: {"4": 2026-01-05 23:59}, late: {penalty: 10 %}}\n')

    def test_are_shown_with_their_time_zone(self, late: None, run: Run) -> None:
        assert "Due: 2026-01-05 23:59 (Asia/Tashkent)" in run("show", "4.1").out
        assert "2026-01-05 23:59 (Asia/Tashkent)" in run("list", COLUMNS="200").out

    def test_that_are_missed_are_told_with_what_that_costs(self, late: None, run: Run) -> None:
        ended = run("submit", "4.1", "--answer", "-8")
        assert ended.code == 0
        assert "it was due 2026-01-05 23:59 (Asia/Tashkent). The score is lower for that by 10 %." in ended.err


class TestHandingIn:
    def test_where_work_goes_is_said_after_practice_and_in_the_students_copy(
        self, course: Path, run: Run, tmp_path: Path
    ) -> None:
        with (course / "course.yaml").open("a", encoding="utf-8") as file:
            file.write("hand_in: {en: Upload it to Moodle., uz: Moodle ga yuklang.}\n")
        assert run("submit", "4.1", "--answer", "-8").err == "Upload it to Moodle.\n"
        assert run("submit", "4.1", "--answer", "-8", "--lang", "uz").err == "Moodle ga yuklang.\n"
        text = released_course(find_course(course).course)
        assert 'hand_in:\n  en: "Upload it to Moodle."\n  uz: "Moodle ga yuklang."\n' in text
        assert "- Upload it to Moodle.\n" in released_readme(
            find_course(course).course, "4.1", "4.5", "4.2", "grader.whl", offline=False
        )


class TestAnAnswerFile:
    RIGHT = "y_hat: 1\ns: −1\nloss: 1,0\ndloss_ds: -2\nds_dy_hat: 1\ndy_hat_dw: 1\ndloss_dw: -2\n"

    def submitted(self, course: Path, run: Run, content: str) -> Ended:
        (course / "work").mkdir()
        (course / "work" / "4.3.yaml").write_text(content, encoding="utf-8")
        return run("submit", "4.3")

    def test_in_work_is_found_by_itself(self, course: Path, run: Run) -> None:
        ended = self.submitted(course, run, self.RIGHT)
        assert (ended.code, ended.err) == (0, "")
        assert "Score: 15 of 15\n" in ended.out

    @pytest.mark.parametrize(
        ("right", "typo", "reason"),
        [
            ("dloss_ds:", "dloss_sd:", "4.3.yaml:4:1: dloss_sd is not asked; did you mean dloss_ds?"),
            ("dloss_ds: -2", "dloss_ds: -2_0", "4.3.yaml:4:11: -2_0 is not a number; write it as -8, 0.5 or 1e-2"),
            ("dloss_ds: -2", "dloss_ds: [-2]", "4.3.yaml:4:1: one number is expected for dloss_ds"),
            ("dloss_ds: -2", "dloss_ds:", "There is no answer for ∂loss/∂s."),
        ],
    )
    def test_with_one_typo_is_judged_in_all_its_other_lines(
        self, course: Path, run: Run, right: str, typo: str, reason: str
    ) -> None:
        ended = self.submitted(course, run, self.RIGHT.replace(right, typo))
        assert (ended.code, ended.err) == (1, "")
        assert f"      {reason}\n  ✓ ds_dy_hat  1/1  right\n" in ended.out
        assert "Score: 10 of 15\n" in ended.out

    def test_is_begun_by_start_and_then_answers_nothing(self, run: Run) -> None:
        assert run("start", "4.3").code == 0
        ended = run("submit", "4.3")
        assert (ended.code, ended.err) == (1, "This is the starter, unchanged: it is no attempt.\n")
        assert ended.out.count("There is no answer for") == 7

    def test_cannot_be_a_program(self, run: Run) -> None:
        said = "Error: the answer to exercise 4.1 must be a .yaml file, not solution.py\n"
        assert run("submit", "4.1", "solution.py") == Ended(2, "", said)

    def test_that_is_not_there_is_told(self, run: Run) -> None:
        said = "Error: answers.yaml cannot be read: No such file or directory\n"
        assert run("submit", "4.1", "answers.yaml") == Ended(2, "", said)

    def test_of_another_kind_is_told(self, run: Run) -> None:
        said = "Error: answers.txt does not end in .py, .ipynb, .yaml\n"
        assert run("submit", "4.1", "answers.txt") == Ended(2, "", said)


class TestAProgram:
    def solution(self, exercise_id: str) -> str:
        return (ROOT / "solutions" / exercise_id / "solution.py").read_text(encoding="utf-8")

    def test_that_is_right_gets_full_marks(self, course: Path, run: Run) -> None:
        ended = run("submit", "4.5", "solutions/4.5/solution.py")
        assert ended.out == report(
            "4.5  Model, loss and the backward loop",
            "  ✓ forward  2/2  right",
            "  ✓ loss     2/2  right",
            "      Right with all inputs tried: loss(y_pred, y)",
            "  ✓ loop     4/4  right",
            "Score: 8 of 8",
        )
        assert (ended.code, ended.err) == (0, "")

    def test_with_a_stray_brace_gets_the_line_and_a_caret(self, course: Path, run: Run) -> None:
        (course / "work").mkdir()
        (course / "work" / "4.5.py").write_text(self.solution("4.5") + "print('done') }\n", encoding="utf-8")
        ended = run("submit", "4.5")
        last = len(self.solution("4.5").splitlines()) + 1
        assert (
            f"4.5.py:{last}: Python cannot read this line: unmatched '}}'\n"
            "          print('done') }\n"
            "                        ^\n"
        ) in ended.out
        assert "Score: 0 of 8\n" in ended.out
        assert (ended.code, ended.err) == (1, "")

    def test_with_a_function_of_another_name_is_told_what_was_found(self, course: Path, run: Run) -> None:
        (course / "work").mkdir()
        program = self.solution("4.7").replace("rnn_step", "rnn_stpe")
        (course / "work" / "4.7.py").write_text(program, encoding="utf-8")
        ended = run("submit", "4.7")
        assert ended.out == report(
            "4.7  A graph built on the fly: one RNN step",
            "  ✗ step       0/2  not right",
            "      There is no function rnn_step. Did you mean rnn_stpe? "
            "Functions found: rnn_stpe(x, prev_h, W_h, W_x)",
            "  - gradients  0/3  not checked",
            "      Not checked: step has to pass first.",
            "Score: 0 of 5",
        )
        assert (ended.code, ended.err) == (1, "")

    def test_that_is_missing_is_told_with_the_way_to_begin(self, run: Run) -> None:
        said = (
            "Error: nothing to grade: neither work/4.5.py nor work/4.5.ipynb is there; begin with: course start 4.5\n"
        )
        assert run("submit", "4.5") == Ended(2, "", said)


class TestJson:
    KEYS = (
        *("format_version", "exercise", "student", "status", "isolation", "practice"),
        *("score", "max_score", "checks"),
    )
    CHECK_KEYS = ("name", "status", "verdict", "score", "max_score", "message", "misconceptions", "findings")

    def test_stands_alone_on_standard_output(self, run: Run) -> None:
        ended = run("submit", "4.1", "--answer", "-3", "--json")
        assert (ended.code, ended.err) == (1, "")
        assert json.loads(ended.out) == {
            "format_version": 2,
            "exercise": "4.1",
            "student": "s001",
            "status": "not_run",
            "isolation": "not_run",
            "practice": True,
            "score": 0.0,
            "max_score": 1.0,
            "checks": [
                {
                    "name": "dloss_dw",
                    "status": "not_run",
                    "verdict": "fail",
                    "score": 0.0,
                    "max_score": 1.0,
                    "message": "-3 is not ∂loss/∂w at x = 2, y = 4, w = 1.\n"
                    "This number matches no known mistake: go through the graph once more, step by step.",
                    "misconceptions": [],
                    "findings": [
                        {
                            "kind": "answer-wrong",
                            "actual": -3.0,
                            "about": "∂loss/∂w",
                            "inputs": [["x", "2"], ["y", "4"], ["w", "1"]],
                            "message": "-3 is not ∂loss/∂w at x = 2, y = 4, w = 1.",
                        },
                        {
                            "kind": "answer-unexplained",
                            "message": "This number matches no known mistake: "
                            "go through the graph once more, step by step.",
                        },
                    ],
                }
            ],
        }

    def test_names_the_ideas_that_give_a_wrong_value_the_likeliest_first(self, run: Run) -> None:
        (check,) = json.loads(run("submit", "4.1", "--answer", "-4", "--json").out)["checks"]
        assert [named["name"] for named in check["misconceptions"]] == [
            *("chain-factor-missing", "chain-factor-missing", "stopped-early", "stopped-early"),
            *("local-derivative-not-taken", "local-derivative-not-taken", "wrong-variable"),
        ]
        assert check["misconceptions"][1]["hint"] == "the factor ∂y_hat/∂w is missing"
        assert check["misconceptions"][1]["finding"] == {"kind": "edge-left-out", "edge": "∂y_hat/∂w"}
        assert check["findings"][-1]["causes"] == [named["name"] for named in check["misconceptions"]]

    def test_of_a_program_has_the_same_keys(self, run: Run) -> None:
        ended = run("submit", "4.4", "exercises/4.4/starter.py", "--json", "-")
        content = json.loads(ended.out)
        assert tuple(content) == self.KEYS
        assert [tuple(check) for check in content["checks"]] == [self.CHECK_KEYS] * 2
        assert content["status"] == "completed" and content["isolation"] in ("full", "reduced", "none")

    def test_goes_into_a_file_beside_the_printed_report(self, course: Path, run: Run) -> None:
        ended = run("submit", "4.1", "--answer", "-8", "--json", "report.json")
        assert ended.out == report("4.1  The chain rule at x = 2", "  ✓ dloss_dw  1/1  right", "Score: 1 of 1")
        assert tuple(json.loads((course / "report.json").read_text(encoding="utf-8"))) == self.KEYS

    def test_is_what_was_recorded(self, course: Path, run: Run) -> None:
        ended = run("submit", "4.1", "--answer", "-8", "--json")
        (recorded,) = course.glob("submissions/s001/4.1/*/report.json")
        assert json.loads(recorded.read_text(encoding="utf-8")) == json.loads(ended.out)

    def test_says_practice_only_without_the_secret_of_the_course(self, run: Run) -> None:
        arguments = ("submit", "4.1", "--answer", "-8", "--json")
        assert json.loads(run(*arguments, COURSE_SECRET="hidden").out)["practice"] is False
        assert json.loads(run(*arguments, "--seed", "7", COURSE_SECRET="hidden").out)["practice"] is True

    @pytest.mark.parametrize(
        ("arguments", "code", "name", "said"),
        [
            (
                ["submit", "4.1", "--answer", "abc"],
                2,
                "usage",
                "Error: abc is not a number; write it as -8, 0.5 or 1e-2",
            ),
            (["submit"], 2, "usage", "Usage: course submit [OPTIONS] ID [FILE]\nError: Missing argument 'ID'."),
            (
                ["submit", "4.2", "--answer", "dL_dx=1"],
                3,
                "course_invalid",
                "exercises/4.2/exercise.yaml:1:1: the key id is missing",
            ),
        ],
    )
    def test_of_a_failure_is_an_error_with_a_code(
        self, course: Path, run: Run, arguments: list[str], code: int, name: str, said: str
    ) -> None:
        path = course / "exercises" / "4.2" / "exercise.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace('id: "4.2"\n', ""), encoding="utf-8")
        expected = {"format_version": 1, "error": {"code": name, "message": said}}
        printed, filed = run(*arguments, "--json"), run(*arguments, "--json=error.json")
        assert (printed.code, json.loads(printed.out), printed.err) == (code, expected, said + "\n")
        assert (filed.code, filed.out, filed.err) == (code, "", said + "\n")
        assert json.loads((course / "error.json").read_text(encoding="utf-8")) == expected

    @pytest.mark.parametrize("target", ["nowhere/report.json", "work"])
    def test_that_cannot_be_written_is_a_fault_of_usage(self, course: Path, run: Run, target: str) -> None:
        (course / "work").mkdir()
        ended = run("submit", "4.1", "--answer", "-8", "--json", target)
        assert ended.err.startswith(f"Error: {target} cannot be written: ") and ended.err.count("\n") == 1
        assert ended.code == 2

    @pytest.mark.parametrize("encoding", ["ascii", "cp1251"])
    def test_is_whole_on_a_console_of_any_encoding(self, run: Run, encoding: str) -> None:
        ended = run("submit", "4.1", "--answer", "-4", "--json", encoding=encoding, PYTHONIOENCODING=encoding)
        assert "∂loss/∂w" in json.loads(ended.out)["checks"][0]["message"]


class TestExitCodes:
    def test_of_an_unknown_command_is_2_and_names_the_nearest(self, run: Run) -> None:
        said = "Usage: course [OPTIONS] COMMAND [ARGS]...\nError: There is no command submti. Did you mean submit?\n"
        assert run("submti", "4.1") == Ended(2, "", said)

    def test_of_a_command_like_no_other_is_2_and_names_the_help(self, run: Run) -> None:
        said = "Usage: course [OPTIONS] COMMAND [ARGS]...\nError: There is no command xyz. See: course --help\n"
        assert run("xyz") == Ended(2, "", said)

    @pytest.mark.parametrize("verb", ["show", "start", "submit"])
    def test_of_an_unknown_exercise_is_2_and_names_the_nearest(self, run: Run, verb: str) -> None:
        listed = "4.1, 4.2, 4.3, 4.4, 4.5, 4.6, 4.7, 4.8"
        said = f"Error: there is no exercise 4.11; did you mean 4.1? There are: {listed}\n"
        assert run(verb, "4.11") == Ended(2, "", said)

    def test_without_a_command_is_2_and_prints_the_help(self, run: Run) -> None:
        assert run() == Ended(2, run("--help").out, "")

    def test_outside_of_a_course_is_2(self, tmp_path: Path, run: Run) -> None:
        said = f"Error: there is no course.yaml in {tmp_path} or above it; change to the folder of a course first\n"
        assert run("list", cwd=tmp_path) == Ended(2, "", said)

    def test_without_a_student_is_2(self, run: Run) -> None:
        said = "Error: your name is missing: add --student NAME, set COURSE_STUDENT, or set git config user.email\n"
        assert run("submit", "4.1", "--answer", "-8", COURSE_STUDENT="") == Ended(2, "", said)

    def test_of_an_invalid_course_is_3_with_the_faults_of_all_files(self, course: Path, run: Run) -> None:
        for exercise_id, old, new in (("4.2", "format_version: 1", "format_version: 2"), ("4.1", '"4.1"', "4.1")):
            path = course / "exercises" / exercise_id / "exercise.yaml"
            path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        ended = run("list")
        assert ended.err == (
            'exercises/4.1/exercise.yaml:2:5: write the id in quotes, "4.1": '
            "without them YAML reads a number, and 4.10 becomes 4.1\n"
            "exercises/4.2/exercise.yaml:1:17: 2 is out of range; allowed: 1 … 1\n"
        )
        assert ended.code == 3

    def test_of_an_exercise_is_not_3_because_another_is_invalid(self, course: Path, run: Run) -> None:
        (course / "exercises" / "4.2" / "exercise.yaml").write_text("nonsense")
        assert run("submit", "4.1", "--answer", "-8").code == 0

    def test_of_a_missing_solution_is_3(self, course: Path, run: Run) -> None:
        (course / "solutions" / "4.4" / "solution.py").unlink()
        ended = run("submit", "4.4", "exercises/4.4/starter.py")
        said = "solutions/4.4/solution.py: solution.py is missing; submissions cannot be graded without it\n"
        assert ended == Ended(3, "", said)

    def test_where_nothing_can_be_recorded_is_4(self, course: Path, run: Run) -> None:
        (course / "submissions").write_text("in the way")
        ended = run("submit", "4.1", "--answer", "-8", "--json")
        assert ended.code == 4
        assert ended.err.startswith("This could not be judged: the submission cannot be recorded under ")
        assert json.loads(ended.out)["error"]["code"] == "could_not_judge"

    def test_of_a_bug_of_ours_is_70_with_a_log(self, course: Path, tmp_path: Path) -> None:
        driver = (
            "import grader.store.course.course_files as files\n"
            "def broken(*_): raise RuntimeError('the moon is full')\n"
            "files.find_course = broken\n"
            "from grader.cli.boundary import run\n"
            "run(['submit', '4.1', '--json'])\n"
        )
        (tmp_path / "logs").mkdir()
        done = subprocess.run(
            [sys.executable, "-c", driver],
            cwd=course,
            env=surroundings(tmp_path, TMPDIR=str(tmp_path / "logs"), TEMP=str(tmp_path / "logs")),
            capture_output=True,
            text=True,
            check=False,
        )
        (log,) = (tmp_path / "logs").iterdir()
        said = f"This is a bug in the grader, not in your work. Please send us this file: {log}"
        assert (done.returncode, done.stderr) == (70, said + "\n")
        assert json.loads(done.stdout) == {"format_version": 1, "error": {"code": "bug", "message": said}}
        assert "RuntimeError: the moon is full" in log.read_text(encoding="utf-8")


class TestLanguages:
    UZBEK, ENGLISH = "Zanjir qoidasi x = 2 nuqtada", "The chain rule at x = 2"

    @pytest.mark.parametrize(
        ("arguments", "environment", "title"),
        [
            (["--lang", "uz"], {}, UZBEK),
            (["--lang=uz"], {}, UZBEK),
            (["--lang", "en"], {"LANG": "uz_UZ.UTF-8"}, ENGLISH),
            ([], {"LANG": "uz_UZ.UTF-8"}, UZBEK),
            ([], {"LANG": "en_GB.UTF-8"}, ENGLISH),
            ([], {"LANGUAGE": "uz:en", "LANG": "en_US.UTF-8"}, UZBEK),
            ([], {"LC_ALL": "en_US.UTF-8", "LANG": "uz_UZ.UTF-8"}, ENGLISH),
            ([], {"LANG": ""}, UZBEK),
            ([], {"LANG": "C.UTF-8"}, UZBEK),
            ([], {"LANG": "ru_RU.UTF-8"}, UZBEK),
        ],
    )
    def test_come_from_the_line_then_the_environment_then_the_course(
        self, run: Run, arguments: list[str], environment: dict[str, str], title: str
    ) -> None:
        assert run("show", "4.1", *arguments, **environment).out.splitlines()[0] == f"4.1  {title}"

    def test_of_the_course_may_be_english_first(self, course: Path, run: Run) -> None:
        path = course / "course.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("[uz, en]", "[en, uz]"), encoding="utf-8")
        assert run("show", "4.1", LANG="").out.splitlines()[0] == f"4.1  {self.ENGLISH}"

    def test_may_stand_before_the_command(self, run: Run) -> None:
        assert run("--lang", "uz", "show", "4.1").out == run("show", "4.1", "--lang", "uz").out

    def test_are_those_of_the_messages_too(self, run: Run) -> None:
        english = run("submit", "4.1", "--answer", "-4")
        uzbek = run("submit", "4.1", "--answer", "-4", "--lang", "uz")
        assert english.code == uzbek.code == 1
        # The graph holds names and numbers alone, but for what it says of the lost edge and the wrong answer.
        told, aytilgan = (set(ended.out.partition("\nloss = ")[0].splitlines()) for ended in (english, uzbek))
        assert told & aytilgan == set()
        assert "perhaps missing: " in english.out and "balki tushib qolgan: " in uzbek.out

    def test_are_those_of_the_faults_too(self, run: Run) -> None:
        english, uzbek = (
            run("submit", "4.1", "--answer", "abc"),
            run("--lang", "uz", "submit", "4.1", "--answer", "abc"),
        )
        assert english.code == uzbek.code == 2
        assert "abc" in uzbek.err and uzbek.err != english.err

    def test_without_a_text_fall_back_to_english(self, course: Path, run: Run) -> None:
        path = course / "exercises" / "4.1" / "exercise.yaml"
        lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join(line for line in lines if self.UZBEK not in line), encoding="utf-8")
        assert run("show", "4.1", "--lang", "uz").out.splitlines()[0] == f"4.1  {self.ENGLISH}"

    def test_that_we_do_not_speak_are_told(self, run: Run) -> None:
        ended = run("list", "--lang", "ru", LANG="en_US.UTF-8")
        assert (ended.code, ended.out) == (2, "")
        assert ended.err.endswith("Error: Invalid value for '--lang': 'ru' is not one of 'uz', 'en'.\n")


class TestAConsoleOfAnotherEncoding:
    @pytest.mark.parametrize("language", ["uz", "en"])
    @pytest.mark.parametrize("encoding", ["ascii", "cp1251"])
    def test_lists_every_exercise(self, run: Run, encoding: str, language: str) -> None:
        ended = run("list", "--lang", language, encoding=encoding, PYTHONIOENCODING=encoding)
        assert (ended.code, ended.err) == (0, "")
        assert [line.split()[0] for line in ended.out.splitlines() if line.startswith("4.")] == [*STATED, *CODED]
        assert "?" not in ended.out

    @pytest.mark.parametrize(("encoding", "language"), [("ascii", "uz"), ("cp1251", "en")])
    @pytest.mark.parametrize("exercise_id", [*STATED, *CODED])
    def test_shows_every_exercise(self, run: Run, exercise_id: str, encoding: str, language: str) -> None:
        ended = run("show", exercise_id, "--lang", language, encoding=encoding, PYTHONIOENCODING=encoding)
        assert (ended.code, ended.err) == (0, "")
        assert plain(texts(exercise_id)["prompt"][language].strip()) in plain(ended.out)

    @pytest.mark.parametrize(("encoding", "language"), [("ascii", "en"), ("cp1251", "uz")])
    @pytest.mark.parametrize("exercise_id", STATED)
    def test_judges_every_stated_exercise(self, run: Run, exercise_id: str, encoding: str, language: str) -> None:
        name = texts(exercise_id)["asks"][0]["name"]  # type: ignore[index]
        arguments = ("submit", exercise_id, "--answer", f"{name}=77", "--lang", language)
        ended = run(*arguments, encoding=encoding, PYTHONIOENCODING=encoding)
        assert (ended.code, ended.err) == (1, "")
        assert f"  x {name}" in ended.out

    @pytest.mark.parametrize(
        ("exercise_id", "encoding", "language"),
        [
            (id, *console)
            for number, id in enumerate(CODED)
            for place, console in enumerate([("ascii", "en"), ("cp1251", "uz")])
            # Each program on one of the two consoles; on both in make test-all.
            if EVERYTHING or place == number % 2
        ],
    )
    def test_judges_every_program(self, run: Run, exercise_id: str, encoding: str, language: str) -> None:
        starter = f"exercises/{exercise_id}/starter.py"
        ended = run("submit", exercise_id, starter, "--lang", language, encoding=encoding, PYTHONIOENCODING=encoding)
        # A starter, which is told to be none in a line that every console can show.
        assert ended.code == 1 and len(ended.err.splitlines()) == 1
        assert "\n  x " in ended.out

    def test_without_any_sign_gets_plain_spellings(self, run: Run) -> None:
        ended = run("show", "4.1", encoding="ascii", PYTHONIOENCODING="ascii")
        assert ended.out.splitlines()[2:4] == [
            "Model: y^ = x * w. Loss: loss = (y^ - y)^2.",
            "Split the graph at the node s = y^ - y and work out dloss/dw by hand at x = 2, y = 4, w = 1.",
        ]

    def test_with_some_of_the_signs_keeps_those(self, run: Run) -> None:
        ended = run("show", "4.1", encoding="cp1251", PYTHONIOENCODING="cp1251")
        assert ended.out.splitlines()[2] == "Model: y^ = x · w. Loss: loss = (y^ - y)^2."

    def test_gets_plain_spellings_of_the_letter_oʻ(self, run: Run) -> None:
        ended = run("list", "--lang", "uz", encoding="ascii", PYTHONIOENCODING="ascii")
        assert ended.out.splitlines()[0] == "Mashinali va chuqur o'qitish"

    def test_gets_plain_spellings_of_a_report(self, run: Run) -> None:
        ended = run("submit", "4.1", "--answer", "-4", encoding="ascii", PYTHONIOENCODING="ascii")
        assert ended.out.splitlines()[1:3] == [
            "  x dloss_dw  0/1  not right",
            "      -4 is not dloss/dw at x = 2, y = 4, w = 1.",
        ]

    def test_gets_plain_spellings_of_a_fault(self, run: Run) -> None:
        ended = run("submit", "4.1", "--answer", "ŷ·2", encoding="ascii", PYTHONIOENCODING="ascii")
        assert ended == Ended(2, "", "Error: y^*2 is not a number; write it as -8, 0.5 or 1e-2\n")

    @pytest.mark.parametrize("arguments", [["--help"], ["submit", "--help"], ["start", "4.5"], ["--nonsense"]])
    def test_gets_plain_spellings_of_everything_else(self, run: Run, arguments: list[str]) -> None:
        ended = run(*arguments, "--lang", "uz", encoding="ascii", PYTHONIOENCODING="ascii")
        assert (ended.out + ended.err).isascii() and "?" not in ended.out + ended.err

    def test_gets_plain_spellings_of_a_path(self, course: Path, run: Run) -> None:
        home = course.rename(course.parent / "Gʻulom — oʻqish")
        ended = run("start", "4.1", cwd=home / "exercises", encoding="ascii", PYTHONIOENCODING="ascii")
        assert ended.code == 0 and "G'ulom - o'qish" in ended.out

    @pytest.mark.parametrize("exercise_id", [*STATED, *CODED])
    def test_has_a_spelling_for_every_sign_of_the_course(self, exercise_id: str) -> None:
        content = texts(exercise_id)
        for text in (*content["title"].values(), *content["prompt"].values()):
            assert plain(text).count("?") == text.count("?")


class TestStart:
    @pytest.mark.parametrize("exercise_id", CODED)
    def test_copies_the_starter_of_a_program(self, course: Path, run: Run, exercise_id: str) -> None:
        said = f"Wrote work/{exercise_id}.py. When it is ready: course submit {exercise_id}\n"
        assert run("start", exercise_id) == Ended(0, said, "")
        starter = course / "exercises" / exercise_id / "starter.py"
        assert (course / "work" / f"{exercise_id}.py").read_bytes() == starter.read_bytes()

    def test_writes_a_line_for_each_stated_value(self, course: Path, run: Run) -> None:
        assert run("start", "4.2").code == 0
        assert (course / "work" / "4.2.yaml").read_bytes() == b"dL_dx:\ndL_dy:\n"

    def test_never_writes_over_work(self, course: Path, run: Run) -> None:
        (course / "work").mkdir()
        (course / "work" / "4.5.py").write_bytes(b"my own work")
        said = "Error: work/4.5.py already exists; to start again, move it away\n"
        assert run("start", "4.5") == Ended(2, "", said)
        assert (course / "work" / "4.5.py").read_bytes() == b"my own work"

    def test_where_no_folder_can_be_made_is_a_fault_of_usage(self, course: Path, run: Run) -> None:
        (course / "work").write_text("in the way")
        ended = run("start", "4.5")
        assert ended.code == 2 and ended.err.startswith("Error: work") and ended.err.count("\n") == 1

    def test_finds_the_course_above(self, course: Path, run: Run) -> None:
        assert run("start", "4.5", cwd=course / "exercises").code == 0
        assert (course / "work" / "4.5.py").is_file()


class TestListAndShow:
    def test_list_has_every_exercise_with_its_points_and_checks(self, run: Run) -> None:
        lines = run("list").out.splitlines()
        assert lines[0] == "Machine learning and deep learning"
        assert lines[1].split() == ["id", "title", "points", "checks"]
        assert lines[3].rstrip() == "4.1  The chain rule at x = 2           1       dloss_dw"

    def test_list_hides_no_exercise_whose_lecture_is_not_declared(self, course: Path, run: Run) -> None:
        (course / "exercises" / "5.1").mkdir()
        text = (course / "exercises" / "4.1" / "exercise.yaml").read_text(encoding="utf-8").replace('"4.1"', '"5.1"')
        (course / "exercises" / "5.1" / "exercise.yaml").write_text(text, encoding="utf-8")
        ended = run("list")
        assert "5.1" in ended.out + ended.err

    @pytest.mark.parametrize("language", ["uz", "en"])
    @pytest.mark.parametrize("exercise_id", [*STATED, *CODED])
    def test_show_has_the_title_the_prompt_and_the_points(self, run: Run, exercise_id: str, language: str) -> None:
        ended = run("show", exercise_id, "--lang", language)
        content = texts(exercise_id)
        assert ended.out.startswith(
            f"{exercise_id}  {content['title'][language]}\n\n{content['prompt'][language].strip()}\n\n  "
        )
        names = [part["name"] for part in content.get("asks") or content["checks"]]  # type: ignore[index]
        shown = ended.out.partition(f"{content['prompt'][language].strip()}\n\n")[2].partition("\n\n")[0]
        assert [line.split()[0] for line in shown.splitlines()] == names
        assert (ended.code, ended.err) == (0, "")

    @pytest.mark.parametrize(
        ("exercise_id", "language", "last"),
        [
            ("4.2", "en", "Hand in with: course submit 4.2 --answer dL_dx=NUMBER --answer dL_dy=NUMBER"),
            ("4.1", "uz", "Topshirish: course submit 4.1 --answer dloss_dw=SON"),
            ("4.3", "en", "Begin with: course start 4.3\nHand in with: course submit 4.3"),
            ("4.5", "uz", "Boshlash: course start 4.5\nTopshirish: course submit 4.5"),
        ],
    )
    def test_show_ends_with_how_it_is_handed_in(self, run: Run, exercise_id: str, language: str, last: str) -> None:
        assert run("show", exercise_id, "--lang", language).out.endswith(f"\n\n{last}\n")


class TestHelp:
    @pytest.mark.parametrize("option", ["--help", "-h"])
    def test_of_the_course_lists_every_command(self, run: Run, option: str) -> None:
        ended = run(option)
        listed = ended.out.partition("Commands:\n")[2].splitlines()
        assert [line.split()[0] for line in listed] == COMMANDS
        assert (ended.code, ended.err) == (0, "")

    @pytest.mark.parametrize("name", COMMANDS)
    def test_of_a_command_is_one_imperative_line_and_an_example(self, run: Run, name: str) -> None:
        ended = run(name, "--help")
        usage, line, example = (part.strip() for part in ended.out.split("\n\n")[:3])
        assert usage.startswith(f"Usage: course {name} ")
        assert line.count("\n") == 0 and line.endswith(".") and not line.split()[0].endswith(("s", "ing", "ed"))
        assert example.startswith(f"Example: course {name}")
        assert f"  {name} " in run("--help").out and line in run("--help").out

    def test_needs_no_course(self, tmp_path: Path, run: Run) -> None:
        assert run("--help", cwd=tmp_path).code == 0

    def test_has_a_version(self, run: Run) -> None:
        from grader import __version__

        assert run("--version") == Ended(0, f"course {__version__}\n", "")


class TestAReaderThatHasSeenEnough:
    """As in `course list | head -1`; here the reader is gone before the first line, so that nothing is left to luck."""

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            (["--help"], 0),
            (["list"], 0),
            (["show", "4.5"], 0),
            (["start", "4.5"], 0),
            (["submit", "4.1", "--answer", "-8"], 0),
            (["submit", "4.1", "--answer", "-4"], 1),
            (["submit", "4.1", "--answer", "-4", "--json"], 1),
            (["submit", "4.1", "--answer", "abc", "--json"], 2),
        ],
    )
    def test_changes_no_exit_code_and_sees_no_traceback(
        self, course: Path, tmp_path: Path, arguments: Sequence[str], code: int
    ) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        try:
            done = subprocess.run(
                command(*arguments),
                cwd=course,
                env=surroundings(tmp_path),
                stdout=writer,
                stderr=subprocess.PIPE,
                check=False,
            )
        finally:
            os.close(writer)
        assert b"Traceback" not in done.stderr and b"BrokenPipe" not in done.stderr
        assert done.returncode == code


class TestInterruption:
    HANGING = "x_soat = [1.0]\ny_baho = [2.0]\nw = 1.0\n\n\ndef gradient(x, y):\n    while True:\n        pass\n"

    def test_ends_a_submission_that_hangs_with_130_and_leaves_no_process(self, course: Path, tmp_path: Path) -> None:
        (course / "hang.py").write_text(self.HANGING)
        path = course / "exercises" / "4.6" / "exercise.yaml"
        patient = path.read_text(encoding="utf-8").replace(
            "  - name: gradient\n", "  - name: gradient\n    limits: {wall: 60 min, cpu: 60 min}\n"
        )
        path.write_text(patient, encoding="utf-8")
        process = subprocess.Popen(
            command("submit", "4.6", "hang.py"),
            cwd=course,
            env=surroundings(tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Whoever runs the tests in the background has told them to ignore Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        try:
            children = self.busy_children(process)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=100)
        finally:
            process.kill()
        assert (process.returncode, out, err.strip()) == (
            130,
            "",
            "Interrupted. What has been recorded is kept; run the same command again to continue.",
        )
        assert self.survivors(children) == []
        assert [path.read_text() for path in course.glob("submissions/s001/4.6/*/4.6.py")] == [self.HANGING]

    def busy_children(self, process: subprocess.Popen[str]) -> list[psutil.Process]:
        """Wait until the youngest of the command's children is seen to compute, and return them all."""
        seen: tuple[psutil.Process | None, float] = (None, 0.0)
        for _ in range(1000):
            assert process.poll() is None, process.communicate()
            children = psutil.Process(process.pid).children(recursive=True)
            if len(children) > 1:
                youngest = max(children, key=lambda child: child.create_time())
                now = (youngest, self.computed(youngest))
                if seen[0] == youngest and now[1] > seen[1]:
                    return children
                seen = now
            time.sleep(0.1)
        raise AssertionError("no child was seen")

    def computed(self, child: psutil.Process) -> float:
        """Return the seconds of processor time that a child has used; 0 where it has just ended."""
        try:
            return float(child.cpu_times().user)
        except psutil.Error:
            return 0.0

    def survivors(self, children: list[psutil.Process]) -> list[psutil.Process]:
        """Return who still runs after a while; who has ended and only waits to be buried does not."""
        alive = children
        for _ in range(300):
            alive = [child for child in alive if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
            if not alive:
                break
            time.sleep(0.1)
        return alive


class TestARecord:
    def test_is_made_of_every_submission(self, course: Path, run: Run) -> None:
        for _ in range(2):
            run("submit", "4.1", "--answer", "−8,0")
        first, second = course.glob("submissions/s001/4.1/*/submission.json")
        assert first != second
        assert json.loads(first.read_text(encoding="utf-8"))["student"] == "s001"
        assert (first.parent / "4.1.yaml").read_bytes() == b"dloss_dw: -8.0\n"

    @pytest.mark.parametrize("student", ["../../x", "/tmp/x", "CON", "Гулом", "Ў" * 300])
    def test_stays_inside_whoever_submits(self, course: Path, run: Run, student: str) -> None:
        before = {path.name for path in course.parent.iterdir()}
        ended = run("submit", "4.1", "--answer", "-8", "--student", student, "--json")
        assert (ended.code, json.loads(ended.out)["student"]) == (0, student)
        assert len(list(course.glob("submissions/*/4.1/*/report.json"))) == 1
        assert {path.name for path in course.parent.iterdir()} == before

    def test_names_the_student_that_git_knows(self, course: Path, tmp_path: Path, run: Run) -> None:
        (tmp_path / ".gitconfig").write_text("[user]\n\temail = ali@example.org\n")
        ended = run("submit", "4.1", "--answer", "-8", "--json", COURSE_STUDENT="")
        assert json.loads(ended.out)["student"] == "ali@example.org"
