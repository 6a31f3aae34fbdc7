"""Reads what an exercise asks for, whatever its kind: the file's keys say which one it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from grader.core.course.checks.author_tests import Tested
from grader.core.course.checks.call import faults_of_ask
from grader.core.course.exercise import Coded, Mixed, Work
from grader.core.course.given_files import GivenFile
from grader.core.course.questions import Questions
from grader.core.words.errors import Position
from grader.core.words.message import say
from grader.store.course.checks.author_tests import read_test_files, read_tested
from grader.store.course.checks.program_checks import Beside, names_in, read_checks
from grader.store.course.checks.rules import RULES, by_hand, hold_autograd
from grader.store.course.checks.training import read_maker
from grader.store.course.given_files import KEYS, Files, read_beside
from grader.store.course.questions import read_questions
from grader.store.course.solutions.answer_keys import read_keys
from grader.store.course.solutions.several_files import author_program, read_submit
from grader.store.course.stated import read_stated
from grader.store.yaml import nodes as y
from grader.store.yaml.reader import Reading

STATED_KEYS = ("graph", "at", "arriving", "asks", "carried", "ambiguous", "variants")


class WorkReader:
    """Reads the work of one exercise.

    Args:
        root: of the course.
        id: of the exercise, which names its folders.
        shown: how messages call a file.
    """

    def __init__(
        self, reading: Reading, root: Path, languages: tuple[str, ...], id: str, shown: Callable[[Path], str]
    ) -> None:
        self._reading, self._root, self._languages, self._id, self._shown = reading, root, languages, id, shown

    @property
    def _exercise_folder(self) -> Path:
        return self._root / "exercises" / self._id

    def read(self, node: y.Node, content: bytes, values: dict[str, object]) -> Work | None:
        """Read `checks`, `tests`, `questions` or a graph; `values` has what stands beside them.

        Args:
            content: of the file, to place faults inside a graph.
        """
        reading = self._reading
        if not isinstance(node, y.Mapping):
            return None
        stated = tuple(entry for entry in node.entries if entry[0].text in STATED_KEYS)
        checks, tests, questions = node.get("checks"), node.get("tests"), node.get("questions")
        if questions is not None:
            return self._read_questions(node, questions)
        if checks is None and tests is None and not stated:
            what = say("an exercise needs checks or tests for a program, a graph for stated values, or questions")
            reading.fault(node, what)
            return None
        if checks is None and tests is None:
            for key in (key for key, _ in node.entries if key.text in ("submit", *KEYS, *RULES)):
                reading.fault(key, say("{name} does not belong to an exercise of this kind", name=key.text))
            lines = content.decode("utf-8-sig").splitlines()
            return read_stated(reading, y.Mapping(stated, node.at), lines, self._id)
        for key, _ in stated:
            reading.fault(
                key,
                say(
                    "{name} is for stated values, checks are for a program; an exercise has only one of the two",
                    name=key.text,
                ),
            )
        for name, other in (("run", tests), ("arrays", checks), ("varied_files", checks)):
            key_node = node.get(name)
            if key_node is not None and other is None:
                reading.fault(key_node, say("{name} does not belong to an exercise of this kind", name=name))
        begins = self._starter(node, checks or tests or node)
        beside = self._files(node)
        submit = self._submit(node, beside.files)
        coded = tested = None
        if checks is not None:
            coded = self._read_coded(checks, begins, values)
            coded = coded and replace(_with_files(coded, beside), submit=submit)
            if beside.varied and coded and any(check.data for check in coded.checks):
                what = say(
                    "a program that is trained gets its data from data.py, and the files are as students have them: "
                    "name them under files"
                )
                reading.fault(node.get("varied_files") or node, what)
        if tests is not None:
            if checks is None:
                hold_autograd(reading, node, values)
            earlier = names_in(checks)
            tested = self._read_tested(tests, begins, values.get("run") == "definitions", earlier)
            tested = tested and replace(tested, given_files=beside.files, submit=submit)
        if checks is None or tests is None:
            return coded or tested
        return Mixed(coded, tested) if coded and tested else None

    def _read_coded(self, checks: y.Node, begins: bytes | None, values: dict[str, object]) -> Coded | None:
        path = self._exercise_folder / "ask.py"
        ask = _read_ask(self._reading, path.read_bytes() if path.is_file() else None, self._shown(path))
        beside = Beside(str(values.get("arrays") or "torch"), ask, self._maker())
        work = read_checks(self._reading, checks, begins, by_hand(values), beside)
        self._hold_maker(work)
        return work

    def _submit(self, node: y.Node, given: tuple[GivenFile, ...]) -> tuple[str, ...]:
        assert isinstance(node, y.Mapping)
        names = read_submit(self._reading, node.get("submit"), tuple(file.name for file in given))
        for key in (key for key, _ in node.entries if names and key.text in ("only", "lines")):
            self._reading.fault(key, say("{name} is for programs of one file", name=key.text))
        return names

    def _starter(self, node: y.Mapping, at: y.Node) -> bytes | None:
        """Return what students begin with: a file, or where several are handed in, a folder with these."""
        several = node.get("submit") is not None
        starter = self._exercise_folder / ("starter" if several else "starter.py")
        if several and starter.is_dir():
            return author_program(starter)
        if not several and starter.is_file():
            return starter.read_bytes()
        shown = self._shown(starter)
        if several:
            what = say("the folder {file} is missing; create it with the files that students begin with", file=shown)
        else:
            what = say("the starter {file} is missing; create the file that students begin with", file=shown)
        self._reading.fault(at, what)
        return None

    def _files(self, node: y.Node) -> Files:
        solutions = self._root / "solutions" / self._id
        return read_beside(self._reading, node, self._exercise_folder, solutions, self._shown, f"{self._id}.py")

    @property
    def _data_file(self) -> Path:
        return self._root / "solutions" / self._id / "data.py"

    def _maker(self) -> str:
        path = self._data_file
        return path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""

    def _hold_maker(self, work: Coded | None) -> None:
        """Hold data.py to the checks that ask for it; where there is none, who needs one says so."""
        if work is not None and self._data_file.is_file():
            for source in dict.fromkeys(check.data for check in work.checks if check.data is not None):
                read_maker(self._reading, self._maker(), self._shown(self._data_file), source)

    def _read_questions(self, node: y.Mapping, questions: y.Node) -> Questions | None:
        reading = self._reading
        others = {"checks", "tests", "run", "reveal", "arrays", "submit", *KEYS, *RULES, *STATED_KEYS}
        for key in (key for key, _ in node.entries if key.text in others):
            reading.fault(key, say("{name} does not belong to an exercise of this kind", name=key.text))
        before = len(reading.faults)
        posed = read_questions(reading, questions, self._languages)
        path = self._root / "solutions" / self._id / "answers.yaml"
        # What is right at questions with faults would be told as wrong too.
        if not posed or len(reading.faults) > before or not path.is_file():
            return Questions(posed) if posed else None
        keys = read_keys(reading, posed, path.read_bytes(), self._shown(path), self._languages)
        return Questions(posed, keys)

    def _read_tested(
        self, node: y.Node, starter: bytes | None, definitions: bool, earlier: tuple[str, ...]
    ) -> Tested | None:
        public, hidden = self._exercise_folder / "tests", self._root / "solutions" / self._id / "tests"
        shown = {each: self._shown(each) for each in (public, hidden)}
        tests = read_test_files(self._reading, {public: True, hidden: False}, shown)
        return read_tested(self._reading, node, tests, starter, definitions, earlier)


def _with_files(work: Coded, beside: Files) -> Coded:
    """Return the checks with the files that programs find where they work."""
    checks = tuple(replace(check, varied=bool(beside.varied)) for check in work.checks)
    work = replace(work, checks=checks, given_files=beside.files)
    return replace(work, varied=beside.varied, makes=beside.makes)


def _read_ask(reading: Reading, content: bytes | None, shown: str) -> str:
    """Return the text of ask.py, an author's functions; "" where there is none, or where it cannot serve.

    Args:
        shown: the file as messages show it.
    """
    try:
        text = (content or b"").decode("utf-8")
    except UnicodeDecodeError:
        reading.fault(
            Position(shown, 1, 1), say("{file} is not UTF-8. Save it again with the encoding UTF-8.", file=shown)
        )
        return ""
    faults = faults_of_ask(text)
    for fault in faults:
        reading.fault(Position(shown, fault.line, 1), fault.message)
    # Of a file that is read, expressions know the functions, whatever else is wrong with it.
    return "" if any(fault.unreadable for fault in faults) else text
