"""The locked box: each step of the lock-down made to fail, kills, torch behind the lock, and nothing left over."""

from __future__ import annotations

import json
import os
import platform
import re
import signal
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from processes import descendants, settled

from grader.core.course.checks.limits import Limits
from grader.core.program.source import Source
from grader.core.report.report import Verdict
from grader.core.run.jobs import AuthorTestsJob, Job, ProgramJob
from grader.core.run.observation import Run, RunStatus, Stop

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: only Linux locks a box", allow_module_level=True)

from grader.grading.judge.answer_key import answer_key
from grader.grading.judge.judge import judge_submission, known_closely
from grader.sandbox.choose import try_level
from grader.sandbox.host import child
from grader.sandbox.host.scratch import Scratch
from grader.sandbox.inside.linux import lock
from grader.sandbox.linux import fork, levels
from grader.sandbox.linux.fork import ForkBox
from grader.sandbox.linux.fork_server import ForkServer
from grader.store.course.course_files import find_course

STEPS = re.findall(r'step\("([a-z_ ]+)"\)', Path(lock.__file__).read_text(encoding="utf-8"))
MAKERS: dict[str, Callable[[], levels.Level]] = {"full": levels.full, "reduced": levels.reduced}


@pytest.fixture(scope="module", autouse=True)
def _holds() -> None:
    trial = try_level("full")
    if not trial.holds:
        pytest.skip(f"NOT TESTED HERE: this machine cannot lock a box: {trial.why}. {trial.mend}")


@pytest.fixture(scope="module")
def box() -> Iterator[ForkBox]:
    """A box without torch."""
    box = ForkBox([], levels.full())
    yield box
    box.close()


@pytest.fixture(scope="module")
def torch_box() -> Iterator[ForkBox]:
    box = ForkBox(["torch", "torch.optim"], levels.full())
    yield box
    box.close()


def script(source: str, **limits: float) -> ProgramJob:
    return ProgramJob(source, "program.py", script=True, limits=replace(Limits(), **limits))  # type: ignore[arg-type]


# --- Half a lock is no lock ---


def run_once(level: levels.Level, job: ProgramJob) -> Run:
    box = ForkBox([], level)
    try:
        return box.run(job)
    finally:
        box.close()


def with_lock(level: levels.Level, **changes: object) -> levels.Level:
    """Return a level whose lock-down has other settings; the limits that it adds itself are changed last."""

    class Changed(levels.Level):
        def settings(self, limits: Limits, readable: str | None = None) -> str:
            return json.dumps({**json.loads(level.settings(limits, readable)), **changes})

    return Changed(level.isolation, level.jail, level.scratch, level.lock, level.program)


def assert_that_nothing_ran(run: Run, mark: Path) -> None:
    assert (run.status, run.stop) == (RunStatus.SANDBOX_FAILED, Stop.SANDBOX)
    assert run.frames == ()
    assert run.loaded is None
    assert run.ran is None
    assert run.stdout == ""
    assert not mark.exists()


def leaving(mark: Path) -> ProgramJob:
    """A program that prints, sends frames, and, where nothing holds it, leaves a file."""
    return script(f"print('ran')\ntry:\n    open({str(mark)!r}, 'w').close()\nexcept OSError:\n    pass\n")


@pytest.mark.parametrize("isolation", MAKERS)
def test_the_program_that_shall_not_run_behind_half_a_lock_runs_behind_a_whole_one(
    tmp_path: Path, isolation: str
) -> None:
    run = run_once(MAKERS[isolation](), leaving(tmp_path / "mark"))
    assert (run.status, run.stdout) == (RunStatus.COMPLETED, "ran\n")
    assert not (tmp_path / "mark").exists()


