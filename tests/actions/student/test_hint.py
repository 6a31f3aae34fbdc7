"""Hints: one more at each call, from where to look to the idea and an example of it, and never the answer."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import commanding
import pytest
from catalogues import LANGUAGES
from grading import DEMO
from repository import ROOT, copy_course
from test_cli import Ended, Run, surroundings
from test_cli import run as run
from test_imports import boxes, foreign, imported

from grader.core.course.exercise import Exercise
from grader.core.course.feedback import Tells
from grader.core.hints.ladder import ladder
from grader.core.hints.questions import question_about
from grader.core.report.finding import finding
from grader.core.report.report import CheckResult, NamedMisconception, Verdict
from grader.core.run.observation import RunStatus
from grader.core.words.message import Message, Text
from grader.store.course.course_files import find_course
from grader.store.machine.catalogues import translation
from grader.store.students.class_files import ClassFiles
from grader.store.students.hint_state import read_checks

NAMES = """
gradient-not-zeroed zeroed-once-per-epoch zeroed-before-backward leaf-rebound leaf-updated-in-place
saved-value-overwritten backward-twice graph-cut item-too-early integer-leaf vector-loss update-sign
chain-factor-missing factor-two-missing loss-not-squared loss-absolute target-forgotten batch-mean batch-sum
updated-with-loss broadcast-target softmax-twice item-not-called returned-in-loop device-copy-not-leaf
accumulation-overwritten operand-order integer-input missing-batch-dimension probabilities-expected target-not-float
stopped-early sign-flipped local-derivative-not-taken upstream-ignored added-instead-of-multiplied wrong-variable
scaled transposed accumulated stale-parameter not-summed-over-batch low-precision not-a-number
""".split()
LAST = {
    "en": "This is the last hint for this submission; course feedback {id} shows it as a page.",
    "uz": "Bu ish uchun oxirgi maslahat shu; course feedback {id} uni sahifa qilib koʻrsatadi.",
}
AGAIN = {
    "en": "You have seen this one: there are no more hints for this submission.",
    "uz": "Bu maslahat sizga berilgan: bu ish uchun boshqa maslahat yoʻq.",
}

languages = pytest.mark.parametrize("language", LANGUAGES)


def hints(run: Run, exercise: str, count: int, *arguments: str) -> list[str]:
    ended = [run("hint", exercise, *arguments) for _ in range(count)]
    assert [(each.code, each.err) for each in ended] == [(0, "")] * count
    return [each.out for each in ended]


def records(course: Path, exercise: str) -> list[Path]:
    return sorted(path.parent for path in (course / "submissions" / "s001" / exercise).glob("*/submission.json"))


def report_of(course: Path, exercise: str) -> Path:
    return records(course, exercise)[-1] / "report.json"


def rewrite(path: Path, content: str | bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))


def edited(course: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = report_of(course, "4.1")
    report = json.loads(path.read_text(encoding="utf-8"))
    change(report)
    rewrite(path, json.dumps(report))


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what is recorded where 4.1 was answered wrongly."""
    root = copy_course(tmp_path_factory.mktemp("answered") / "course")
    done = commanding.course("submit", "4.1", "--answer", "-4", cwd=root, **surroundings(root.parent))
    assert done.returncode == 1
    return root / "submissions"


@pytest.fixture
def wrong(course: Path, run: Run, answered: Path) -> Run:
    """Return the runner of a course in which 4.1 was answered wrongly."""
    shutil.copytree(answered, course / "submissions")
    return run


