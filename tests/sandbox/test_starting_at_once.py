"""Interpreters that are started at once, where each could inherit what was made for another."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import Any

import pytest

from grader.sandbox.host.child import start_python
from grader.sandbox.portable import spawn

_TOGETHER = 4


@pytest.mark.skipif(sys.platform == "win32", reason="asks the descriptors of this process under their numbers here")
def test_each_inherits_what_is_made_for_it_and_nothing_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    inherited: list[set[int]] = []
    expected: list[set[int]] = []
    started: list[Any] = []
    all_here = threading.Barrier(_TOGETHER)

    def starting(arguments: list[str], keep: list[int], **streams: Any) -> subprocess.Popen[bytes]:
        # Long enough for the others to have made theirs, if anything let them.
        threading.Event().wait(0.2)
        inherited.append({each for each in _inheritable() if each > 2})
        expected.append(set(keep))
        return start_python(arguments, keep, **streams)

    monkeypatch.setattr(spawn, "start_python", starting)
    before = _inheritable()
    box = spawn.SpawnBox([], pipes=True)

    def start() -> None:
        all_here.wait(60)
        started.append(box._start_piped())

    threads = [threading.Thread(target=start) for _ in range(_TOGETHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for interpreter in started:
        interpreter.close()
    assert len(started) == _TOGETHER
    assert [each - before for each in inherited] == expected


def _inheritable() -> set[int]:
    found = set()
    for descriptor in range(1024):
        try:
            if os.get_inheritable(descriptor):
                found.add(descriptor)
        except OSError:
            continue
    return found
