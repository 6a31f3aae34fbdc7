"""A warm box is lent to another command of the same user, as a copy, and to nobody else."""

from __future__ import annotations

import json
import os
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from processes import settled

from grader.core.run.observation import RunStatus, Usage
from grader.sandbox.choose import BestBox, try_level
from grader.sandbox.linux.fork import ForkBox
from grader.sandbox.linux.fork_server import ForkServer
from grader.sandbox.linux.lending import Lender, borrowed, fits, wanted
from grader.sandbox.linux.levels import PLAIN
from grader.sandbox.probe import asking

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has fork servers")
ASKED = {"isolation": "full"}


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    # pytest's own names are too long for the path of a socket.
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


class Lending:
    """Says who asked for what, and speaks to whoever gets the control."""

    def __init__(self, lends: bool = True) -> None:
        self.lends = lends
        self.asked: list[tuple[Mapping[str, Any], Sequence[int]]] = []

    def __call__(self, asked: Mapping[str, Any], cores: Sequence[int], control: socket.socket) -> bool:
        self.asked.append((asked, cores))
        control.send(b"hello")
        return self.lends


@pytest.fixture
def lend(tmp_path: Path) -> Iterator[Callable[[Lending], Lender]]:
    lenders: list[Lender] = []

    def begin(lending: Lending) -> Lender:
        lenders.append(Lender(tmp_path, lending))
        return lenders[-1]

    yield begin
    for each in lenders:
        each.close()


def sockets(runtime: Path) -> list[Path]:
    return list(runtime.rglob("*.sock"))


def test_who_asks_gets_a_control_of_his_own(tmp_path: Path, lend: Callable[[Lending], Lender]) -> None:
    lending = Lending()
    lend(lending)
    control = borrowed(tmp_path, ASKED)
    assert control is not None
    with control:
        assert control.recv(100) == b"hello"
    assert lending.asked == [(ASKED, sorted(os.sched_getaffinity(0)))]


def test_nothing_is_lent_where_nobody_lends_or_what_is_lent_does_not_fit(
    tmp_path: Path, lend: Callable[[Lending], Lender]
) -> None:
    assert borrowed(tmp_path, ASKED) is None
    lend(Lending(lends=False))
    assert borrowed(tmp_path, ASKED) is None


def test_another_course_has_another_lender(tmp_path: Path, lend: Callable[[Lending], Lender]) -> None:
    lend(Lending())
    assert borrowed(tmp_path / "other", ASKED) is None


def test_nothing_is_left_when_it_ends(tmp_path: Path, runtime: Path, lend: Callable[[Lending], Lender]) -> None:
    lender = lend(Lending())
    assert len(sockets(runtime)) == 1
    lender.close()
    assert sockets(runtime) == [] and borrowed(tmp_path, ASKED) is None


def test_a_socket_that_was_left_behind_is_in_nobodys_way(
    tmp_path: Path, runtime: Path, lend: Callable[[Lending], Lender]
) -> None:
    lend(Lending()).close()
    place = runtime / "course-grader"
    lender = lend(Lending())
    (path,) = sockets(runtime)
    lender.close()
    left = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    left.bind(str(path))
    left.close()
    assert sockets(place) == [path] and borrowed(tmp_path, ASKED) is None
    lend(Lending())
    control = borrowed(tmp_path, ASKED)
    assert control is not None
    control.close()


def test_a_second_lender_leaves_the_first_alone(
    tmp_path: Path, runtime: Path, lend: Callable[[Lending], Lender]
) -> None:
    first = Lending()
    lend(first)
    lend(Lending(lends=False)).close()
    control = borrowed(tmp_path, ASKED)
    assert control is not None and len(first.asked) == 1 and len(sockets(runtime)) == 1
    control.close()


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o707])
def test_nothing_is_lent_in_a_folder_that_others_can_open(
    tmp_path: Path, runtime: Path, lend: Callable[[Lending], Lender], mode: int
) -> None:
    runtime.chmod(mode)
    lend(Lending())
    assert sockets(runtime) == [] and borrowed(tmp_path, ASKED) is None