def test_the_steps_are_known() -> None:
    assert len(STEPS) == len(set(STEPS)) == 9
    assert STEPS[-1] == "seccomp"


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("isolation", MAKERS)
def test_nothing_runs_where_a_step_fails(tmp_path: Path, isolation: str, step: str) -> None:
    level = with_lock(MAKERS[isolation](), fail_at=step)
    if isolation == "reduced" and step in ("mounts", "user namespace"):
        # It has neither of its own; the step is not taken.
        assert run_once(level, leaving(tmp_path / "mark")).status is RunStatus.COMPLETED
        return
    run = run_once(level, leaving(tmp_path / "mark"))
    assert_that_nothing_ran(run, tmp_path / "mark")
    assert step in run.detail


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"namespaces": True, "scratch": "/nowhere"}, id="mounts"),
        pytest.param({"readable": ["/nowhere"]}, id="a rule for what is not there"),
        pytest.param({"readable": None}, id="no rules"),
        pytest.param({"files": 2**40}, id="a limit above the highest"),
        pytest.param({"cpu": "much"}, id="a limit that is no number"),
        pytest.param({"memory": None}, id="no limit"),
    ],
)
@pytest.mark.parametrize("isolation", MAKERS)
def test_nothing_runs_where_a_setting_cannot_be_had(
    tmp_path: Path, isolation: str, settings: dict[str, object]
) -> None:
    run = run_once(with_lock(MAKERS[isolation](), **settings), leaving(tmp_path / "mark"))
    assert_that_nothing_ran(run, tmp_path / "mark")


@pytest.mark.parametrize("program", [b"", b"123", bytes(8), b"\xff" * 64, b"\x06\0\0\0\0\0\xff\x7f" * 5000])
@pytest.mark.parametrize("isolation", MAKERS)
def test_nothing_runs_without_a_filter_that_the_kernel_takes(tmp_path: Path, isolation: str, program: bytes) -> None:
    # An empty packet would be the end of the stream; the fork server takes it for the filter, and it is none.
    run = run_once(replace(MAKERS[isolation](), program=lambda: program), leaving(tmp_path / "mark"))
    assert_that_nothing_ran(run, tmp_path / "mark")


def test_nothing_runs_where_the_kernel_has_no_landlock(tmp_path: Path) -> None:
    # What a kernel without it says to the first call; the filter of calls is laid over the fork server itself.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lock, "landlock_abi", lambda: 0)
        with pytest.raises(lock.LockFailed, match="no Landlock"):
            lock._landlock_rules([str(tmp_path)], None)


# --- Kills ---

SPINNER = """
import signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
while True:
    pass
"""


@pytest.mark.parametrize("isolation", MAKERS)
def test_no_process_of_a_spinner_that_ignores_signals_outlives_its_run(isolation: str) -> None:
    box = ForkBox([], MAKERS[isolation]())
    try:
        assert box.run(script("")).status is RunStatus.COMPLETED
        before = descendants()
        runs: list[Run] = []
        thread = threading.Thread(target=lambda: runs.append(box.run(script(SPINNER, wall=0.5))))
        thread.start()
        spinners: set[psutil.Process] = set()
        while thread.is_alive():
            spinners |= descendants() - before
            time.sleep(0.02)
        assert spinners and psutil.wait_procs(spinners, timeout=10)[1] == []
        assert (runs[0].status, runs[0].stop) == (RunStatus.TIMED_OUT, Stop.WALL)
    finally:
        box.close()


def killed_in(box: ForkBox, job: Job, which: Callable[[set[psutil.Process]], psutil.Process], busy: float = 0.3) -> Run:
    """Run a job of which one process is killed as the kernel kills where there is no memory."""
    assert box.run(script("")).status is RunStatus.COMPLETED
    before = descendants()
    runs: list[Run] = []
    thread = threading.Thread(target=lambda: runs.append(box.run(job)))
    thread.start()
    new: set[psutil.Process] = set()
    while thread.is_alive() and not runs:
        try:
            new = {each for each in descendants() - before if each.cpu_times().user > busy}
            which(new).kill()
            break
        except (psutil.Error, ValueError):
            time.sleep(0.05)
    thread.join()
    return runs[0]


@pytest.mark.parametrize("isolation", MAKERS)
def test_a_locked_child_that_the_system_kills_is_no_fault_of_the_program(isolation: str) -> None:
    box = ForkBox([], MAKERS[isolation]())
    try:
        run = killed_in(box, script("while True: pass"), lambda new: min(new, key=lambda each: each.pid))
        assert (run.status, run.stop) == (RunStatus.SANDBOX_FAILED, Stop.SANDBOX)
        assert "too little memory" in run.detail
        assert box.run(script("")).status is RunStatus.COMPLETED
    finally:
        box.close()


