"""The gradebook's tables."""

from __future__ import annotations

import sqlalchemy as sa

from grader.store.grades.schema.columns import Facts, Moment, Points, Text

tables = sa.MetaData()
about = sa.Table(
    "gradebook_about", tables, sa.Column("key", Text, primary_key=True), sa.Column("value", Text, nullable=False)
)
submissions = sa.Table(
    "submissions",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("student", Text, nullable=False),
    sa.Column("exercise", Text, nullable=False),
    sa.Column("submitted", Moment, nullable=False),
    sa.Column("sha256", Text, nullable=False),
    sa.Column("path", Text, nullable=False),
    sa.UniqueConstraint("student", "exercise", "submitted", "sha256"),
)
results = sa.Table(
    "results",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", Text, nullable=False),
    sa.Column("exercise", Text, nullable=False),
    sa.Column("void", sa.Boolean, nullable=False),
    sa.Column("score", Points),
    sa.Column("max_score", Points, nullable=False),
    sa.Column("report", Text, nullable=False),
    sa.Column("rests_on", Facts, nullable=False),
    sa.Column("judged", Moment, nullable=False),
)
# What could not be judged is tried again, so only results that stand are unique.
stands = sa.not_(results.c.void)
sa.Index("one_result_for_a_key", results.c.key, unique=True, sqlite_where=stands, postgresql_where=stands)
gradings = sa.Table(
    "gradings",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("submission", sa.ForeignKey(submissions.c.id), nullable=False),
    sa.Column("result", sa.ForeignKey(results.c.id), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("gradings_of_a_submission", "submission"),
)
# When a submission was handed in, by whoever says so; the most trustworthy time counts, of these the first.
# Submissions from before have none here: their own time counts as it did.
times = sa.Table(
    "times",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("submission", sa.ForeignKey(submissions.c.id), nullable=False),
    sa.Column("submitted", Moment, nullable=False),
    sa.Column("trust", sa.Integer, nullable=False),
    sa.UniqueConstraint("submission", "submitted", "trust"),
)
waivers = sa.Table(
    "waivers",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("student", Text, nullable=False),
    sa.Column("exercise", Text, nullable=False),
    sa.Column("waives", sa.Boolean, nullable=False),
    sa.Column("reason", Text, nullable=False),
    sa.Column("by", Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
)
# Bytes that are not a student's work though they are recorded so, with the reason; a later row may bring them back.
withdrawals = sa.Table(
    "withdrawals",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("student", Text, nullable=False),
    sa.Column("exercise", Text, nullable=False),
    sa.Column("sha256", Text, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Column("reason", Text, nullable=False),
    sa.Column("by", Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
)
# Students who are not shown any more, with the reason; a later row may bring them back.
departures = sa.Table(
    "departures",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("student", Text, nullable=False),
    sa.Column("left", sa.Boolean, nullable=False),
    sa.Column("reason", Text, nullable=False),
    sa.Column("by", Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
)
overrides = sa.Table(
    "overrides",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("student", Text, nullable=False),
    sa.Column("exercise", Text, nullable=False),
    sa.Column("score", Points),
    sa.Column("reason", Text, nullable=False),
    sa.Column("by", Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
)
