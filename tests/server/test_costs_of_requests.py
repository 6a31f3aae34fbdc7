"""How often a request asks the database: what everybody does in the same minute must not ask more and more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from served import Served, form_of, hand_in, page_of

from grader.store.grades.looks import one_look


@contextmanager
def asked() -> Iterator[list[str]]:
    """Collect what any database is asked."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("who", "path", "most"),
    [
        ("s001", "/static/live.js", 0),
        ("s001", "/exercises", 12),
        ("s001", "/exercises/4.5", 16),
        ("Nodira", "/class", 14),
    ],
)
def test_a_page_asks_little_and_nothing_for_each_exercise(served: Served, who: str, path: str, most: int) -> None:
    client = served.as_(who)
    hand_in(served.as_("s003"), "4.5", program="x = 1")
    if who == "s001":
        hand_in(client, "4.5", program="x = 1")
    with asked() as found:
        assert client.get(path).status_code == 200
    assert len(found) <= most, found


def test_so_does_a_hand_in(served: Served) -> None:
    client = served.as_("s001")
    # How much there is of everybody is asked once a minute.
    hand_in(served.as_("s003"), "4.5", program="x = 1")
    form = form_of(client, "4.5")
    with asked() as found:
        page_of(hand_in(client, "4.5", program="x = 1", form=form))
    assert len(found) <= 13, found


def decisions(served: Served) -> tuple[Callable[[], object], ...]:
    book = served.service.book
    return book.forgotten, book.withdrawn, book.overrides, book.extensions, served.service.rules.all, book.standing


def test_within_one_look_nothing_is_asked_twice_until_something_is_written(served: Served) -> None:
    with one_look():
        for each in decisions(served):
            each()
        with asked() as found:
            for each in decisions(served):
                each()
        assert found == []
        assert served.service.book.forgotten() == frozenset()
        served.service.book.forget(["s001"], True, "left", "Nodira", datetime.now(UTC))
        assert served.service.book.forgotten() == {"s001"}


def test_outside_of_one_everything_is_asked_each_time(served: Served) -> None:
    with asked() as found:
        served.service.book.forgotten()
        served.service.book.forgotten()
    assert len(found) == 2