@pytest.mark.parametrize("spinner", ["program", "tests"])
def test_nor_is_it_where_the_system_kills_the_program_beside_an_authors_tests_or_the_tests(spinner: str) -> None:
    spin = "    while True: pass\n"
    program = f"def f():\n{spin if spinner == 'program' else '    return 1'}\n"
    tests = f"from submission import f\ndef test_it():\n    f()\n{spin if spinner == 'tests' else ''}"
    job = AuthorTestsJob(program, "program.py", True, (("test_it.py", tests),), ("test_it.py::test_it",))
    box = ForkBox(["pytest"], levels.full())
    try:
        run = killed_in(box, job, lambda new: max(new, key=lambda each: each.cpu_times().user), 1.0)
        assert (run.status, run.stop) == (RunStatus.SANDBOX_FAILED, Stop.SANDBOX)
    finally:
        box.close()


# Each is one way in which a process ends itself by SIGKILL where nothing keeps it from doing so.
OWN_END = {
    "kill": "os.kill(os.getpid(), signal.SIGKILL)",
    "raise": "signal.raise_signal(signal.SIGKILL)",
    "thread": "signal.pthread_kill(threading.get_ident(), signal.SIGKILL)",
    "tgkill": "libc.syscall(234, os.getpid(), threading.get_native_id(), 9)",
    "tkill": "libc.syscall(200, threading.get_native_id(), 9)",
    "queue": "libc.sigqueue(os.getpid(), 9, 0)",
    "limit": "resource.setrlimit(resource.RLIMIT_CPU, (0, 0))\nspin()",
    "limit of another": "resource.prlimit(os.getpid(), resource.RLIMIT_CPU, (0, 0))\nspin()",
    "timer": "timer = ctypes.c_void_p()\nevent = struct.pack('qii48x', 0, 9, 0)\n"
    "libc.timer_create(1, event, ctypes.byref(timer))\n"
    "libc.timer_settime(timer, 0, struct.pack('4q', 0, 0, 0, 1), None)\nspin()",
    "asynchronous": "out, into = os.pipe()\nfcntl.fcntl(out, fcntl.F_SETOWN, os.getpid())\n"
    "fcntl.fcntl(out, 10, 9)\nfcntl.fcntl(out, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)\n"
    "os.write(into, b'x')\nspin()",
}
ALL_MEMORY = "kept = []\nwhile True:\n    kept.append(mmap.mmap(-1, 2**26))\n    kept[-1].write(b'x' * 2**26)"
OWN_WAY = """
import ctypes, fcntl, mmap, os, resource, signal, struct, threading, time
libc = ctypes.CDLL(None)
def spin():
    until = time.process_time() + 1.5
    while time.process_time() < until:
        pass
"""


@pytest.mark.parametrize("isolation", MAKERS)
def test_no_program_can_make_its_own_end_look_as_if_the_system_had_killed_it(isolation: str) -> None:
    box = ForkBox([], MAKERS[isolation]())
    try:
        for way, lines in {**OWN_END, "memory": ALL_MEMORY}.items():
            run = box.run(script(OWN_WAY + lines, cpu=5.0))
            assert run.status is not RunStatus.SANDBOX_FAILED, way
    finally:
        box.close()


@pytest.mark.skipif(platform.machine() != "x86_64", reason="NOT TESTED HERE: calls are known by their numbers on x86")
def test_without_a_lock_a_program_that_kills_itself_in_any_of_these_ways_has_crashed() -> None:
    box = ForkBox([])
    try:
        for way, lines in OWN_END.items():
            run = box.run(script(OWN_WAY + lines, cpu=5.0))
            assert (way, run.status, run.stop, run.detail) == (way, RunStatus.CRASHED, Stop.SIGNAL, "9")
    finally:
        box.close()


def test_the_kernels_limit_of_processor_time_is_told_as_such(box: ForkBox, monkeypatch: pytest.MonkeyPatch) -> None:
    # The host does not look, so that the kernel is first.
    monkeypatch.setattr(child, "_BETWEEN_MEASURES", 1e9)
    run = box.run(script("while True: pass", cpu=1.0, wall=60.0))
    assert (run.status, run.stop) == (RunStatus.TIMED_OUT, Stop.CPU)


