"""Real programs, and second differences: how often the first name is right where a program differs in two things.

Programs of the course's list have one wrong idea each; what students hand in mostly differs in a second thing, which
is no idea at all: 100 epochs, another rate. The programs in `programs/` are rebuilt from what was handed in; the first
line of each says what is true of it. Into every wrong program a second difference is put by machine, as text, so that
what looks for such differences has no part in making them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.core.course.exercise import Coded, Exercise
from grader.core.report.report import CheckResult, Verdict
from grader.grading.judge.answer_key import AnswerKey, practice_key
from grader.grading.judge.drivers import InTurn, driven
from grader.grading.judge.judge import judging, known_of
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import CourseFiles
from grader.store.students.programs import read_program

PROGRAMS = Path(__file__).parent / "programs"
_HEAD = re.compile(r"# (\d+\.\d+): (.+)")
_RANGE = re.compile(r"(\bfor \w+ in range\()(\d+)(\))")
_RATE = re.compile(r"\b0\.01\b")
_START = re.compile(r"(?m)^(w = .*?)\b1\.0\b")
_PAIRS = re.compile(r"(?m)^( *for \w+, \w+ in )(zip\(\w+, \w+\)):")

# What is put in, by what it is: the name of it, and what puts it in.
SECOND: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "epochs × 10": ("epochs", lambda text: _RANGE.sub(lambda at: f"{at[1]}{int(at[2]) * 10}{at[3]}", text)),
    "rate × 2": ("wrong-learning-rate", lambda text: _RATE.sub("0.02", text)),
    "start": ("start", lambda text: _START.sub(r"\g<1>2.0", text)),
    "order": ("order", lambda text: _PAIRS.sub(r"\1reversed(list(\2)):", text)),
}
# Ideas that are a second difference themselves.
_SETTINGS = {
    "epoch-missing": "epochs",
    "epoch-added": "epochs",
    "wrong-learning-rate": "wrong-learning-rate",
    "wrong-start": "start",
}


@dataclass(frozen=True)
class Named:
    """What a program was named, and what is true of it.

    Attributes:
        first: the names of the first check that did not pass; none where it was silent, or all is right.
        right: whether the program got full marks.
    """

    about: str
    first: tuple[str, ...]
    true: frozenset[str]
    right: bool

    @property
    def outcome(self) -> str:
        """One of right, false and none."""
        if not self.first:
            return "none"
        return "right" if self.first[0] in self.true else "false"


class Judge:
    """Judges programs of one exercise as the product does, in one warm box."""

    def __init__(self, files: CourseFiles, exercise: Exercise, box: Sandbox) -> None:
        self.key: AnswerKey = replace(practice_key(files, exercise, b"bench/diagnosis"), closely=True)
        self.known = known_of(self.key)
        self._run = InTurn(lambda: box)

    def results(self, content: bytes) -> tuple[CheckResult, ...]:
        """Return the results of all checks, diagnosed."""
        source = read_program(content, "submission.py")
        return driven(judging(self.known, source), self._run).checks

    def named(self, about: str, content: bytes, true: frozenset[str]) -> Named:
        """Return what a program is named."""
        results = self.results(content)
        lost = [each for each in results if each.verdict is not Verdict.PASS]
        names = next((tuple(cause.name for cause in each.causes) for each in lost if each.causes), ())
        return Named(about, names, true, not lost)


def of_programs(judges: Callable[[str], Judge]) -> Iterator[Named]:
    """Yield what the rebuilt programs are named."""
    for path in sorted(PROGRAMS.glob("*.py")):
        head = _HEAD.match(path.read_text())
        assert head is not None, f"{path.name}: the first line says what is true of it"
        true = frozenset(name.strip() for name in head[2].split(",")) - {"right", "none"}
        yield judges(head[1]).named(path.stem, path.read_bytes(), true)


def with_second_differences(judge: Judge) -> Iterator[tuple[str, Named]]:
    """Yield what each wrong program is named with each second difference that can be put into it."""
    assert isinstance(judge.key.exercise.work, Coded)
    for program in judge.key.wrong:
        text = program.source.decode()
        for kind, (second, change) in SECOND.items():
            # Where the idea is a setting itself, the two are one answer with both names.
            both = {_SETTINGS[program.name], second} if program.name in _SETTINGS else set()
            # What has no name, because a message says it, leaves that of the second difference.
            both |= {second} if program.unnamed else set()
            true = {program.name, *program.also, *both}
            changed = change(text)
            if changed != text:
                yield kind, judge.named(f"{program.shown}, {kind}", changed.encode(), frozenset(true))


def print_outcomes(title: str, named: Sequence[Named]) -> None:
    """Print how many first names are right, false and none, and the 95 % interval of the false ones' share."""
    count = Counter(each.outcome for each in named)
    low, high = share_within(count["false"], len(named))
    print(
        f"  {title:30} {len(named):4} programs: {count['right']:4} right {count['false']:4} false "
        f"({low:.1%} … {high:.1%}) {count['none']:4} none"
    )


def share_within(hits: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson, Journal of the American Statistical Association 22, 1927)."""
    if not count:
        return 0.0, 1.0
    z, share = 1.96, hits / count
    middle, half = share + z * z / (2 * count), z * math.sqrt(share * (1 - share) / count + z * z / (4 * count**2))
    return max(0.0, (middle - half) / (1 + z * z / count)), (middle + half) / (1 + z * z / count)
