"""What a program asked for and did not get: one sentence each, and no advice that is untrue."""

from __future__ import annotations

import pytest

from grader.core.findings.telling import told
from grader.core.judge.explain import raised_finding
from grader.core.program.source import Source
from grader.core.run.observation import Raised

SOURCE = Source("import x\n", "w.py")
FROM_TORCH = "cannot import name 'gradient_descent' from 'torch'"


def said(type_name: str, words: str, lack: str = "") -> str:
    return told(raised_finding(Raised(type_name, words, 1, lack=lack), SOURCE)).said(str)


@pytest.mark.parametrize(
    ("lack", "part"),
    [
        ("gpu", 'write device = "cuda" if torch.cuda.is_available() else "cpu"'),
        ("network", "there is no network"),
        ("files", "No other files than those of the exercise lie beside"),
        ("processes", "without multiprocessing, subprocess or fork"),
        ("workers", "write num_workers=0"),
        ("compiler", "torch.compile needs a compiler"),
        ("screen", "there are no windows"),
        ("debugger", "take out breakpoint()"),
        ("input", "the program waits for input()"),
    ],
)
def test_each_thing_that_is_not_there_has_its_sentence(lack: str, part: str) -> None:
    assert part.lower() in said("RuntimeError", "whatever it says", lack).lower()


def test_a_package_that_is_not_there_is_named_with_the_command_that_lists_those_that_are() -> None:
    words = said("ModuleNotFoundError", "No module named 'tqdm'")
    assert "there is no package tqdm" in words and "course doctor" in words


@pytest.mark.parametrize(
    "words", ["No module named 'torch.nm'", "No module named 'torch.nm'; 'torch' is not a package"]
)
def test_a_part_that_a_package_lacks_is_no_missing_package(words: str) -> None:
    assert "the module torch.nm does not exist" in said("ModuleNotFoundError", words)


@pytest.mark.parametrize(
    "words", [FROM_TORCH, f"{FROM_TORCH} (unknown location)", FROM_TORCH.replace("'torch'", "'torch' (/x.py)")]
)
def test_a_name_that_a_module_lacks_is_told_as_that_without_a_path(words: str) -> None:
    found = said("ImportError", words)
    assert "torch has no gradient_descent" in found and "/x.py" not in found


@pytest.mark.parametrize(
    "words",
    ["attempted relative import with no known parent package", "attempted relative import beyond top-level package"],
)
def test_a_relative_import_is_told_that_only_this_file_is_there(words: str) -> None:
    assert "only this one file is graded" in said("ImportError", words)


@pytest.mark.parametrize("module", ["tkinter", "_tkinter", "PyQt5", "turtle"])
def test_a_window_toolkit_is_told_that_there_are_no_windows(module: str) -> None:
    assert "there are no windows" in said("ModuleNotFoundError", f"No module named '{module}'")


def test_a_package_that_the_course_does_not_use_is_named_with_those_that_it_does() -> None:
    found = said("ModuleNotFoundError", "pandas is not among numpy, torch, tqdm")
    assert "does not use the package pandas. Programs may import numpy, torch, tqdm" in found


def test_an_end_of_another_file_is_not_taken_for_input() -> None:
    assert said("EOFError", "Ran out of input").startswith("w.py:1: EOFError: Ran out of input")


def test_a_word_that_the_grader_does_not_know_changes_nothing() -> None:
    assert said("ValueError", "x", "nonsense").startswith("w.py:1: ValueError: x")