def test_a_child_that_the_system_kills_is_run_again_and_judged_right(course: Path, tmp_path: Path) -> None:
    files = find_course(course)
    source = (course / "solutions" / "4.6" / "solution.py").read_text(encoding="utf-8")
    box = ForkBox([], levels.full())
    conduct, killed, runs = child.conduct_together, list[int](), list[Run]()
    key = known_closely(replace(answer_key(files, files.exercise("4.6"), b""), wrong=()))

    def killing(jobs: Sequence[Job], of: child.Child, scratch: Scratch) -> list[Run]:
        if not killed and any("PAUSE" in job.source for job in jobs if isinstance(job, ProgramJob)):
            killed.append(of.pid)
            threading.Timer(0.3, lambda: os.kill(of.pid, signal.SIGKILL)).start()
        done = conduct(jobs, of, scratch)
        runs.extend(done)
        return done

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fork, "conduct_together", killing)
        judged = judge_submission(
            key, Source(source + "\nimport time\nPAUSE = time.sleep(1)\n", "4.6.py"), lambda _: box
        )
    assert any(run.stop is Stop.SANDBOX for run in runs)
    assert {check.verdict for check in judged.checks} == {Verdict.PASS}


def fork_servers() -> list[psutil.Process]:
    """The processes that run the inside program and were not forked by one that does."""

    def python(process: psutil.Process | None) -> bool:
        return process is not None and process.cmdline()[:2] == [sys.executable, "-P"]

    found = []
    for process in descendants():
        try:
            if python(process) and not python(process.parent()):
                found.append(process)
        except psutil.Error:
            continue
    return found


def test_a_check_whose_fork_server_was_killed_is_run_again_and_judged_right(course: Path) -> None:
    files = find_course(course)
    # By hand, so that no fork server has torch to import.
    solution = (course / "solutions" / "4.6" / "solution.py").read_text(encoding="utf-8")
    # Slow enough to be met in the middle; one of its checks is wrong.
    source = solution.replace("- 0.01", "+ 0.01") + "\nimport time\nPAUSE = time.sleep(0.5)\n"
    known = set(fork_servers())
    box = ForkBox([], levels.full())
    killed: list[int] = []
    runs: list[Run] = []
    run = box.run

    def running(job: ProgramJob) -> Run:
        runs.append(run(job))  # type: ignore[arg-type]
        return runs[-1]

    together = box.run_together

    def running_together(jobs: Sequence[Job]) -> list[Run]:
        done = together(jobs)
        runs.extend(done)
        return done

    box.run = running  # type: ignore[method-assign, assignment]
    box.run_together = running_together  # type: ignore[method-assign]

    def kill_one() -> None:
        until = time.monotonic() + 60
        while not killed and time.monotonic() < until:
            for fork_server in set(fork_servers()) - known:
                if fork_server.children():
                    time.sleep(0.1)
                    fork_server.kill()
                    killed.append(fork_server.pid)
            time.sleep(0.05)

    thread = threading.Thread(target=kill_one)
    key = answer_key(files, files.exercise("4.6"), b"")
    # To name what is wrong is not asked here.
    known_key = known_closely(replace(key, wrong=()))
    thread.start()
    judged = judge_submission(known_key, Source(source, "4.6.py"), lambda _: box)
    thread.join()
    assert len(killed) == 1
    assert any(run.status is RunStatus.SANDBOX_FAILED for run in runs)
    verdicts = {check.name: check.verdict for check in judged.checks}
    assert verdicts == {"gradient": Verdict.PASS, "loop": Verdict.FAIL}
    assert {check.status for check in judged.checks} == {RunStatus.COMPLETED}


# --- Fork servers that are copies ---


@pytest.fixture
def original() -> Iterator[ForkServer]:
    # NumPy stands in for everything that is slow to import.
    fork_server = ForkServer.started(["numpy"], levels.full())
    yield fork_server
    fork_server.close()


def copying(original: ForkServer) -> ForkBox:
    return ForkBox(["numpy"], levels.full(), original=original.control)


def serves_alone(original: ForkServer, known: list[psutil.Process]) -> bool:
    """Whether it is there and no other has started since; those of earlier tests may still be ending."""
    assert original._process is not None
    return original._process.poll() is None and set(fork_servers()) <= set(known)


