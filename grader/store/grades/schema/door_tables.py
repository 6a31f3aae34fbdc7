"""The tables of ways in that came later: tokens for programs, and who somebody is to a single sign-on."""

from __future__ import annotations

import sqlalchemy as sa

from grader.store.grades.schema.class_tables import passes, people
from grader.store.grades.schema.columns import Moment, Text
from grader.store.grades.schema.tables import tables

# What there is to know of a pass that is a token: how its holder calls it, and when a program last showed it.
tokens = sa.Table(
    "tokens",
    tables,
    sa.Column("pass", sa.ForeignKey(passes.c.id), primary_key=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("used", Moment),
)
# Once somebody has come in by single sign-on, the provider's own number is who they are, whatever their e-mail says.
identities = sa.Table(
    "identities",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("issuer", Text, nullable=False),
    sa.Column("subject", Text, nullable=False),
    sa.Column("person", sa.ForeignKey(people.c.id), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.UniqueConstraint("issuer", "subject"),
)
DOOR_TABLES = (tokens, identities)
