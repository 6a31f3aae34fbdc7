"""Pipes as sockets, for where nothing else can be waited for."""

from __future__ import annotations

import os
import socket
import threading

_CHUNK = 1 << 16


def pumped(source: int, sink: int | None = None) -> socket.socket:
    """Return a socket that stands for the pipe `source` (and `sink`): threads carry the bytes over.

    Pipes are no sockets on Windows, and a selector there takes nothing else.
    """
    ours, theirs = socket.socketpair()
    threading.Thread(target=_pump_in, args=(source, theirs), daemon=True).start()
    if sink is not None:
        threading.Thread(target=_pump_out, args=(theirs, sink), daemon=True).start()
    return ours


def _pump_in(source: int, to: socket.socket) -> None:
    try:
        while data := os.read(source, _CHUNK):
            to.sendall(data)
    except OSError:
        pass
    finally:
        os.close(source)
        _half_close(to)


def _pump_out(of: socket.socket, sink: int) -> None:
    try:
        while data := of.recv(_CHUNK):
            view = memoryview(data)
            while view:
                view = view[os.write(sink, view) :]
    except OSError:
        pass
    finally:
        os.close(sink)


def _half_close(channel: socket.socket) -> None:
    try:
        channel.shutdown(socket.SHUT_WR)
    except OSError:
        pass