def test_boxes_share_what_one_fork_server_imported_and_run_side_by_side(original: ForkServer) -> None:
    boxes = [copying(original) for _ in range(3)]
    program = script("import numpy, os\nprint(int(numpy.ones(2).sum()), os.getpid())\n")
    try:
        assert boxes[0].run(program).stdout == "2 1\n"
        known = fork_servers()
        assert [box.run(program).stdout for box in boxes for _ in range(2)] == ["2 1\n"] * 6
        assert serves_alone(original, known)
    finally:
        for box in boxes:
            box.close()


def test_a_copy_imports_what_its_own_programs_need_and_shares_the_rest(original: ForkServer) -> None:
    sees = script("import sys\nprint('wave' in sys.modules, 'numpy' in sys.modules)\n")
    plain = copying(original)
    more = ForkBox(["numpy", "wave"], levels.full(), original=original.control, more=["wave"])
    try:
        known = (plain.run(sees), fork_servers())[1]
        assert more.run(sees).stdout == "True True\n"
        assert serves_alone(original, known)
        assert plain.run(sees).stdout == "False True\n"
    finally:
        plain.close()
        more.close()


def test_what_one_copy_needs_is_imported_once_and_later_copies_share_it(original: ForkServer) -> None:
    # Had the copy that asks imported it, the one that asks for nothing would not have it.
    imports = script("import sys\nprint('wave' in sys.modules)\n")
    first = ForkBox(["numpy", "wave"], levels.full(), original=original.control, more=["wave"])
    later = copying(original)
    try:
        assert (first.run(imports).stdout, later.run(imports).stdout) == ("True\n", "True\n")
    finally:
        first.close()
        later.close()


def test_an_import_that_fails_ends_the_copy_that_asked_and_no_other(original: ForkServer) -> None:
    plain = copying(original)
    asking = ForkBox(["no_such_module"], levels.full(), original=original.control, more=["no_such_module"])
    later = copying(original)
    try:
        before = plain.run(script("print(1)"))
        failed = asking.run(script("print(2)"))
        after = [box.run(script("print(3)")) for box in (plain, later)]
    finally:
        for box in (plain, asking, later):
            box.close()
    assert (before.stdout, [run.stdout for run in after]) == ("1\n", ["3\n"] * 2)
    assert failed.status is RunStatus.SANDBOX_FAILED


def test_a_box_whose_original_is_gone_starts_a_fork_server_of_its_own(original: ForkServer) -> None:
    box = copying(original)
    try:
        assert box.run(script("print(1)")).stdout == "1\n"
        original.kill()
        failed, after = box.run(script("print(2)")), box.run(script("print(3)"))
    finally:
        box.close()
    assert (failed.status, failed.stop) == (RunStatus.SANDBOX_FAILED, Stop.SANDBOX)
    assert (after.status, after.stdout) == (RunStatus.COMPLETED, "3\n")


def test_a_box_that_is_closed_ends_its_copy_and_no_other(original: ForkServer) -> None:
    one, other = copying(original), copying(original)
    try:
        assert one.run(script("print(1)")).stdout == other.run(script("print(1)")).stdout == "1\n"
        both = settled()
        one.close()
        until = time.monotonic() + 10
        while descendants() == both and time.monotonic() < until:
            time.sleep(0.02)
        left = settled()
        assert left < both and len(both - left) == 1
        assert other.run(script("print(2)")).stdout == "2\n"
    finally:
        other.close()


def threads_of(process: psutil.Process) -> int:
    try:
        return process.num_threads()
    except psutil.Error:
        return 0


def test_threads_of_one_program_take_none_from_another_that_shares_its_original(original: ForkServer) -> None:
    until_refused = (
        "import threading, time\nstop = threading.Event()\ncount = 0\ntry:\n    while True:\n"
        "        threading.Thread(target=stop.wait, daemon=True).start()\n        count += 1\n"
        "except RuntimeError:\n    print(count, flush=True)\ntime.sleep({pause})\n"
    )
    greedy, other = copying(original), copying(original)
    try:
        alone = other.run(script(until_refused.format(pause=0))).stdout
        assert int(alone) > 30
        known = descendants()
        running = threading.Thread(target=greedy.run, args=[script(until_refused.format(pause=600), wall=600)])
        running.start()
        while not any(threads_of(process) > int(alone) for process in descendants() - known):
            assert running.is_alive()
            time.sleep(0.02)
        assert other.run(script(until_refused.format(pause=0))).stdout == alone
        greedy.close()
        running.join()
    finally:
        greedy.close()
        other.close()


