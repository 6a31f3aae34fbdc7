"""Leads two children through a run of author tests: the program's, and the tests', which never runs the program."""

from __future__ import annotations

from dataclasses import replace

from grader.core.run.author_tests import AuthorTestsRun, Case, Outcome
from grader.core.run.jobs import AuthorTestsJob
from grader.core.run.observation import Run, RunStatus, Stop
from grader.sandbox.host.child import Child, Watch, with_end
from grader.sandbox.host.conversation import STATUS, Stopped, Streams
from grader.sandbox.host.scratch import Scratch
from grader.sandbox.wire.author_tests import (
    Ask,
    Broken,
    CaseFrame,
    Collected,
    OfProgram,
    OfTests,
    Reply,
    from_program,
    from_tests,
    onward,
)
from grader.sandbox.wire.frames import Loaded, WireViolation
from grader.sandbox.wire.jobs import program_content, tests_content, to_child
from grader.sandbox.wire.reading import Reading

_MOST_ASKS = 200_000
_DEEPEST = 40


def conduct_author_tests(job: AuthorTestsJob, program: Child, tests: Child, scratch: Scratch, another: Scratch) -> Run:
    """Lead two ready children through one run of author tests, end both, and return what came of it.

    Args:
        scratch: the folder that the program works in.
        another: that of the tests.
    """
    session = _TestSession(job, program, tests)
    try:
        run = session.lead(scratch, another)
        for child in (program, tests):
            child.kill()
        session.program.drain(1.0)
        return replace(run, stdout=session.program.stdout, stderr=session.program.stderr)
    finally:
        for child, streams in ((program, session.program), (tests, session.tests)):
            child.kill()
            streams.close()


class _OfTests(Stopped):
    """It was the tests' child that was stopped."""


class _TestSession:
    """The two conversations, of which one waits while the other goes on."""

    def __init__(self, job: AuthorTestsJob, program: Child, tests: Child) -> None:
        self._job = job
        self._child, self._child_of_tests = program, tests
        self._watch = Watch(job.limits, program.pid, job.patience)
        self._watch_tests = Watch(job.limits_of_tests, tests.pid, job.patience)
        self.program = Streams(program.frames, program.out, program.err, job.limits.output, self._watch.look)
        self.tests = Streams(tests.frames, tests.out, tests.err, job.limits_of_tests.output, self._look_at_both)
        self._names: tuple[str, ...] = ()
        self._cases: list[Case] = []
        self._broken = ""
        # Who has asked and has no reply yet, the last one last.
        self._asking: list[str] = []
        self._loaded = Reading(job)

    def lead(self, scratch: Scratch, another: Scratch) -> Run:
        job = self._job
        files = {file.name: file.content for file in job.given_files}
        try:
            self.program.send(to_child(scratch.with_files(program_content(job, scratch.path), files)))
            self._load()
            self._watch.rest()
            self._to_tests(to_child(another.with_files(tests_content(job, another.path), files)))
            self._relay()
        except Stopped as stopped:
            return self._stopped(stopped)
        except WireViolation as violation:
            return self._run(RunStatus.CRASHED, Stop.WIRE, str(violation))
        return self._run(RunStatus.COMPLETED)

    def _load(self) -> None:
        if not isinstance(self._loaded.add(self.program.receive()), Loaded):
            raise WireViolation("a frame of the wrong kind")

    def _relay(self) -> None:
        """Carry asks and replies to and fro until the tests are done."""
        for _ in range(_MOST_ASKS):
            frame = self._of_tests()
            if isinstance(frame, Ask | Reply):
                self._to_tests(onward(self._asked(frame)))
            elif not self._noted(frame):
                return
        raise _OfTests(Stop.WIRE)

    def _asked(self, frame: Ask | Reply) -> OfProgram:
        """Give the program its turn: only now its time counts, and that of the tests does not."""
        self._watch_tests.rest()
        self._watch.go_on()
        self.program.send(onward(frame))
        answer = self._of_program()
        self._watch.rest()
        self._watch_tests.go_on()
        return answer

    def _of_tests(self) -> OfTests:
        try:
            frame = from_tests(bytes(self.tests.receive()))
            self._hold_turn("tests", frame)
        except _ProgramStopped as stopped:
            raise Stopped(stopped.stop) from None
        except WireViolation:
            raise _OfTests(Stop.WIRE) from None
        except Stopped as stopped:
            raise _OfTests(stopped.stop) from None
        return frame

    def _of_program(self) -> OfProgram:
        frame = from_program(bytes(self.program.receive()))
        self._hold_turn("program", frame)
        return frame

    def _hold_turn(self, who: str, frame: OfTests) -> None:
        """A reply goes to whoever asked last, and nobody is asked without end."""
        if isinstance(frame, Ask):
            self._asking.append(who)
            if len(self._asking) > _DEEPEST or (who == "program" and frame.do != "call"):
                raise WireViolation("an ask that is none")
        elif isinstance(frame, Reply) and (not self._asking or self._asking.pop() == who):
            raise WireViolation("a reply to nothing")

    def _noted(self, frame: OfTests) -> bool:
        """Note what the tests' child says of the tests; return whether there is more to come."""
        match frame:
            case Collected(names=names):
                self._names = tuple(names)
            case CaseFrame():
                told = (frame.type_name, frame.text, frame.line, frame.share, frame.because)
                self._cases.append(Case(frame.name, Outcome(frame.outcome), *told))
            case Broken(text=text):
                self._broken = text
            case _:
                return False
        return True

    def _to_tests(self, data: bytes) -> None:
        try:
            self.tests.send(data)
        except _ProgramStopped as stopped:
            raise Stopped(stopped.stop) from None
        except Stopped as stopped:
            raise _OfTests(stopped.stop) from None

    def _look_at_both(self) -> None:
        self._watch_tests.look()
        try:
            self._watch.look()
        except Stopped as stopped:
            raise _ProgramStopped(stopped.stop) from None

    def _stopped(self, stopped: Stopped) -> Run:
        run = self._run(
            STATUS.get(stopped.stop, RunStatus.CRASHED), stopped.stop, in_tests=isinstance(stopped, _OfTests)
        )
        if stopped.stop is not Stop.EXIT:
            return run
        if not isinstance(stopped, _OfTests):
            return with_end(run, self._child, self._watch)
        ended = with_end(run, self._child_of_tests, self._watch_tests)
        return ended if ended.status is RunStatus.SANDBOX_FAILED else run

    def _run(self, status: RunStatus, stop: Stop | None = None, detail: str = "", in_tests: bool = False) -> Run:
        seconds = self._watch_tests.usage().wall
        session = AuthorTestsRun(self._names, tuple(self._cases), self._broken, in_tests, seconds)
        run = self._loaded.run(status, stop, detail)
        return replace(run, author_tests=session, usage=self._watch.usage(), frames=())


class _ProgramStopped(Stopped):
    """The program went past a limit while it was the tests' turn."""
