"""Archives that we write."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from grader.store.machine.zips import zipped

FILES = {"b.txt": "gʻ".encode(), "run": b"#!/bin/sh\n"}


def test_the_same_files_are_the_same_bytes_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    first = zipped(FILES)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert zipped(FILES) == first


def test_files_are_held_in_their_order_and_whole() -> None:
    with zipfile.ZipFile(io.BytesIO(zipped(FILES))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == FILES
        assert archive.namelist() == [*FILES]


def test_only_programs_can_be_run() -> None:
    with zipfile.ZipFile(io.BytesIO(zipped(FILES, executable=["run"]))) as archive:
        assert {each.filename: oct(each.external_attr >> 16 & 0o777) for each in archive.infolist()} == {
            "b.txt": "0o644",
            "run": "0o755",
        }
