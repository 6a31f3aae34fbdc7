"""A database of each kind that a gradebook may be in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from postgres import Postgres, running_postgres

from grader.store.grades.gradebook import Gradebook


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a database in which there is nothing yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/gradebook.db"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_address()


@pytest.fixture
def book(url: str) -> Iterator[Gradebook]:
    with closing(Gradebook(url)) as book:
        yield book
