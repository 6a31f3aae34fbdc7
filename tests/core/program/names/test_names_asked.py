"""Which names an author's test asks of a program."""

from __future__ import annotations

import pytest

from grader.core.program.names.names_asked import names_asked

TEXT = """
import submission as program
import submission
from submission import mean, slow as quick

def close(a):
    return a == submission.limit

class TestAll:
    def setUp(self): self.it = program.Account()
    def test_it(self): assert quick() == 1

def numbers():
    return mean([1])

def test_fixture(numbers): assert close(numbers)
def test_nothing(): assert 1
"""


@pytest.mark.parametrize(
    ("test", "names"),
    [
        ("a.py::TestAll::test_it", ("Account", "slow")),
        ("a.py::test_fixture", ("mean", "limit")),
        ("a.py::test_fixture[1]", ("mean", "limit")),
        ("a.py::test_nothing", ()),
        ("a.py::test_other", ()),
        ("b.py::test_fixture", ()),
        ("broken.py::test_it", ()),
    ],
)
def test_they_are_those_that_its_text_uses_or_a_helper_or_a_fixture_of_its_file(
    test: str, names: tuple[str, ...]
) -> None:
    assert sorted(names_asked({"a.py": TEXT, "broken.py": "def ("}, test)) == sorted(names)