def test_a_box_that_is_closed_in_the_middle_of_a_run_leaves_nobody_in_the_jail(original: ForkServer) -> None:
    assert original._process is not None
    keeping = copying(original)
    assert keeping.run(script("print(1)")).stdout == "1\n"
    jail = psutil.Process(original._process.pid)
    settled()
    before = len(jail.children(recursive=True))
    for _ in range(3):
        box = copying(original)
        running = threading.Thread(target=box.run, args=[script("while True: pass", wall=60)])
        running.start()
        until = time.monotonic() + 10
        while len(jail.children(recursive=True)) < before + 2 and time.monotonic() < until:
            time.sleep(0.02)
        box.close()
        running.join(20)
    until = time.monotonic() + 10
    while (left := len(jail.children(recursive=True))) != before and time.monotonic() < until:
        time.sleep(0.05)
    keeping.close()
    assert left == before


def test_a_fork_server_that_has_done_its_share_is_followed_by_a_fresh_copy(original: ForkServer) -> None:
    box = ForkBox(["numpy"], levels.full(), recycle=2, original=original.control)
    try:
        assert box.run(script("print()")).status is RunStatus.COMPLETED
        known = fork_servers()
        assert [box.run(script(f"print({i})")).stdout for i in range(7)] == [f"{i}\n" for i in range(7)]
        assert serves_alone(original, known)
    finally:
        box.close()


def test_with_the_original_everything_ends(original: ForkServer) -> None:
    box = copying(original)
    assert box.run(script("print(1)")).stdout == "1\n"
    running = threading.Thread(target=box.run, args=[script("while True: pass", wall=60)])
    running.start()
    assert original._process is not None
    jail = psutil.Process(original._process.pid)
    until = time.monotonic() + 10
    while len(family := jail.children(recursive=True)) < 3 and time.monotonic() < until:
        time.sleep(0.02)
    original.close()
    running.join(20)
    box.close()
    # The fork server, its copy, and the child.
    assert len(family) >= 3 and psutil.wait_procs(family, timeout=10)[1] == []


# --- Torch behind the lock ---

TORCH = {
    "SGD and Adam": """
        for kind in (torch.optim.SGD, torch.optim.Adam):
            w = torch.tensor([1.0], requires_grad=True)
            optimizer = kind([w], lr=0.1)
            for _ in range(3):
                optimizer.zero_grad()
                (w * 2 - 6).pow(2).sum().backward()
                optimizer.step()
            assert w.item() != 1.0
        """,
    "convolution": """
        layer = torch.nn.Conv2d(1, 3, 3)
        layer(torch.ones(2, 1, 8, 8)).sum().backward()
        assert layer.weight.grad.shape == (3, 1, 3, 3)
        """,
    "LSTM": """
        layer = torch.nn.LSTM(4, 5, num_layers=2, batch_first=True)
        result, _ = layer(torch.ones(2, 7, 4))
        result.sum().backward()
        assert result.shape == (2, 7, 5)
        """,
    "transformer": """
        layer = torch.nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
        layer(torch.ones(2, 5, 8)).sum().backward()
        layer.eval()
        with torch.no_grad():
            assert layer(torch.ones(2, 5, 8)).shape == (2, 5, 8)
        """,
    "double backward": """
        x = torch.tensor(3.0, requires_grad=True)
        (slope,) = torch.autograd.grad(x**3, x, create_graph=True)
        slope.backward()
        assert x.grad.item() == 18.0
        """,
    "a function of one's own": """
        class Double(torch.autograd.Function):
            @staticmethod
            def forward(context, x):
                context.save_for_backward(x)
                return 2 * x

            @staticmethod
            def backward(context, slope):
                return 2 * slope

        x = torch.tensor(3.0, requires_grad=True)
        Double.apply(x).backward()
        assert x.grad.item() == 2.0
        """,
    "a loader without workers": """
        from torch.utils.data import DataLoader, TensorDataset

        loader = DataLoader(TensorDataset(torch.arange(10.0)), batch_size=4, shuffle=True)
        assert sorted(len(batch) for (batch,) in loader) == [2, 4, 4]
        """,
    "numpy": """
        import numpy as np

        assert np.linalg.inv(np.eye(3) * 2)[0, 0] == 0.5
        assert torch.from_numpy(np.ones(3)).sum().numpy() == 3
        assert len(np.random.default_rng(0).normal(size=5)) == 5
        """,
    "save and load": """
        model = torch.nn.Linear(2, 1)
        torch.save(model.state_dict(), "model.pt")
        other = torch.nn.Linear(2, 1)
        other.load_state_dict(torch.load("model.pt"))
        assert torch.equal(other.weight, model.weight)
        np.save("array.npy", np.ones(4))
        assert np.load("array.npy").sum() == 4
        """,
}


