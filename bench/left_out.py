"""What wrong programs of the course are named first: as it is, with the program left out of the list, with its name.

    python bench/left_out.py [LECTURE | EXERCISE…]

Each is judged as `course submit` judges it, at numbers that may be shown, with a search for a change that mends it. A
first name is right where it is the program's own, one that its author says is as true, or a general one that says the
same in other words (`SAYS_THE_SAME`). It is a symptom where it says what numbers show and no idea (`SYMPTOMS`): that
is true, and not the cause. Any other is false, whatever else is said beside it. With its name left out no program of
that name is known: then silence is right, too, and false is still false.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from second import Judge, Named, share_within

from grader.core.course.exercise import Check, Exercise
from grader.core.diagnose.diagnose import AnswerSide
from grader.core.diagnose.wrong_programs import WrongProgram
from grader.core.judge.reference import Reference
from grader.core.run.observation import Run
from grader.grading.judge.programs import KnownCoded
from grader.grading.judge.steps import Ours
from grader.grading.judge.wrong_programs import WrongObserver
from grader.sandbox.choose import make_box
from grader.store.course.course_files import find_course

ROOT = Path(__file__).parent.parent
WAYS = ("as it is", "itself left out", "name left out")
OUTCOMES = ("right", "symptom", "false", "none")
Keeps = Callable[[WrongProgram], bool]

# General names, and the course's names of which each is true in other words.
SAYS_THE_SAME: Mapping[str, frozenset[str]] = {
    "accumulated": frozenset({"gradient-not-zeroed"}),
    "epochs": frozenset({"epoch-added", "epoch-missing"}),
    "loss-absolute": frozenset({"root-taken"}),
    "probabilities-for-logits": frozenset({"softmax-twice", "probabilities-returned"}),
}
# A program whose file is called so never calls what it names.
_NOT_CALLED = ".not-called.py"
SYMPTOMS = frozenset(
    {
        "constant-prediction",
        "diverged",
        "loss-levels-off",
        "loss-unchanged",
        "not-a-number",
        "other-scale",
        "overfitted",
        "scaled",
    }
)


class Without:
    """The wrong programs of an exercise, some of them left out of what programs are compared with."""

    def __init__(self, whole: WrongObserver, keeps: Keeps) -> None:
        self._whole, self._keeps = whole, keeps

    def missing(self, checks: Sequence[Check]) -> AbstractContextManager[Mapping[Check, Sequence[Ours]]]:
        return self._whole.missing(checks)

    def take(self, check: Check, reference: Reference, runs: Sequence[list[Run]]) -> None:
        self._whole.take(check, reference, runs)

    def answer_side(self, check: Check) -> AnswerSide:
        side = self._whole.answer_side(check)
        return replace(side, wrong=[known for known in side.wrong if self._keeps(known.program)])


def named_in_each_way(judge: Judge, program: WrongProgram) -> Iterator[Named]:
    """Yield what a wrong program is named, in each of the ways."""
    true = frozenset({program.name, *program.also})
    true |= {general for general, same in SAYS_THE_SAME.items() if true & same}
    true |= {"never-called"} if program.shown.endswith(_NOT_CALLED) else frozenset()
    whole = judge.known
    assert isinstance(whole, KnownCoded)
    alone = sum(each.name == program.name for each in judge.key.wrong) == 1
    ways: Sequence[Keeps] = (
        lambda _: True,
        lambda each: each != program,
        lambda each: each.name != program.name,
    )
    found: list[Named] = []
    for keeps in ways[:2] if alone else ways:
        judge.known = replace(whole, wrong=Without(whole.wrong, keeps))
        found.append(judge.named(program.shown, program.source, true))
    judge.known = whole
    # Where it is the only one of its name, the two are one question.
    yield from [*found, found[-1]][: len(WAYS)]


def outcome_of(named: Named) -> str:
    """Return what became of a program: one of `OUTCOMES`."""
    return "symptom" if named.outcome == "false" and named.first[0] in SYMPTOMS else named.outcome


def wanted(exercises: Sequence[Exercise], asked: Sequence[str]) -> list[Exercise]:
    """Return the exercises asked for by their own names or by their lecture's; all where nothing is asked."""
    return [each for each in exercises if not asked or each.id in asked or each.id.partition(".")[0] in asked]


def main(asked: Sequence[str]) -> None:
    files = find_course(ROOT)
    counts: dict[str, list[Counter[str]]] = defaultdict(lambda: [Counter() for _ in WAYS])
    box = make_box("full", ["torch", "torch.optim", "torch.utils.data"])
    for exercise in wanted(files.exercises(), asked):
        if not exercise.work.observed:
            continue
        judge = Judge(files, exercise, box)
        for program in judge.key.wrong:
            for way, named in enumerate(named_in_each_way(judge, program)):
                assert not named.right, f"{named.about} gets full marks"
                outcome = outcome_of(named)
                counts[exercise.id.partition(".")[0]][way][outcome] += 1
                if outcome == "false" or (outcome != "right" and not way):
                    print(f"{outcome:7} {WAYS[way]:16} {named.about}: {', '.join(named.first) or '-'}", flush=True)
    box.close()
    counts["all"] = [sum((each[way] for each in counts.values()), Counter()) for way in range(len(WAYS))]
    print(f"{'lecture':8}{'programs':>10}" + "".join(f"{f'{way}: ' + ' / '.join(OUTCOMES):>50}" for way in WAYS))
    for lecture, ways in counts.items():
        outcomes = (" / ".join(str(each[outcome]) for outcome in OUTCOMES) for each in ways)
        print(f"{lecture:8}{ways[0].total():10}" + "".join(f"{each:>50}" for each in outcomes))
    for way, each in zip(WAYS, counts["all"], strict=True):
        low, high = share_within(each["false"], each.total())
        print(f"{way}: false {low:.1%} … {high:.1%} (95 %)")


if __name__ == "__main__":
    main(sys.argv[1:])
