"""From a check that trains to what goes into the box: one job a seed, and the same job for checks that train alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from grader.core.course.checks.call import Call, helpers_in, of_submission
from grader.core.course.checks.recording import names_of
from grader.core.course.checks.training import MOST_SEEDS, Data, DataSource, half_of, rows_of
from grader.core.course.draws.draw import Array, seed_for, stream_of
from grader.core.course.exercise import Check
from grader.core.run.jobs import ProgramJob
from grader.core.run.observation import Called, Run, Value
from grader.core.run.probe import Input, Probe
from grader.core.run.trained import Training
from grader.core.words.message import Message, say

# Each call is made for all inputs, and once more for half of them: what depends on the others was not set to predict.
PROBES = 2
_NO_DATA = Data()
_MACHINE = "torch.__version__, torch.backends.cpu.get_cpu_capability()"


def training_jobs(check: Check, seed: bytes, ours: bool) -> tuple[ProgramJob, ...]:
    """Return the jobs of a check that trains, whatever program they are for: one a seed, the same for every program."""
    assert check.data is not None
    made = check.made or _NO_DATA
    (count,), (most,) = (tuple(map(int, names_of(check.compare, what))) for what in ("seeds", "steps"))
    inputs = tuple(_input(check, *each) for each in made.train)
    known = {*check.let, *check.data.names, *helpers_in(check.ask)}
    wanted = dict.fromkeys(name for each in check.let.values() for name in of_submission(each, known))
    probes = tuple(
        Probe(Call("", (), str(check.calls[0])), (), tuple(_input(check, *each) for each in asked), (), seed, index,
              helpers=helpers_in(check.ask), trained=tuple(check.let))
        for index, asked in enumerate((made.test, [(name, half_of(array)) for name, array in made.test]))
    )  # fmt: skip
    job = ProgramJob(
        source="",
        filename="",
        script=check.script,
        given=inputs if check.script else (),
        probes=probes,
        limits=check.limits,
        ask=check.ask,
    )
    trained = Training(() if check.script else inputs, tuple(check.let.items()), tuple(wanted), 0, most)
    seeds = (_number(seed_for(seed, "training", str(number))) for number in range(MOST_SEEDS if ours else count))
    return tuple(replace(job, training=replace(trained, seed=each)) for each in seeds)


def data_job(check: Check, seed: bytes) -> ProgramJob:
    """Return the job of our own that makes the data of a check, and says on which machine."""
    assert check.data is not None
    maker = check.data.maker
    own = _number(seed_for(seed, "data", maker))
    calls = (Call("", (), f"dict(enumerate({maker}({own})))"), Call("", (), f"[{_MACHINE}]"))
    probes = tuple(
        Probe(call, (), (), (), seed, index, helpers=helpers_in(check.maker)) for index, call in enumerate(calls)
    )
    return ProgramJob("", "data.py", script=False, probes=probes, ask=check.maker, trusted=True, limits=check.limits)


def data_of(source: DataSource, called: Sequence[Called], seed: bytes) -> Data | Message:
    """Return the data that the author's function made, or say what is wrong with them.

    What is asked about comes in an order that nobody knows: authors make one class after the other, or in turn, and who
    has seen one set of data would know the labels of every other one by their places.
    """
    values = {str(value.place[0]): value for value in called[0].values if len(value.place) == 1}
    count = len(source.names) + 1
    if len(values) != count or len(called[0].values) != count:
        return say(
            "{name} in data.py returns {count} values; expected {expected}: what is called {names}, and what is right",
            name=source.maker,
            count=len(called[0].values),
            expected=count,
            names=", ".join(source.names),
        )
    arrays = [_array(values[str(place)]) for place in range(count)]
    known = [array for array in arrays if array is not None]
    if len(known) < count:
        return say("{name} in data.py returns what is no array of finite numbers", name=source.maker)
    *inputs, right = known
    named = list(zip(source.names, inputs, strict=True))
    first = len(source.train)
    rows = {array.shape[0] for _, array in named[first:]} | {right.shape[0]}
    if len(rows) > 1:
        return say("{name} in data.py returns other numbers of inputs to predict than of answers", name=source.maker)
    machine = ", ".join(value.text for value in called[1].values if value.text)
    order = list(range(right.shape[0]))
    stream_of(seed, 0, f"order {source.maker}").shuffle(order)
    test = tuple((name, rows_of(array, order)) for name, array in named[first:])
    return Data(tuple(named[:first]), test, rows_of(_squeezed(right), order), f"torch {machine}")


def _array(value: Value) -> Array | None:
    numbers = value.data
    if numbers is None or not numbers.ndim or not numbers.size or not all(map(_finite, numbers.reshape(-1).tolist())):
        return None
    flat = numbers.reshape(-1).tolist()
    if value.dtype.startswith("bool"):
        return Array(numbers.shape, tuple(flat), "bool")
    return Array(numbers.shape, tuple(map(int, flat)), "int64") if value.whole else Array(numbers.shape, tuple(flat))


def _finite(number: float) -> bool:
    return abs(number) < float("inf")


def _squeezed(right: Array) -> Array:
    """Return what is right without axes of length 1: one number for each input is a vector, however it is written."""
    return replace(right, shape=(right.shape[0], *(size for size in right.shape[1:] if size != 1)))


def _input(check: Check, name: str, array: Array) -> Input:
    return Input(name, array, arrays=check.arrays)


def _number(seed: bytes) -> int:
    """Return what NumPy and torch take as a seed."""
    return int.from_bytes(seed[:4], "big") % 2**31


@dataclass(frozen=True)
class Shared:
    """One training, and the checks that look at it.

    Attributes:
        jobs: one a seed, with the probes of all checks.
    """

    checks: tuple[Check, ...]
    jobs: tuple[ProgramJob, ...]

    def apart(self, run: Run) -> dict[str, Run]:
        """Return, by the name of each check, the run with what was asked for it alone."""
        called = iter(run.called)
        return {check.name: replace(run, called=tuple(islice(called, PROBES))) for check in self.checks}


def shared(asked: Sequence[tuple[Check, tuple[ProgramJob, ...]]]) -> list[Shared]:
    """Join the checks whose trainings are one: of the same data, for the same seeds, under the same limits."""
    groups: dict[tuple[ProgramJob, int], list[tuple[Check, tuple[ProgramJob, ...]]]] = {}
    for check, jobs in asked:
        groups.setdefault((replace(jobs[0], probes=()), len(jobs)), []).append((check, jobs))
    return [
        Shared(
            tuple(check for check, _ in group),
            tuple(
                replace(each[0], probes=tuple(probe for job in each for probe in job.probes))
                for each in zip(*(jobs for _, jobs in group), strict=True)
            ),
        )
        for group in groups.values()
    ]