@pytest.mark.parametrize("what", TORCH)
def test_torch_works_in_the_box(torch_box: ForkBox, what: str) -> None:
    source = "import numpy as np\nimport torch\n" + textwrap.dedent(TORCH[what]) + "\nprint('done')\n"
    run = torch_box.run(script(source))
    assert run.ran is not None, (run, run.stderr)
    assert run.ran.raised is None
    assert run.stdout == "done\n"


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (
            "torch.compile(lambda x: x * 2)(torch.ones(2))",
            "torch.compile needs a compiler, which the box does not have; leave it out",
        ),
        ("torch.nn.Linear(1, 1).compile()", "torch.compile needs a compiler"),
        (
            "for batch in torch.utils.data.DataLoader([1.0, 2.0, 3.0], num_workers=2): pass",
            "the box has no other processes; write num_workers=0",
        ),
    ],
)
def test_what_the_box_does_not_have_is_said_at_once(torch_box: ForkBox, source: str, why: str) -> None:
    run = torch_box.run(script(f"import torch\nimport torch.utils.data\n{source}"))
    assert run.ran is not None
    assert run.ran.raised is not None
    assert run.ran.raised.type_name == "RuntimeError"
    assert why in run.ran.raised.message
    # At once: nothing was compiled and nobody was waited for, whatever else this machine is doing.
    assert run.usage.cpu < 3


# --- Nothing is left over ---

MIXED = [
    "print('hello')",
    "raise ValueError('no')",
    "import os; os._exit(3)",
    "import ctypes; ctypes.string_at(0)",
    "import os; os.abort()",
    "import os; os.closerange(0, 100)",
    "import os; os.write(3, b'x' * 1000)",
    "open('file.txt', 'w').write('x' * 100000)",
    "import threading, time; threading.Thread(target=time.sleep, args=(9,), daemon=True).start()",
    "import os; os.fork()",
]


def held() -> dict[str, object]:
    return {
        "descriptors": len(list(Path("/proc/self/fd").iterdir())),
        "processes": len(descendants()),
        "threads": threading.active_count(),
        "mounts": Path("/proc/self/mountinfo").read_text().count("\n"),
        "folders": sorted(path.name for path in Path(tempfile.gettempdir()).iterdir()),
        "in the box": fork_server_holds(),
    }


def held_at_rest() -> dict[str, object]:
    """Return what is held when nothing is on its way out any more: the last child was killed, not waited for."""
    until = time.monotonic() + 10
    seen = held()
    while time.monotonic() < until:
        time.sleep(0.3)
        seen, earlier = held(), seen
        if seen == earlier:
            return seen
    raise AssertionError(f"it never comes to rest: {seen}")


def fork_server_holds() -> list[int]:
    return sorted(len(list(Path(f"/proc/{fork_server.pid}/fd").iterdir())) for fork_server in fork_servers())


@pytest.mark.parametrize("level", [levels.plain, levels.reduced, levels.full])
def test_a_host_that_was_started_without_news_of_its_children_judges_like_any_other(
    level: Callable[[], levels.Level],
) -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        box = ForkBox(level=level())
        runs = [box.run(script("print('hello')")) for _ in range(3)]
        box.close()
    finally:
        signal.signal(signal.SIGCHLD, before)
    assert [(run.status, run.stdout) for run in runs] == [(RunStatus.COMPLETED, "hello\n")] * 3


def test_two_hundred_runs_leave_nothing(box: ForkBox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for source in MIXED:
        assert box.run(script(source, wall=2)).status is not RunStatus.SANDBOX_FAILED
    before = held_at_rest()
    for i in range(200):
        box.run(script("while True: pass", wall=0.05) if i % 20 == 19 else script(MIXED[i % len(MIXED)], wall=2))
    assert held_at_rest() == before
    assert box.run(script("print('hello')")).stdout == "hello\n"
