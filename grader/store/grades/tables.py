"""The gradebook's tables."""

from __future__ import annotations

import sqlalchemy as sa


class _Text(sa.types.TypeDecorator[str]):
    """Text as every database takes it: none takes halves of characters, PostgreSQL no null bytes."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: sa.Dialect) -> str | None:
        return None if value is None else value.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode()


tables = sa.MetaData()
about = sa.Table(
    "gradebook_about", tables, sa.Column("key", _Text, primary_key=True), sa.Column("value", _Text, nullable=False)
)
submissions = sa.Table(
    "submissions",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("student", _Text, nullable=False),
    sa.Column("exercise", _Text, nullable=False),
    sa.Column("submitted", _Text, nullable=False),
    sa.Column("sha256", _Text, nullable=False),
    sa.Column("path", _Text, nullable=False),
    sa.UniqueConstraint("student", "exercise", "submitted", "sha256"),
)
results = sa.Table(
    "results",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", _Text, nullable=False),
    sa.Column("exercise", _Text, nullable=False),
    sa.Column("void", sa.Boolean, nullable=False),
    sa.Column("score", sa.Float),
    sa.Column("max_score", sa.Float, nullable=False),
    sa.Column("report", _Text, nullable=False),
    sa.Column("rests_on", _Text, nullable=False),
    sa.Column("judged", _Text, nullable=False),
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
    sa.Column("at", _Text, nullable=False),
    sa.Index("gradings_of_a_submission", "submission"),
)
overrides = sa.Table(
    "overrides",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("student", _Text, nullable=False),
    sa.Column("exercise", _Text, nullable=False),
    sa.Column("score", sa.Float),
    sa.Column("reason", _Text, nullable=False),
    sa.Column("by", _Text, nullable=False),
    sa.Column("at", _Text, nullable=False),
)
