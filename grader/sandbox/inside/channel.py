"""The child's end of the wire: JSON frames in, JSON frames with a safetensors block out."""

from __future__ import annotations

import json
import os
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

Blocks = list[NDArray[np.float64]]

_HEAD = struct.Struct(">II")
_LENGTH = struct.Struct(">I")
_CHUNK = 1 << 16


class HostGone(Exception):
    """The host closed its end: there is nobody to work for."""


class Channel:
    """Two descriptors: `source` brings jobs and probes, `sink` takes observations."""

    def __init__(self, source: int, sink: int) -> None:
        self._source = source
        self._sink = sink
        self._read = b""

    def receive(self) -> dict[str, Any]:
        """Return the next frame.

        Raises:
            HostGone: at the end of the stream.
        """
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size))
        frame: dict[str, Any] = json.loads(self._exactly(length))
        return frame

    def send(self, header: dict[str, Any], blocks: Blocks | None = None) -> None:
        """Send `header`; the arrays are named by their place in `blocks`."""
        data = memoryview(encoded(header, blocks))
        while data:
            data = data[os.write(self._sink, data) :]

    def _exactly(self, count: int) -> bytes:
        parts = [self._read]
        missing = count - len(self._read)
        while missing > 0:
            part = os.read(self._source, max(missing, _CHUNK))
            if not part:
                raise HostGone
            parts.append(part)
            missing -= len(part)
        data = b"".join(parts)
        self._read = data[count:]
        return data[:count]


def encoded(header: dict[str, Any], blocks: Blocks | None = None) -> bytes:
    """Return one frame to the host: two lengths, the header, and the arrays as safetensors."""
    body = json.dumps(header, allow_nan=False).encode()
    block = save({str(i): np.asarray(array, order="C") for i, array in enumerate(blocks)}) if blocks else b""
    return _HEAD.pack(len(body), len(block)) + body + block