class TestTheLadderOfAStatedValue:
    def test_goes_from_the_place_over_a_question_to_the_idea_in_other_numbers(self, wrong: Run) -> None:
        first, second, third, fourth = hints(wrong, "4.1", 4)
        assert first == "Hint 1 of 4\nLook at dloss_dw: ∂loss/∂w. The way back: loss → s → y_hat → w.\n"
        assert second == "Hint 2 of 4\nOn the way back, is there one factor for each edge? Count both.\n"
        assert "the product of the local derivatives" in third
        assert "5 · 3 · 7 = 105" in fourth and fourth.endswith(LAST["en"].format(id="4.1") + "\n")

    @pytest.mark.usefixtures("wrong")
    def test_ends_with_the_lost_factor_where_only_the_place_was_told(self, course: Path) -> None:
        exercise, told = exercise_of("4.1"), list(read_checks(records(course, "4.1")[0]))
        assert said(exercise, told)[-1].startswith("a = 5b")
        last = said(replace(exercise, tells=Tells.PLACE), told)[-1]
        assert last.startswith("Your number is what you get when a factor of ∂loss/∂s is missing.\n  Or: the factor")

    @languages
    def test_names_no_accepted_number_in_either_language(self, wrong: Run, language: str) -> None:
        told = hints(wrong, "4.1", 5, "--lang", language)
        assert LAST[language].format(id="4.1") in told[3] and AGAIN[language] in told[4]
        assert not re.search(r"[-−]8", "".join(told))

    def test_speaks_another_language_than_the_submission_did(self, wrong: Run) -> None:
        assert "mahalliy hosilalarining koʻpaytmasi" in hints(wrong, "4.1", 3, "--lang", "uz")[2]

    def test_goes_on_to_the_next_value_in_the_order_of_the_graph(self, course: Path, run: Run) -> None:
        (course / "answers.yaml").write_text("dloss_dw: 7\ndloss_ds: 9\ny_hat: 5\ns: -1\nloss: 1\n", encoding="utf-8")
        run("submit", "4.3", "answers.yaml")
        shown = [json.loads(text)["check"] for text in hints(run, "4.3", 12, "--json")]
        assert list(dict.fromkeys(shown)) == ["y_hat", "dloss_ds", "ds_dy_hat", "dy_hat_dw", "dloss_dw"]

    def test_leaves_out_a_number_that_is_an_answer_still_to_be_found(self) -> None:
        exercise = exercise_of("4.3")
        idea = NamedMisconception("chain-factor-missing", finding("edge-lost", edge="∂loss/∂s", value=-2.0))
        told = [checked("dloss_dw", causes=(idea,))]
        assert (
            said(replace(exercise, tells=Tells.PLACE), told)[-1]
            == "Your number is what you get when the factor ∂loss/∂s = ? is missing."
        )

    def test_asks_for_the_source_where_the_method_was_right(self) -> None:
        told = [checked("dloss_dw", carried=0.5)]
        assert said(exercise_of("4.3"), told)[1].startswith("The method is right here")


class TestTheLadderOfAProgram:
    @languages
    def test_repeats_nothing_that_was_told_and_tells_no_expected_number(
        self, course: Path, run: Run, language: str
    ) -> None:
        (course / "mine.py").write_text(DEMO["not_zeroed"], encoding="utf-8")
        shown = run("submit", "4.5", "mine.py", "--lang", language).out
        told = hints(run, "4.5", 5, "--lang", language)
        assert "w.grad" in told[1] and "backward()" in told[1] and ".grad" in told[2] and "3 + 5 = 8" in told[3]
        assert {"en": "never set back to zero", "uz": "nolga tenglanmagan"}[language] in shown
        assert not [line for hint in told for line in hint.splitlines() if line in shown and len(line) > 20]
        assert LAST[language].format(id="4.5") in told[3] and AGAIN[language] in told[4]
        report = report_of(course, "4.5").read_text(encoding="utf-8")
        expected = set(re.findall(r"(?:expected|kutilgan) (\S+?)(?=\\n|\")|[:\s](\S+ … [\d.-]+)", report))
        numbers = {number for pair in expected for number in pair if number}
        assert numbers and not {number for number in numbers if number in "".join(told)}

    def test_names_the_line_of_an_error_once_for_all_checks(self, course: Path, run: Run) -> None:
        (course / "mine.py").write_text("x_soat = [1.0]\nw = (1\n", encoding="utf-8")
        run("submit", "4.5", "mine.py")
        first, second, third = hints(run, "4.5", 3)
        assert "Look at the check forward." in first and "Hint 1 of 2" in first and "line 2" not in first
        assert "last line of the error" in second and AGAIN["en"] in third

    def test_says_the_authors_hint_in_the_language_asked_for(self) -> None:
        hint = Text.of({"en": "Think of w.grad.", "uz": "w.grad haqida oʻylang."})
        kept = NamedMisconception("gradient-not-zeroed", finding("as-written", text="Think of w.grad."))
        told = [checked("loop", causes=(kept,))]
        exercise = replace(exercise_of("4.5"), tells=Tells.PLACE)
        assert said(exercise, told, "uz", {"gradient-not-zeroed": hint})[-1] == "w.grad haqida oʻylang."

    def test_does_not_take_an_authors_hint_for_one_of_ours_of_the_same_name(self) -> None:
        ours = NamedMisconception("accumulated", finding("never-zeroed"))
        exercise = replace(exercise_of("4.5"), tells=Tells.PLACE)
        told = said(exercise, [checked("loop", causes=(ours,))], authors={"accumulated": Text.of({"en": "x"})})
        assert told[-1].startswith("The gradient is never reset to zero")

    def test_names_the_cell_of_a_notebook(self) -> None:
        raised = finding("raised", file="n.ipynb", cell=2, line=5, type="ValueError", words="look at other.py:77")
        told = [checked("loop", Verdict.ERROR, findings=(raised,))]
        exercise = replace(exercise_of("4.5"), tells=Tells.VERDICT)
        assert said(exercise, told)[0].endswith("Look at cell 2 of n.ipynb, line 5.")

    def test_asks_for_the_loop_that_never_ends(self) -> None:
        told = [checked("loop", Verdict.ERROR, RunStatus.TIMED_OUT)]
        assert said(exercise_of("4.5"), told)[1].startswith("Which loop never ends?")

    def test_of_what_could_not_be_judged_is_to_hand_it_in_again(self) -> None:
        (only,) = said(exercise_of("4.5"), [checked("loop", Verdict.VOID)])
        assert "it is not your fault" in only