def test_nothing_is_lent_to_another_user(
    tmp_path: Path, lend: Callable[[Lending], Lender], monkeypatch: pytest.MonkeyPatch
) -> None:
    lending = Lending()
    lend(lending)
    own = os.geteuid()
    # The kernel still says who asks; only whom the lender takes for itself is another.
    monkeypatch.setattr("grader.sandbox.linux.lending._is_own", lambda peer: own == own + 1)
    assert borrowed(tmp_path, ASKED) is None and lending.asked == []


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\xff",
        b"[]",
        b"7",
        b'{"wanted": {}}',
        b'{"cores": [0]}',
        b'{"wanted": {}, "cores": ["x"]}',
        b'{"wanted": {}, "cores": 3}',
        b"[" * 60_000,
    ],
)
def test_whatever_is_asked_it_goes_on_lending(
    tmp_path: Path, runtime: Path, lend: Callable[[Lending], Lender], message: bytes
) -> None:
    lend(Lending())
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as odd:
        odd.connect(str(sockets(runtime)[0]))
        socket.send_fds(odd, [message], [odd.fileno()])
    control = borrowed(tmp_path, ASKED)
    assert control is not None
    control.close()


class TestFitting:
    OWN = wanted(PLAIN, ["torch", "warm"])

    def test_what_has_imported_more_fits(self) -> None:
        assert fits(self.OWN, wanted(PLAIN, ["torch"])) and not fits(self.OWN, wanted(PLAIN, ["numpy"]))

    @pytest.mark.parametrize("name", ["code", "isolation", "jail", "lock", "environment"])
    def test_what_is_other_in_anything_else_does_not(self, name: str) -> None:
        asked = wanted(PLAIN, ["torch"])
        assert not fits(self.OWN, {**asked, name: ["other"]})
        assert not fits(self.OWN, {key: value for key, value in asked.items() if key != name})

    def test_what_is_no_description_does_not(self) -> None:
        assert not any(fits(self.OWN, asked) for asked in ({}, {"preload": 3}, {"preload": []}))

    def test_it_can_be_sent(self) -> None:
        assert fits(self.OWN, json.loads(json.dumps(self.OWN)))


class TestBoxes:
    @pytest.fixture(autouse=True)
    def _full(self) -> None:
        if not (trial := try_level("full")).holds:
            pytest.skip(trial.why)

    @pytest.fixture
    def started(self, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
        """Return what counts the fork servers that begin from nothing."""
        count: list[bool] = []
        start = ForkServer.started
        monkeypatch.setattr(ForkServer, "started", lambda *given: count.append(True) or start(*given))
        return count

    def test_a_borrowed_box_runs_what_its_own_would_and_ends_with_who_borrowed_it(
        self, tmp_path: Path, started: list[bool]
    ) -> None:
        box = BestBox((), ("full",), lends=True)
        assert box.run(asking(())).status is RunStatus.COMPLETED
        alone = len(settled())
        lender = Lender(tmp_path, box.lend)
        before = len(started)
        borrower = BestBox((), ("full",), tmp_path)
        try:
            assert borrower.isolation == "full"
            theirs, own = borrower.run(asking(())), box.run(asking(()))
            assert replace(theirs, usage=Usage()) == replace(own, usage=Usage())
            assert len(started) == before
        finally:
            borrower.close()
            lender.close()
        assert box.run(asking(())).status is RunStatus.COMPLETED
        assert len(settled()) == alone
        box.close()

    def test_where_the_lender_ends_the_borrower_goes_on_in_a_box_of_its_own(
        self, tmp_path: Path, started: list[bool]
    ) -> None:
        box = BestBox((), ("full",), lends=True)
        box.run(asking(()))
        lender = Lender(tmp_path, box.lend)
        borrower = BestBox((), ("full",), tmp_path)
        try:
            assert borrower.isolation == "full"
            lender.close()
            box.close()
            before = len(started)
            assert borrower.run(asking(())).status is RunStatus.COMPLETED
            assert len(started) == before + 1
        finally:
            borrower.close()

    def test_a_box_whose_files_have_changed_since_it_started_is_not_lent(self, monkeypatch: pytest.MonkeyPatch) -> None:
        box = ForkBox(lends=True)
        box.start()
        monkeypatch.setattr("grader.sandbox.linux.lending._code", lambda: ["newer"])
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours, theirs:
            assert not box.lend(wanted(PLAIN, []), [0], theirs)
        box.close()

    def test_a_box_that_is_not_to_be_lent_spends_no_time_on_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[object] = []
        monkeypatch.setattr("grader.sandbox.linux.fork.wanted", lambda *like: asked.append(like))
        box = ForkBox()
        box.start()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours, theirs:
            assert not box.lend(wanted(PLAIN, []), [0], theirs)
        box.close()
        assert not asked

    def test_a_box_that_is_closed_lends_nothing(self, tmp_path: Path) -> None:
        box = ForkBox(lends=True)
        box.start()
        box.close()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours, theirs:
            assert not box.lend(wanted(PLAIN, []), [0], theirs)
