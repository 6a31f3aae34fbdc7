"""One submission to judge, as a value that can go to another process or machine, and what does it there."""

from __future__ import annotations

import pickle
import threading
import traceback
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING, Any

from grader.core.findings.report_json import as_kept
from grader.core.findings.seen import AT_LAST, seen_as_kept
from grader.core.plugins import load_plugin, plugins
from grader.core.questions.attempts import as_at_last
from grader.core.report.finding import finding
from grader.core.report.report import Report
from grader.core.words.errors import CouldNotJudge, CourseInvalid
from grader.core.words.message import say
from grader.grading.batch.first_pass import FirstPass, TakesLong
from grader.grading.batch.host_limits import MOST_MEMORY, MOST_SECONDS, InTurnApart, limited_time
from grader.grading.judge.answer_key import AnswerKey, Known
from grader.grading.judge.judge import judge, known_of, modules, read_handed_in
from grader.grading.judge.steps import Judged, unreadable
from grader.sandbox.choose import BestBox, make_box, original_fork_server
from grader.sandbox.closed import Places, closed, keep_closed
from grader.sandbox.port import Sandbox, SandboxUnavailable
from grader.store.machine.catalogues import translations

if TYPE_CHECKING:
    from grader.sandbox.linux.fork_server import ForkServer

# Where an outcome has what there is to see beside the report, which is kept apart from it.
SEEN = "seen"
# What became of a task: the report as it is kept, or why there is none.
Outcome = dict[str, Any] | CourseInvalid | CouldNotJudge


@dataclass(frozen=True)
class Later:
    """A task that the machine was too busy for. It is to be done again when nothing else is.

    Attributes:
        outcome: what stands if it is too busy then as well.
    """

    outcome: Outcome


# A batch pays for what its boxes import; a submission does not. Where torch is wanted, somebody uses an optimizer, and
# so do some wrong programs: a box made anew for them costs more than one that knows optimizers from the start.
_WITH_TORCH = ("torch", "torch.optim", "torch.utils.data", "numpy")
# What touches most of torch, when all is imported.
_WARM = "warm"


@dataclass(frozen=True)
class Task:
    """A submission to judge.

    Attributes:
        key: what it is held to, pickled by us: it is the same for a whole class.
        filename: how messages call it; its ending says what it is.
        practice: whether the hidden numbers are drawn from the public seed.
        first: whether it is put off where it takes long; otherwise it has all that its limits allow.
        seen: whether what there is to see of it is kept as well, under `SEEN` in the outcome.
    """

    key: bytes
    content: bytes
    filename: str
    isolation: str
    practice: bool
    first: bool = False
    seen: bool = False


def packed(key: AnswerKey) -> bytes:
    """Return the key as tasks carry it. It only ever goes from the grader to its own workers."""
    return pickle.dumps((plugins(), closed(), pickle.dumps(key)))


@lru_cache(maxsize=64)
def unpacked(key: bytes) -> Known:
    """Return what a task's key holds, and remember it."""
    modules, places, packed_key = pickle.loads(key)  # noqa: S301 - written by `packed`, never by a submission
    _keep_closed_too(places)
    fault = next((fault for module in modules if (fault := load_plugin(module)) is not None), None)
    if fault is not None:
        raise CouldNotJudge(fault)
    held = pickle.loads(packed_key)  # noqa: S301
    assert isinstance(held, AnswerKey)
    return known_of(held)


def _keep_closed_too(places: Places) -> None:
    """Keep these places closed beside those that are: a worker of a cluster has tasks of several courses."""
    known = closed()
    if not set(places) <= set(known):
        keep_closed(lambda: dict.fromkeys((*known, *places)))


def judge_task(task: Task) -> dict[str, Any]:
    """Judge it in this process's own warm box, and return the report as it is kept.

    Raises:
        CourseInvalid: where the solution cannot serve as reference.
        CouldNotJudge: where the box fails on the solution.
    """
    return _kept(task)[0]


def in_the_end(task: Task) -> Task:
    """Return a task as it is when all others are done: nothing is put off any more."""
    return replace(task, first=False)


def judge_or_put_off(task: Task) -> Outcome | Later | TakesLong:
    """Judge a task on a worker, or say that it is to be done when others are: alone, or with all that it may take.

    Raises:
        MemoryError: where the worker has too little left, whoever took it.
    """
    try:
        kept, busy = _kept(task)
        return Later(kept) if busy else kept
    except MemoryError:
        raise
    except (CourseInvalid, CouldNotJudge, TakesLong) as error:
        return error
    except Exception as error:  # noqa: BLE001 - one strange submission must not cost a class its grades
        return CouldNotJudge(say("a bug in the grader: {words}", words=_last_words(error)))


