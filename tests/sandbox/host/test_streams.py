"""What a child sends is taken frame by frame, whatever the pieces that it comes in."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.run.observation import Stop
from grader.sandbox.host.conversation import Stopped, Streams
from grader.sandbox.wire.frames import HEAD, MOST_BLOCK


def _frame(header: int, block: int) -> bytes:
    return HEAD.pack(header, block) + bytes(range(256)) * ((header + block) // 256) + b"x" * ((header + block) % 256)


class _Child:
    """A child that is nothing but the other ends of three sockets."""

    def __init__(self) -> None:
        pairs = [socket.socketpair() for _ in range(3)]
        self.ends = [theirs for _, theirs in pairs]
        frames, out, err = (ours for ours, _ in pairs)
        self.streams = Streams(frames, out, err, most_output=1000, watch=lambda: None)

    def close(self) -> None:
        self.streams.close()
        for each in self.ends:
            each.close()


@pytest.fixture
def child() -> Iterator[_Child]:
    each = _Child()
    yield each
    each.close()


def _sending(child: _Child, data: bytes, piece: int) -> threading.Thread:
    def send() -> None:
        for start in range(0, len(data), piece):
            child.ends[0].sendall(data[start : start + piece])
        child.ends[0].shutdown(socket.SHUT_WR)

    thread = threading.Thread(target=send)
    thread.start()
    return thread


@settings(max_examples=15, deadline=None)
@given(
    sizes=st.lists(st.sampled_from([0, 1, 100, 200_000, 262_144, 300_000, 1_500_000]), min_size=1, max_size=4),
    piece=st.sampled_from([50_000, 262_144, 5_000_000]),
)
def test_frames_of_any_size_come_whole_and_in_order(sizes: list[int], piece: int) -> None:
    child = _Child()
    frames = [_frame(header=10, block=size) for size in sizes]
    sender = _sending(child, b"".join(frames), piece)
    try:
        assert [bytes(child.streams.receive()) for _ in frames] == frames
    finally:
        sender.join()
        child.close()


def test_a_large_frame_that_is_cut_short_is_a_child_that_is_gone(child: _Child) -> None:
    sender = _sending(child, _frame(header=10, block=1_000_000)[:-1], piece=1_000_000)
    with pytest.raises(Stopped) as stopped:
        child.streams.receive()
    sender.join()
    assert stopped.value.stop is Stop.EXIT


def test_a_frame_larger_than_any_honest_one_is_refused_by_its_lengths(child: _Child) -> None:
    child.ends[0].sendall(HEAD.pack(10, MOST_BLOCK + 1))
    with pytest.raises(Stopped) as stopped:
        child.streams.receive()
    assert stopped.value.stop is Stop.WIRE