def checked(
    name: str, verdict: Verdict = Verdict.FAIL, status: RunStatus = RunStatus.COMPLETED, **more: Any
) -> CheckResult:
    return CheckResult(name, status, verdict, 1.0, **more)


def exercise_of(id: str) -> Exercise:
    return find_course(ROOT).exercise(id)


def said(
    exercise: Exercise, told: list[CheckResult], language: str = "en", authors: dict[str, Text] | None = None
) -> list[str]:
    rungs = ladder(exercise, told, authors)
    return [rung.text.said(translation(language), language) for rung in rungs]


class TestTheLadder:
    def test_begins_anew_with_a_new_submission(self, wrong: Run) -> None:
        hints(wrong, "4.1", 2)
        wrong("submit", "4.1", "--answer", "8")
        assert hints(wrong, "4.1", 1)[0].startswith("Hint 1 of 4\n")

    def test_repeats_the_last_with_a_note(self, wrong: Run) -> None:
        third, fourth, fifth = hints(wrong, "4.1", 6)[3:]
        assert fourth == fifth and fourth.splitlines()[:-1] == third.splitlines()[:-1]
        assert fourth.splitlines()[-1].startswith(AGAIN["en"]) and "ask your teacher" in fourth

    def test_is_each_students_own(self, wrong: Run) -> None:
        wrong("submit", "4.1", "--answer", "-4", "--student", "Gʻulom")
        hints(wrong, "4.1", 2)
        assert hints(wrong, "4.1", 1, "--student", "Gʻulom")[0].startswith("Hint 1 of 4\n")

    def test_changes_no_record(self, course: Path, wrong: Run) -> None:
        def content() -> dict[str, tuple[bytes, int]]:
            (record,) = records(course, "4.1")
            return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in record.iterdir()}

        before = content()
        hints(wrong, "4.1", 4)
        assert content() == before

    def test_leaves_nothing_that_the_grading_of_a_class_stumbles_over(self, course: Path, wrong: Run) -> None:
        hints(wrong, "4.1", 2)
        found = ClassFiles(course / "submissions", ["4.1"]).read()
        assert len(found.submissions) == 1 and not found.unknown

    def test_has_nothing_to_say_to_full_marks(self, run: Run) -> None:
        run("submit", "4.1", "--answer", "-8")
        assert hints(run, "4.1", 2) == ["Everything is right: you need no hint.\n"] * 2

    @pytest.mark.parametrize(("exercise", "what"), [("4.1", "--answer dloss_dw=NUMBER"), ("4.5", "course start 4.5")])
    def test_before_any_attempt_is_how_to_begin(self, course: Path, run: Run, exercise: str, what: str) -> None:
        (told,) = hints(run, exercise, 1)
        assert f"course show {exercise}" in told and what in told
        assert not (course / "submissions").exists()

    def test_of_an_unknown_exercise_is_a_usage_error(self, run: Run) -> None:
        ended = run("hint", "4.9")
        assert ended.code == 2 and "did you mean 4.8?" in ended.err

    def test_of_nobody_asks_who_it_is(self, run: Run) -> None:
        assert run("hint", "4.1", COURSE_STUDENT="").code == 2

    def test_is_written_as_json(self, course: Path, wrong: Run) -> None:
        first, *_, last = (json.loads(text) for text in hints(wrong, "4.1", 4, "--json"))
        assert first == {
            "format_version": 1,
            "exercise": "4.1",
            "step": 1,
            "steps": 4,
            "check": "dloss_dw",
            "hint": "Look at dloss_dw: ∂loss/∂w. The way back: loss → s → y_hat → w.",
            "misconception": None,
        }
        assert last["misconception"] == "chain-factor-missing"
        assert "Hint 4 of 4" in hints(wrong, "4.1", 1, "--json", "hint.json")[0]
        assert json.loads((course / "hint.json").read_text(encoding="utf-8"))["step"] == 4

    def test_needs_neither_torch_nor_a_data_base_nor_a_box(self, course: Path) -> None:
        imported(course, "submit", "4.1", "--answer", "-8")
        modules = imported(course, "hint", "4.1")
        assert not foreign(modules) & {"torch", "sqlalchemy", "psutil"}
        assert not boxes(modules)


