"""Judge what is handed in at the server as it comes, until told to stop."""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from grader.actions.teacher.grading_runs.basis import Basis
from grader.core.course.exercise import Exercise
from grader.core.findings.report_json import as_kept
from grader.core.judge.judge import void
from grader.core.report.report import Report
from grader.core.words.errors import CouldNotJudge, CourseInvalid, Fault
from grader.core.words.message import Message, say
from grader.grading.batch.task import SEEN, Outcome, Task, packed
from grader.grading.judge.answer_key import AnswerKey, answer_key
from grader.store.course.course_files import CourseFiles
from grader.store.grades.desk.regrades import Regrades
from grader.store.grades.gradebook import Gradebook, Result
from grader.store.grades.hand_ins import ErasedMeanwhile, HandIn, HandIns
from grader.store.grades.queue import LEASE, JudgingQueue
from grader.store.machine.catalogues import translations

T = TypeVar("T")
# A grader that has not said so for the time of a lease is taken to be gone.
_PROLONGED = LEASE.total_seconds() / 4
# Submissions; seconds.
_AT_ONCE, _LOOK_AGAIN = 4, 5.0


class FollowingWorkers(Protocol):
    """Whatever judges tasks that come one after the other."""

    def follow(self, tasks: Iterator[tuple[T, Task]], goes_on: Callable[[], bool]) -> Iterator[tuple[T, Outcome]]: ...


class Told(Protocol):
    """Whatever tells the teacher what is going on."""

    def judged(self, exercise: str, score: float | None) -> None: ...

    def trouble(self, message: Message) -> None: ...


@dataclass
class Following:
    """A grader that judges what waits.

    Attributes:
        refused: exercises that another version has replaced since this grader began.
    """

    files: CourseFiles
    book: Gradebook
    secret: bytes
    isolation: str
    told: Told
    keys: dict[str, AnswerKey] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._name = secrets.token_hex(8)
        self._queue, self._hand_ins = JudgingQueue(self.book.database), HandIns(self.book.database)
        self._regrades = Regrades(self.book.database)
        self._bases: dict[str, Basis] = {}
        self._packs: dict[str, bytes] = {}
        self._taken: deque[HandIn] = deque()
        self._seen: tuple[int, ...] | None = None
        self._look_again = 0.0

    def begin(self) -> list[Fault]:
        """Read the course, and say by which digests it is judged from now on; return what is wrong with exercises."""
        faults: list[Fault] = []
        for id in self.files.exercise_ids():
            try:
                key = answer_key(self.files, self.files.exercise(id), self.secret)
            except CourseInvalid as error:
                faults += error.faults
                continue
            self.keys[id] = key
            self._bases[id] = Basis(self.files, key, self.secret, self.isolation, practice=False)
            self._packs[id] = packed(key)
        self._queue.publish(self._versions)
        return faults

    def run(self, workers: FollowingWorkers, goes_on: Callable[[], bool]) -> None:
        """Judge what waits and what comes, until it is not to go on; what is not done then waits again.

        Raises:
            CouldNotJudge: where the gradebook cannot be used any more.
        """
        done = threading.Event()
        holding = threading.Thread(target=self._hold, args=(done,), daemon=True)
        holding.start()
        try:
            for each, outcome in workers.follow(_Source(self._next), goes_on):
                self._record(each, outcome)
        finally:
            done.set()
            holding.join()
            self._taken.clear()
            self._queue.give_back(self._name)

    @property
    def _versions(self) -> Mapping[str, str]:
        return {id: key.judging for id, key in self.keys.items() if id not in self.refused}

    def _hold(self, done: threading.Event) -> None:
        while not done.wait(_PROLONGED):
            try:
                self._queue.prolong(self._name)
            except CouldNotJudge as error:
                self.told.trouble(error.message)

    def _next(self) -> tuple[HandIn, Task] | None:
        """Return what is to be judged next. What the same bytes got before, a submission gets without being judged.

        A folder's result is found once more: nothing was kept of it for a page to show.
        """
        while each := self._leased():
            basis = self._bases[each.exercise]
            known = self.book.result_of(basis.key(each.sha256, each.suffix, each.student))
            if known is None:
                try:
                    return each, self._task(each)
                except ErasedMeanwhile:
                    continue
            if self._regrades.give(known, each.submission, each.exercise, self.keys[each.exercise].judging):
                self._queue.let_go(each.submission)
                self.told.judged(each.exercise, self.book.scores([known])[known])
            else:
                self._refuse(each)
        return None

    def _leased(self) -> HandIn | None:
        """Return what is next of what this grader has taken, or takes now."""
        if not self._taken:
            # To look for what waits takes longer than to see that nothing is new. Time alone makes something wait, too.
            stamp = self._queue.stamp()
            if stamp == self._seen and time.monotonic() < self._look_again:
                return None
            self._taken.extend(self._queue.lease(self._name, self._versions, _AT_ONCE))
            if not self._taken:
                self._seen, self._look_again = stamp, time.monotonic() + _LOOK_AGAIN
        return self._taken.popleft() if self._taken else None

    def _task(self, each: HandIn) -> Task:
        key = self.keys[each.exercise]
        own = packed(key.for_student(each.student)) if key.exercise.work.own else self._packs[each.exercise]
        name = f"{each.exercise}{each.suffix}"
        content = self._hand_ins.content(each.sha256)
        return Task(own, content, name, self.isolation, practice=False, first=True, seen=True)

    def _record(self, each: HandIn, outcome: Outcome) -> None:
        key, basis = self.keys[each.exercise], self._bases[each.exercise]
        report = self._report(key.exercise, outcome)
        seen = report.pop(SEEN, None)
        rests_on = basis.rests_on(each.sha256, each.suffix)
        result_key = basis.key(each.sha256, each.suffix, each.student)
        result = Result(result_key, each.exercise, report["score"], report["max_score"], report, rests_on)
        if self.book.add_judged(result, [each.submission], key.judging, seen):
            self.told.judged(each.exercise, result.score)
        else:
            self._refuse(each)

    def _refuse(self, each: HandIn) -> None:
        """Leave a submission to graders that have read the version of its exercise that counts."""
        self._queue.let_go(each.submission)
        if each.exercise not in self.refused:
            self.refused.add(each.exercise)
            self.told.trouble(
                say(
                    "exercise {id} is judged by another version now, which another grader has read. This one judges it "
                    "no more: stop it, bring its files up to date, and start it again",
                    id=each.exercise,
                )
            )

    def _report(self, exercise: Exercise, outcome: Outcome) -> dict[str, Any]:
        match outcome:
            case dict():
                return dict(outcome)
            case CourseInvalid(faults=faults):
                why = say("{place}: {words}", place=str(faults[0].at), words=faults[0].message)
            case CouldNotJudge(message=why):
                pass
        self.told.trouble(why)
        checks = tuple(void(name, points, why) for name, points in exercise.points.items())
        return as_kept(Report(exercise.id, "", self.isolation, False, checks), translations())


class _Source(Iterator[tuple[HandIn, Task]]):
    """What waits now; when nothing does it has none, and may have some later."""

    def __init__(self, find: Callable[[], tuple[HandIn, Task] | None]) -> None:
        self._find = find

    def __next__(self) -> tuple[HandIn, Task]:
        found = self._find()
        if found is None:
            raise StopIteration
        return found
