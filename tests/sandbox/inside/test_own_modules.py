"""Programs of several files: each finds its own, and looks at nothing else."""

from __future__ import annotations

import importlib
import sys
import types

import pytest

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


def test_a_file_named_as_a_module_that_was_there_leaves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    OwnModules({"json": "size = 3"}, "first.py").offer()
    OwnModules({}, "second.py").offer()
    assert "json" in sys.modules
