"""The catalogue of mistakes, docs/misconceptions.md, made from the wrong programs of the course.

.venv/bin/python tests/support/misconception_docs.py

writes it anew, and runs one program of each name for what it shows. A test holds all but that to the programs.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from repository import ROOT

from grader.core.diagnose.wrong_programs import WrongProgram
from grader.core.findings.telling import told_check
from grader.core.program.source import Source
from grader.core.report.report import Verdict
from grader.core.words.message import Text
from grader.grading.judge.answer_key import practice_key
from grader.grading.judge.drivers import InTurn
from grader.grading.judge.judge import judge, known_of
from grader.sandbox.choose import make_box
from grader.store.course.course_files import CourseFiles, find_course

DOCS = ROOT / "docs" / "misconceptions.md"
_SHOWS = "It shows: "
_LONGEST = 200
_HEAD = """# Misconceptions: every mistake that the course knows by name

Each name is that of one wrong idea in the `wrong/` programs of the course's exercises. Below a name are the hint that a
student reads (the first exercise's; others may word it otherwise), the exercises, the program with the fewest changes
as a diff against the solution, and what `course submit` says of it first. How often the right name comes first,
`python bench/diagnosis.py` tells.

This page is made from the programs by `tests/support/misconception_docs.py`.
"""


@dataclass(frozen=True)
class Case:
    """A wrong program of an exercise, and its difference from the solution."""

    exercise: str
    program: WrongProgram
    diff: tuple[str, ...]

    @property
    def size(self) -> tuple[int, int, str, str]:
        changed = [line for line in self.diff if line[:1] in "+-"]
        return len(changed), sum(map(len, changed)), self.exercise, self.program.shown


def cases(files: CourseFiles) -> dict[str, list[Case]]:
    """Return the wrong programs by their names, in the order of exercises."""
    found: dict[str, list[Case]] = defaultdict(list)
    for id in files.exercise_ids():
        if files.exercise(id).work.observed:
            solution = practice_key(files, files.exercise(id)).solution.decode()
            for program in files.wrong_programs(id):
                found[program.name].append(Case(id, program, _diff(solution, program.source.decode())))
    return dict(sorted(found.items()))


def page(found: Mapping[str, list[Case]], shown: Mapping[str, str]) -> str:
    """Return the page; `shown` is what is said of the smallest program of each name."""
    return _HEAD + "".join(_section(name, of_name, shown.get(name, "")) for name, of_name in found.items())


def shown_in(text: str) -> dict[str, str]:
    """Return what a page says of the program of each name."""
    sections = re.findall(r"(?ms)^## `(.+?)`\n(.*?)(?=^## |\Z)", text)
    lines = {name: [line for line in body.split("\n") if line.startswith(_SHOWS)] for name, body in sections}
    return {name: line[0].removeprefix(_SHOWS) for name, line in lines.items() if line}


def smallest(of_name: list[Case]) -> Case:
    return min(of_name, key=lambda case: case.size)


def observe(files: CourseFiles, found: Mapping[str, list[Case]]) -> dict[str, str]:
    """Return what is said first of the smallest program of each name, on the numbers of practice."""
    box = make_box("none", ["torch", "torch.optim"])
    try:
        chosen = {name: smallest(of_name) for name, of_name in found.items()}
        ids = dict.fromkeys(case.exercise for case in chosen.values())
        # Nothing is named here, so no other wrong program has to run.
        known = {id: known_of(replace(practice_key(files, files.exercise(id)), wrong=())) for id in ids}
        shown = {}
        for name, case in chosen.items():
            source = Source(case.program.source.decode(), f"{case.exercise}.py")
            checks = judge(known[case.exercise], source, InTurn(lambda: box)).checks
            first = next(check for check in checks if check.verdict in (Verdict.FAIL, Verdict.ERROR))
            words = next(iter(told_check(first))).said(str, "en").split("\n")[0]
            shown[name] = f"`{first.name}`: " + (words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…")
        return shown
    finally:
        box.close()


def _section(name: str, of_name: list[Case], shown: str) -> str:
    case = smallest(of_name)
    ids = ", ".join(dict.fromkeys(case.exercise for case in of_name))
    hint = of_name[0].program.hint
    diff = "\n".join(case.diff)
    return (
        f"\n## `{name}`\n\n- en: {_line(hint, 'en')}\n- uz: {_line(hint, 'uz')}\n\n"
        f"Exercises: {ids}. In {case.exercise}:\n\n"
        f"```diff\n{diff}\n```\n\n{_SHOWS}{shown}\n"
    )


def _line(hint: Text, language: str) -> str:
    return " ".join(hint.said_in(language).split())


def _diff(solution: str, program: str) -> tuple[str, ...]:
    lines = difflib.unified_diff(solution.splitlines(), program.splitlines(), lineterm="", n=1)
    return tuple("…" if line.startswith("@@") else line for line in lines if not line.startswith(("---", "+++")))[1:]


if __name__ == "__main__":
    files = find_course(ROOT)
    by_name = cases(files)
    DOCS.write_text(page(by_name, observe(files, by_name)), encoding="utf-8")