class TestAnAuthorsOwnHints:
    def test_come_first_one_a_call(self, course: Path, run: Run) -> None:
        path = course / "exercises" / "4.1" / "exercise.yaml"
        with path.open("a", encoding="utf-8") as file:
            file.write('hints:\n  - {uz: "Grafni chizing.", en: "Draw the graph."}\n  - {en: "Name the edges."}\n')
        run("submit", "4.1", "--answer", "-4")
        told = hints(run, "4.1", 3)
        assert told[:2] == ["Hint 1 of 6\nDraw the graph.\n", "Hint 2 of 6\nName the edges.\n"]
        assert "The way back" in told[2]
        assert "Draw the graph" not in run("show", "4.1").out

    @pytest.mark.parametrize(
        ("hint", "fault"), [("Draw it.", "write the text in each language"), ("{ru: x}", "unknown language ru")]
    )
    def test_that_are_not_right_are_told_with_their_place(self, course: Path, run: Run, hint: str, fault: str) -> None:
        path = course / "exercises" / "4.1" / "exercise.yaml"
        lines = len(path.read_text(encoding="utf-8").splitlines())
        with path.open("a", encoding="utf-8") as file:
            file.write(f"hints:\n  - {hint}\n")
        ended = run("hint", "4.1")
        assert ended.code == 3 and re.match(rf"exercises/4.1/exercise.yaml:{lines + 2}:\d+: ", ended.err)
        assert fault in ended.err


class TestAReportThatSomebodyEdited:
    @pytest.mark.parametrize(
        "content",
        [
            "", "{", "[]", "7", '"x"', "null", "{}", '{"checks": 1}', '{"checks": [1]}', '{"checks": [{}]}',
            b"\xff\xfe\x00", "[" * 100_000, " " * 9_000_000, "9" * 9999,
            '{"checks": [{"name": "dloss_dw", "verdict": "great", "score": 0}]}',
            '{"checks": [{"name": 1, "verdict": "fail", "score": 0,"status": "", "message": "", "misconceptions": 1}]}',
            '{"checks": [{"name": "a", "verdict": [], "score": 0, "status": "", "message": "", "misconceptions": {}}]}',
        ],
        ids=range(17),
    )  # fmt: skip
    def test_is_a_sentence_and_no_traceback(self, course: Path, wrong: Run, content: str | bytes) -> None:
        rewrite(report_of(course, "4.1"), content)
        ended = wrong("hint", "4.1")
        assert ended.code == 2 and "has been changed, so no hint" in ended.err and "course submit 4.1" in ended.err

    def test_with_strange_texts_says_them_without_control_characters(self, course: Path, wrong: Run) -> None:
        strange = "\x1b[31m{x} %s \u202e\ud800" + "a" * 100_000

        def change(report: dict[str, Any]) -> None:
            check = report["checks"][0]
            check["message"] = strange
            hint = {"kind": "author-hint", "text": strange[:9000]}
            check["misconceptions"] = [{"name": strange[:150], "hint": strange, "finding": hint}] * 30

        edited(course, change)
        with (course / "exercises" / "4.1" / "exercise.yaml").open("a", encoding="utf-8") as file:
            file.write("feedback: {submit: place}\n")
        told = "".join(hints(wrong, "4.1", 3) + hints(wrong, "4.1", 1, "--json"))
        assert "\x1b" not in told and "\u202e" not in told and "{x} %s" in told and len(told) < 60_000

    def test_with_other_checks_than_the_exercise_has_is_to_be_submitted_again(self, course: Path, wrong: Run) -> None:
        edited(course, lambda report: report["checks"][0].update(name="other"))
        assert "The exercise has changed" in hints(wrong, "4.1", 1)[0]

    def test_that_is_missing_is_to_be_submitted_again(self, course: Path, wrong: Run) -> None:
        report_of(course, "4.1").unlink()
        assert "was not fully judged" in hints(wrong, "4.1", 1)[0]

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
    def test_that_is_a_pipe_is_not_waited_for(self, course: Path, wrong: Run) -> None:
        report_of(course, "4.1").unlink()
        os.mkfifo(report_of(course, "4.1"))
        assert wrong("hint", "4.1").code == 2

    @pytest.mark.parametrize("state", ["", "[]", '{"given": "x"}', '{"record": 1, "given": []}', "9" * 9999])
    def test_a_broken_count_begins_anew(self, course: Path, wrong: Run, state: str) -> None:
        (course / "submissions" / "s001" / "4.1" / "hints.json").write_text(state, encoding="utf-8")
        assert [text.splitlines()[0] for text in hints(wrong, "4.1", 2)] == ["Hint 1 of 4", "Hint 2 of 4"]

    @pytest.mark.parametrize(("given", "told"), [(-5, "Hint 1 of 4"), (10**30, "Hint 4 of 4"), (1.5, "Hint 1 of 4")])
    def test_an_odd_count_is_kept_within_the_ladder(self, course: Path, wrong: Run, given: object, told: str) -> None:
        record = records(course, "4.1")[0].name
        state = json.dumps({"record": record, "given": given})
        (course / "submissions" / "s001" / "4.1" / "hints.json").write_text(state, encoding="utf-8")
        assert hints(wrong, "4.1", 1)[0].splitlines()[0] == told

    def test_a_link_in_place_of_the_count_leads_nowhere(self, course: Path, wrong: Run) -> None:
        target = course / "precious"
        target.write_text("mine", encoding="utf-8")
        (course / "submissions" / "s001" / "4.1" / "hints.json").symlink_to(target)
        hints(wrong, "4.1", 2)
        assert target.read_text(encoding="utf-8") == "mine"


