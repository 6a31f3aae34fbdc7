"""The child's end of the wire: JSON frames in, JSON frames with a safetensors block out."""

from __future__ import annotations

import json
import os
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

_HEAD = struct.Struct(">II")


class HostGone(Exception):
    """The host closed its end: there is nobody to work for."""


class Channel:
    """Two descriptors: `source` brings jobs and probes, `sink` takes observations."""

    def __init__(self, source: int, sink: int) -> None:
        self._source = source
        self._sink = sink

    def receive(self) -> dict[str, Any]:
        """Return the next frame.

        Raises:
            HostGone: at the end of the stream.
        """
        (length,) = struct.unpack(">I", self._exactly(4))
        frame: dict[str, Any] = json.loads(self._exactly(length))
        return frame

    def send(self, header: dict[str, Any], blocks: list[NDArray[np.float64]] | None = None) -> None:
        """Send `header`; the arrays are named by their place in `blocks`."""
        data = memoryview(encoded(header, blocks))
        while data:
            data = data[os.write(self._sink, data) :]

    def _exactly(self, count: int) -> bytes:
        parts = []
        while count:
            part = os.read(self._source, min(count, 1 << 20))
            if not part:
                raise HostGone
            parts.append(part)
            count -= len(part)
        return b"".join(parts)


def encoded(header: dict[str, Any], blocks: list[NDArray[np.float64]] | None = None) -> bytes:
    """Return one frame to the host: two lengths, the header, and the arrays as safetensors."""
    body = json.dumps(header, allow_nan=False).encode()
    block = save({str(i): np.asarray(array, order="C") for i, array in enumerate(blocks)}) if blocks else b""
    return _HEAD.pack(len(body), len(block)) + body + block