def _kept(task: Task) -> tuple[dict[str, Any], bool]:
    """Return the report as it is kept, and whether something in it could not be judged on so busy a machine."""
    known = unpacked(task.key)
    judged, busy = _judged(task, known)
    report = Report(known.key.exercise.id, "", judged.isolation, task.practice, judged.checks, judged.notices)
    if report.void and not busy:
        # Whatever was wrong with this box, the next submission gets another one.
        close_boxes()
        judged, busy = _judged(task, known)
        report = replace(report, checks=judged.checks)
    kept = as_kept(report, translations())
    if task.seen:
        kept[SEEN] = seen_as_kept(judged.checks, judged.drawing)
        if (last := as_at_last(known.key.exercise.work, report)) is not None:
            kept[SEEN][AT_LAST] = as_kept(last, translations())
    return kept, bool(report.void) and busy


def too_costly(task: Task) -> Outcome:
    """Return what becomes of a submission that costs the grader more than it may, before or after it ran."""
    key = unpacked(task.key).key
    fault = finding("too-costly", file=task.filename, seconds=MOST_SECONDS, most=MOST_MEMORY // 2**20)
    judged = unreadable(key.exercise.points, fault)
    kept = as_kept(Report(key.exercise.id, "", judged.isolation, task.practice, judged.checks), translations())
    # There is nothing to see, and that is all there ever will be: nobody need try again.
    return kept | {SEEN: {}} if task.seen else kept


def _last_words(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"


def close_boxes() -> None:
    """End this thread's boxes; the next task gets new ones."""
    for box, _ in _own_boxes().values():
        box.close()
    _own_boxes().clear()


# A worker of a cluster may have several threads, and none may close the box of another.
_KEPT = threading.local()


def _own_boxes() -> dict[tuple[str, Places], tuple[Sandbox, frozenset[str]]]:
    """Return this thread's boxes, each with what it imports, by isolation and by what they are closed to."""
    if not hasattr(_KEPT, "boxes"):
        _KEPT.boxes = {}
    boxes: dict[tuple[str, Places], tuple[Sandbox, frozenset[str]]] = _KEPT.boxes
    return boxes


def warm_box(isolation: str, wanted: Iterable[str] = ()) -> Sandbox:
    """Return this thread's box, with what is wanted preloaded beside what earlier submissions wanted."""
    boxes, like = _own_boxes(), (isolation, closed())
    original, imported = _ORIGINALS.get(like, (None, frozenset[str]()))
    box, has = boxes.get(like, (None, imported))
    wanted = _with_companions(wanted)
    if box is None or not wanted <= has:
        if box is not None:
            box.close()
        has |= wanted
        if original is not None or isolation == "none":
            # A copy that imports more shares the rest: a fork server of its own is 235 MiB for each worker.
            box = make_box(isolation, _in_order(has), original, _in_order(has - imported))
        else:
            # A worker of a cluster has other folders than the machine where the level was tried.
            box = BestBox(_in_order(has), (isolation,))
        boxes[like] = (box, has)
    return box


def _with_companions(wanted: Iterable[str]) -> frozenset[str]:
    """Return what a box imports where this is wanted."""
    wanted = frozenset(wanted)
    return wanted | {*_WITH_TORCH, _WARM} if "torch" in wanted else wanted | {"numpy"}


def _at_first(torch: bool) -> frozenset[str]:
    return _with_companions(["torch"] if torch else [])


def _in_order(modules: frozenset[str]) -> tuple[str, ...]:
    first = [name for name in _WITH_TORCH if name in modules]
    last = [_WARM] if _WARM in modules else []
    return (*first, *sorted(modules - {*first, *last}), *last)


# Controls of fork servers that another process has started, and what these have imported, by isolation and by what they
# are closed to.
_ORIGINALS: dict[tuple[str, Places], tuple[socket, frozenset[str]]] = {}


def start_original(isolation: str, torch: bool) -> ForkServer | None:
    """Start what the boxes of several workers on this machine can share; None where there is nothing to share."""
    try:
        return original_fork_server(isolation, _in_order(_at_first(torch)))
    except SandboxUnavailable:
        # The tasks will say so.
        return None


def make_ready(isolation: str, torch: bool, original: socket | None = None, places: Places = ()) -> None:
    """Start this thread's box before there is a task, without waiting. Where there is none, the tasks will say so.

    Args:
        torch: whether submissions will import it.
        original: the control of what `start_original` has started for the same.
        places: that are closed to submissions, where this process does not know them yet.
    """
    _keep_closed_too(places)
    if original is not None:
        _ORIGINALS[isolation, closed()] = (original, _at_first(torch))
    with suppress(SandboxUnavailable):
        warm_box(isolation, _at_first(torch)).start()


def _judged(task: Task, known: Known) -> tuple[Judged, bool]:
    with limited_time():
        handed_in = read_handed_in(known.key.exercise.work, task.content, task.filename)
        warm = partial(warm_box, task.isolation, modules(known, handed_in))
        # All runs of the submission share what a first pass gives it.
        hurried = cache(lambda: FirstPass(warm(), lambda: known.seconds))
        run = InTurnApart(hurried if task.first else warm)
        return judge(known, handed_in, run), run.busy


def in_warm_box(isolation: str, wanted: Iterable[str] = ()) -> InTurnApart:
    """Return what runs in turn in this thread's warm box, with what is wanted preloaded: each core has a task."""
    return InTurnApart(lambda: warm_box(isolation, wanted), width=1)