class TestQuestions:
    @pytest.mark.parametrize("name", NAMES)
    def test_are_there_for_every_name_and_ask(self, name: str) -> None:
        question = question_about(name)
        assert isinstance(question, Message)
        for language in LANGUAGES:
            assert "?" in question.said(translation(language), language)

    @pytest.mark.parametrize("id", ["4.1", "4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "4.8"])
    @pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.ERROR])
    def test_are_there_for_every_check_without_a_name(self, id: str, verdict: Verdict) -> None:
        exercise = exercise_of(id)
        told = [checked(name, verdict, findings=(finding("as-written", text=name),)) for name in exercise.points]
        assert len(said(exercise, told)) == 2 * len(told)

    def test_are_missing_for_an_unknown_name(self) -> None:
        assert question_about("no-such-name") is None

    def test_own_hints_are_not_given_to_who_is_right(self) -> None:
        exercise = replace(exercise_of("4.1"), hints=(Text.of({"en": "x"}),))
        assert not said(exercise, [checked("dloss_dw", Verdict.PASS)])


class TestAnExerciseThatTellsLess:
    @pytest.mark.parametrize(
        ("tells", "place", "cause"), [("place", True, False), ("verdict", False, False), ("cause", True, True)]
    )
    def test_keeps_the_rest_for_the_hints(self, course: Path, run: Run, tells: str, place: bool, cause: bool) -> None:
        with (course / "exercises" / "4.1" / "exercise.yaml").open("a", encoding="utf-8") as file:
            file.write(f"feedback: {{submit: {tells}}}\n")
        shown = run("submit", "4.1", "--answer", "-4").out
        assert ("-4 is not ∂loss/∂w" in shown, "is missing" in shown) == (place, cause)
        assert "is missing" in report_of(course, "4.1").read_text(encoding="utf-8")
        assert ("is missing" in "".join(hints(run, "4.1", 5))) is not cause


class TestSubmit:
    HELPS = "course hint 4.1 gives a hint, course feedback 4.1 a page that shows the mistake.\n"

    def test_ends_with_what_helps_on(self, run: Run) -> None:
        ended = run("submit", "4.1", "--answer", "-4")
        assert ended.out.endswith("\n" + self.HELPS)

    def test_does_not_where_all_is_right(self, run: Run) -> None:
        assert self.HELPS not in run("submit", "4.1", "--answer", "-8").out

    def test_does_not_where_a_program_reads(self, run: Run) -> None:
        ended: Ended = run("submit", "4.1", "--answer", "-4", "--json")
        assert json.loads(ended.out)["score"] == 0 and self.HELPS not in ended.out
