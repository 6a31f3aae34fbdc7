"""Programs of several files: each finds its own, and looks at nothing else."""

from __future__ import annotations

import base64
import importlib
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox.inside import files
from grader.sandbox.inside.files import put_files
from grader.sandbox.inside.several import OwnModules


class Untouched(types.ModuleType):
    """A module that nobody may look at: each look in a child copies the page of memory that holds it."""

    def __getattribute__(self, name: str) -> object:
        raise AssertionError(f"looked for {name}")


def test_a_program_finds_its_own_files_and_none_of_the_program_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    monkeypatch.setitem(sys.modules, "untouched", Untouched("untouched"))
    OwnModules({"layers": "size = 3", "others": ""}, "first.py").offer()
    assert importlib.import_module("layers").size == 3
    OwnModules({"layers": "size = 4"}, "second.py").offer()
    assert importlib.import_module("layers").size == 4
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("others")
    OwnModules({}, "third.py").offer()
    assert "layers" not in sys.modules


class Unwalked(dict[str, types.ModuleType]):
    """Modules that nobody may go through."""

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("went through all modules")


def test_the_first_program_of_a_child_finds_given_files_and_nobody_goes_through_its_modules(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(files, "_FOLDERS", set())
    monkeypatch.setattr(sys, "path", [*sys.path])
    with monkeypatch.context() as unwalked:
        unwalked.setattr(sys, "modules", Unwalked(sys.modules))
        put_files({"scratch": str(tmp_path), "given_files": [["given_sizes.py", base64.b64encode(b"size = 3")]]})
    assert importlib.import_module("given_sizes").size == 3
    monkeypatch.delitem(sys.modules, "given_sizes")


def test_a_file_named_as_a_module_that_was_there_leaves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    OwnModules({"json": "size = 3"}, "first.py").offer()
    OwnModules({}, "second.py").offer()
    assert "json" in sys.modules
