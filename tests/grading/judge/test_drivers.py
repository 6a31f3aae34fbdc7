"""How drivers run what judging needs. The box is written down here; nothing waits for time to pass."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pytest

from grader.core.course.checks.limits import Limits
from grader.core.run.jobs import AuthorTestsJob, Job, ProgramJob
from grader.core.run.observation import Loaded, Run, RunStatus, Stop
from grader.core.run.trained import Training
from grader.grading.judge.drivers import Driver, InTurn, SideBySide, driven
from grader.grading.judge.steps import Alone, Need, Ours, Steps, Together, at_once, both, observed

DONE = Run(RunStatus.COMPLETED)
STOPPED = Run(RunStatus.TIMED_OUT, Stop.WALL)
TOO_BUSY = Run(RunStatus.SANDBOX_FAILED, Stop.BUSY)
CRASHED = Run(RunStatus.CRASHED, Stop.EXIT)
FAULT_OF_OURS = Run(RunStatus.SANDBOX_FAILED, Stop.SANDBOX, "no space left")


def job(name: str) -> ProgramJob:
    return ProgramJob(name, f"{name}.py", script=True)


def author_tests(name: str, wall: float = 5.0) -> AuthorTestsJob:
    return AuthorTestsJob(name, f"{name}.py", True, (), (), Limits(wall=wall))


class Written:
    """A box that does with each job, by its source, what a test says.

    Attributes:
        children: the sources that each child was given.
    """

    isolation = "none"

    def __init__(self, does: Callable[[str], Run] = lambda name: DONE) -> None:
        self._does = does
        self.children: list[list[str]] = []
        self.closed = threading.Event()

    def start(self) -> None: ...

    def run(self, job: Job) -> Run:
        assert isinstance(job, ProgramJob | AuthorTestsJob)
        self.children.append([job.source])
        return self._does(job.source)

    def run_together(self, jobs: Sequence[Job]) -> list[Run]:
        names = [job.source for job in jobs if isinstance(job, ProgramJob)]
        self.children.append(names)
        runs: list[Run] = []
        for name in names:
            runs.append(self._does(name))
            if runs[-1].status is not RunStatus.COMPLETED:
                break
        return runs

    def close(self) -> None:
        self.closed.set()


@contextmanager
def in_turn(box: Written) -> Iterator[Driver]:
    yield InTurn(lambda: box)


@contextmanager
def side_by_side(box: Written) -> Iterator[Driver]:
    with SideBySide(lambda: box) as run:
        yield run


DRIVERS = pytest.mark.parametrize("driver", [in_turn, side_by_side])


@DRIVERS
def test_a_run_that_was_stopped_stands_for_those_after_it(driver: Callable[..., Iterator[Driver]]) -> None:
    box = Written({"a": DONE, "b": STOPPED, "c": DONE}.__getitem__)
    with driver(box) as run:
        assert run([Alone((job("a"), job("b"), job("c")))]) == [[DONE, STOPPED, STOPPED]]


def test_in_turn_nobody_waits_for_what_a_stopped_run_stands_for() -> None:
    box = Written(lambda name: STOPPED)
    InTurn(lambda: box)([Alone((job("a"), job("b"))), Alone((job("c"),))])
    assert box.children == [["a"], ["c"]]


def test_when_the_machine_was_too_busy_for_a_submission_twice_no_more_of_it_is_run() -> None:
    box = Written(lambda _: TOO_BUSY)
    checks = [Alone((job(name),)) for name in ("forward", "loss", "loop")]
    with in_turn(box) as run:
        run([Together((job("forward"), job("loss")))])
        assert run(checks) == [[TOO_BUSY], [TOO_BUSY], [TOO_BUSY]]
        assert run([Alone((job("once"), job("more")))]) == [[TOO_BUSY, TOO_BUSY]]
    assert box.children == [["forward", "loss"], ["forward"]]


def test_after_one_run_for_which_the_machine_was_too_busy_each_check_is_tried_by_itself() -> None:
    box = Written(lambda name: TOO_BUSY if name == "first" else DONE)
    with in_turn(box) as run:
        run([Together((job("first"), job("loss")))])
        assert run([Alone((job("second"),)), Alone((job("loss"),))]) == [[DONE], [DONE]]


@DRIVERS
def test_a_run_that_crashed_stands_for_itself(driver: Callable[..., Iterator[Driver]]) -> None:
    box = Written({"a": CRASHED, "b": DONE}.__getitem__)
    with driver(box) as run:
        assert run([Alone((job("a"), job("b")))]) == [[CRASHED, DONE]]


@DRIVERS
def test_a_fault_of_ours_is_tried_once_more(driver: Callable[..., Iterator[Driver]]) -> None:
    left = [DONE, FAULT_OF_OURS]
    box = Written(lambda name: left.pop())
    with driver(box) as run:
        assert run([Alone((job("a"),))]) == [[DONE]]
    assert box.children == [["a"], ["a"]]


@DRIVERS
def test_a_fault_of_ours_that_lasts_is_told(driver: Callable[..., Iterator[Driver]]) -> None:
    box = Written(lambda name: FAULT_OF_OURS)
    with driver(box) as run:
        assert run([Alone((job("a"),))]) == [[FAULT_OF_OURS]]
    assert len(box.children) == 2


@DRIVERS
def test_tests_are_not_put_to_a_program_again_that_cannot_be_loaded(driver: Callable[..., Iterator[Driver]]) -> None:
    box = Written({"a": STOPPED, "b": DONE}.__getitem__)
    with driver(box) as run:
        assert run([Alone((author_tests("a"), author_tests("b")))]) == [[STOPPED, STOPPED]]


@DRIVERS
def test_tests_that_were_stopped_say_nothing_of_other_tests(driver: Callable[..., Iterator[Driver]]) -> None:
    stopped = replace(STOPPED, loaded=Loaded())
    box = Written({"a": stopped, "b": DONE}.__getitem__)
    with driver(box) as run:
        assert run([Alone((author_tests("a"), author_tests("b")))]) == [[stopped, DONE]]


@DRIVERS
@pytest.mark.parametrize(
    ("script", "stopped", "then"),
    [(False, replace(STOPPED, loaded=Loaded()), DONE), (False, STOPPED, STOPPED), (True, STOPPED, DONE)],
)
def test_a_training_that_was_stopped_says_nothing_of_one_with_other_data(
    driver: Callable[..., Iterator[Driver]], script: bool, stopped: Run, then: Run
) -> None:
    box = Written({"a": stopped, "b": DONE}.__getitem__)
    jobs = [replace(job(name), script=script, training=Training((), (), (), 0, 10)) for name in "ab"]
    with driver(box) as run:
        assert run([Alone(tuple(jobs))]) == [[stopped, then]]


@DRIVERS
def test_a_run_that_was_stopped_says_nothing_of_one_that_may_take_longer(
    driver: Callable[..., Iterator[Driver]],
) -> None:
    box = Written({"a": STOPPED, "b": DONE}.__getitem__)
    with driver(box) as run:
        assert run([Alone((author_tests("a"), author_tests("b", wall=60.0)))]) == [[STOPPED, DONE]]


@DRIVERS
def test_each_need_gets_its_own_runs(driver: Callable[..., Iterator[Driver]]) -> None:
    runs = {name: replace(DONE, stdout=name) for name in "abcdef"}
    box = Written(runs.__getitem__)
    needs: list[Need] = [
        Ours((job("a"),)),
        Alone((job("b"),)),
        Together((job("c"), job("d"))),
        Ours((job("e"), job("f"))),
    ]
    with driver(box) as run:
        assert ["".join(each.stdout for each in some) for some in run(needs)] == ["a", "b", "cd", "ef"]


@DRIVERS
def test_programs_of_ours_share_a_child_and_those_after_one_that_ended_it_another(
    driver: Callable[..., Iterator[Driver]],
) -> None:
    box = Written(lambda name: CRASHED if name == "b" else DONE)
    with driver(box) as run:
        assert run([Ours((job(name), job(name)), late=True) for name in "abc"]) == [[DONE, DONE], [CRASHED], [DONE] * 2]
    assert box.children == [["a", "a", "b", "b", "c", "c"], ["c", "c"]]


def test_where_every_core_has_a_task_programs_of_ours_share_one_child() -> None:
    box = Written()
    InTurn(lambda: box, width=1)([Ours((job(name),)) for name in "abc"])
    assert box.children == [["a", "b", "c"]]


@DRIVERS
def test_programs_of_ours_that_import_late_share_a_child(driver: Callable[..., Iterator[Driver]]) -> None:
    box = Written()
    with driver(box) as run:
        run([Ours((job("a"),), late=True), Ours((job("b"),)), Ours((job("c"),), late=True)])
    assert ["a", "c"] in box.children and ["b"] in box.children


def test_what_a_shared_child_of_ours_leaves_out_runs_alone() -> None:
    left = {"b": [DONE, CRASHED]}
    box = Written(lambda name: left[name].pop() if name in left else DONE)
    (runs,) = driven(observed([Ours((job("a"), job("b"), job("c")))]), InTurn(lambda: box))
    assert runs == [DONE, DONE, DONE]
    assert box.children == [["a", "b", "c"], ["b"], ["c"]]


def test_while_the_first_child_goes_on_what_may_be_needed_next_is_begun_and_not_begun_again() -> None:
    begun = threading.Event()

    def does(name: str) -> Run:
        if name == "first":
            # It would never end by itself.
            assert begun.wait(60)
            return STOPPED
        begun.set()
        return DONE

    box, otherwise = Written(does), Alone((job("next"),))
    with SideBySide(lambda: box, patience=0.0) as run:
        assert run([Together((job("first"),), (otherwise,))]) == [[STOPPED]]
        assert run([otherwise]) == [[DONE]]
    assert sorted(box.children) == [["first"], ["next"]]


def test_where_the_first_child_ends_soon_nothing_is_begun_in_vain() -> None:
    box = Written()
    with SideBySide(lambda: box, patience=60.0) as run:
        run([Together((job("first"),), (Alone((job("next"),)),))])
    assert box.children == [["first"]]


def test_what_was_begun_in_vain_ends_with_the_box() -> None:
    begun = threading.Event()

    def does(name: str) -> Run:
        if name == "first":
            assert begun.wait(60)
            return DONE
        begun.set()
        assert box.closed.wait(60)
        return FAULT_OF_OURS

    box = Written(does)
    with SideBySide(lambda: box, patience=0.0) as run:
        assert run([Together((job("first"),), (Alone((job("next"),)),))]) == [[DONE]]


def test_no_box_is_made_where_nothing_has_to_run() -> None:
    def none() -> Written:
        raise AssertionError("there is nothing to run")

    with SideBySide(none):
        pass
    InTurn(none)


def taking(*names: str) -> Steps[list[str]]:
    """Ask for one job after the other, and return what they printed."""
    found = []
    for name in names:
        (runs,) = yield [Alone((job(name),))]
        found.append(runs[0].stdout)
    return found


class Echo:
    """Runs jobs that print their source; counts what was needed in each round."""

    def __init__(self) -> None:
        self.rounds: list[int] = []

    def __call__(self, needs: Sequence[Need]) -> list[list[Run]]:
        self.rounds.append(len(needs))
        return [
            [replace(DONE, stdout=each.source) for each in need.jobs if isinstance(each, ProgramJob)] for need in needs
        ]


def test_steps_taken_at_once_ask_together_and_each_gets_its_own_runs() -> None:
    run = Echo()
    assert driven(at_once([taking("a"), taking("b", "c"), taking()]), run) == [["a"], ["b", "c"], []]
    assert run.rounds == [2, 1]


def test_two_kinds_of_steps_are_taken_at_once() -> None:
    run = Echo()
    runs, names = driven(both(observed([Ours((job("a"),))]), taking("b")), run)
    assert runs[0][0].stdout == "a" and names == ["b"] and run.rounds == [2]


def test_where_a_driver_fails_the_steps_give_up_what_they_hold() -> None:
    given_up = []

    def holding(name: str) -> Steps[None]:
        try:
            yield [Alone((job(name),))]
        finally:
            given_up.append(name)

    def failing(needs: Sequence[Need]) -> list[list[Run]]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        driven(at_once([holding("a"), holding("b")]), failing)
    assert given_up == ["a", "b"]
