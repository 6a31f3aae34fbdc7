"""Tokens of programs: shown once, kept as hashes, ended for good. In SQLite and in PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest
from test_people import everything, people  # noqa: F401 - a fixture

from grader.core.people.person import Role
from grader.store.grades.gradebook import Gradebook
from grader.store.grades.people.people import People
from grader.store.grades.people.tokens import MOST_TOKENS, Tokens, TooManyTokens

DAY = timedelta(days=1)


@pytest.fixture
def tokens(book: Gradebook, people: People) -> Tokens:  # noqa: F811
    return Tokens(book.database)


def test_one_is_its_holders_is_kept_as_a_hash_and_says_when_it_was_used(book: Gradebook, tokens: Tokens) -> None:
    secret = tokens.make(1, "laptop", DAY)
    (before,) = tokens.of(1)
    found = tokens.whose(secret)
    assert found is not None and found[0].student == "s001" and found[1] == before and before.used is None
    (after,) = tokens.of(1)
    assert after.used == found[2] and (after.name, after.expires - after.made) == ("laptop", DAY)
    assert secret not in everything(book) and tokens.of(2) == []
    tokens.whose(secret)
    assert tokens.of(1) == [after]


def test_one_that_was_revoked_or_has_expired_is_nobodys(tokens: Tokens) -> None:
    ended, expired = tokens.make(1, "a", DAY), tokens.make(1, "b", timedelta())
    (left,) = tokens.of(1)
    assert not tokens.revoke(2, left.id) and tokens.revoke(1, left.id) and not tokens.revoke(1, left.id)
    assert tokens.whose(ended) is None and tokens.whose(expired) is None and tokens.of(1) == []


def test_a_new_link_and_another_role_end_them(tokens: Tokens, people: People) -> None:  # noqa: F811
    for end in (lambda: people.new_link(1, None), lambda: people.set_role(1, Role.ASSISTANT, 2)):
        secret = tokens.make(1, "a", DAY)
        end()
        assert tokens.whose(secret) is None


def test_a_token_is_no_link_and_no_session_and_these_are_no_tokens(tokens: Tokens, people: People) -> None:  # noqa: F811
    link = people.new_link(1, None)
    session = people.enter(people.new_link(2, None))
    secret = tokens.make(1, "a", DAY)
    assert people.whose(secret) is None and people.enter(secret) is None
    assert tokens.whose(link) is None and tokens.whose(session or "") is None and tokens.whose("") is None


def test_nobody_has_more_than_they_can_watch_over(tokens: Tokens) -> None:
    for _ in range(MOST_TOKENS):
        tokens.make(1, "a", DAY)
    with pytest.raises(TooManyTokens):
        tokens.make(1, "a", DAY)
    assert tokens.revoke(1, tokens.of(1)[0].id) and tokens.make(1, "a", DAY) and tokens.make(2, "a", DAY)


def test_that_they_were_made_and_revoked_is_written_down(tokens: Tokens, people: People) -> None:  # noqa: F811
    tokens.make(1, "laptop", DAY)
    (one,) = tokens.of(1)
    tokens.revoke(1, one.id)
    told = [(who and who.student, did, about) for _, who, did, about in people.audit(2)]
    assert told == [("s001", "revoke", {"token": one.id}), ("s001", "token", {"token": one.id, "name": "laptop"})]
