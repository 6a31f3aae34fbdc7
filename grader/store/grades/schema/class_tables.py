"""The tables of a class that hands in at the server: people, what they hand in, and what waits to be judged."""

from __future__ import annotations

import sqlalchemy as sa

from grader.store.grades.schema.columns import Facts, Moment, Text
from grader.store.grades.schema.tables import results, submissions, tables

# Who a student is on the roster: `student` is the id there; a teacher or an assistant has none.
people = sa.Table(
    "people",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("student", Text, unique=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("email", Text, nullable=False),
    sa.Column("role", Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
)
# Links and sessions alike: whoever shows the secret whose hash this is, is that person until then.
passes = sa.Table(
    "passes",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", Text, nullable=False),
    sa.Column("person", sa.ForeignKey(people.c.id), nullable=False),
    sa.Column("sha256", Text, nullable=False, unique=True),
    sa.Column("made", Moment, nullable=False),
    sa.Column("expires", Moment, nullable=False),
    sa.Column("ended", Moment),
)
audit = sa.Table(
    "audit",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("person", sa.ForeignKey(people.c.id)),
    sa.Column("did", Text, nullable=False),
    sa.Column("about", Facts, nullable=False),
)
contents = sa.Table(
    "contents",
    tables,
    sa.Column("sha256", Text, primary_key=True),
    sa.Column("bytes", sa.LargeBinary, nullable=False),
)
# What there is to know of a submission that was handed in at the server: its bytes are in `contents`. `name` is how
# addresses call it; `form` is the form that it was sent with, and what was sent: sent twice, it is one.
hand_ins = sa.Table(
    "hand_ins",
    tables,
    sa.Column("submission", sa.ForeignKey(submissions.c.id), primary_key=True),
    sa.Column("name", Text, nullable=False, unique=True),
    sa.Column("form", Text, nullable=False, unique=True),
    sa.Column("person", sa.ForeignKey(people.c.id), nullable=False),
    sa.Column("content", sa.ForeignKey(contents.c.sha256), nullable=False),
    sa.Column("suffix", Text, nullable=False),
    sa.Column("filename", Text, nullable=False),
    sa.Column("source", Text, nullable=False),
    sa.Index("hand_ins_of_a_person", "person"),
)
# What is to be seen of a result beside its report: curves, and the graph of stated values.
evidence = sa.Table(
    "evidence",
    tables,
    sa.Column("result", sa.ForeignKey(results.c.id), primary_key=True),
    sa.Column("kept", Facts, nullable=False),
)
# What a grader found of an exercise when it began; the last one is the version by which submissions are judged.
exercise_versions = sa.Table(
    "exercise_versions",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("exercise", Text, nullable=False),
    sa.Column("judging", Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
)
# Who judges a submission now, and until when, unless that is made longer. Rows go when it is judged.
leases = sa.Table(
    "leases",
    tables,
    sa.Column("submission", sa.ForeignKey(submissions.c.id), primary_key=True),
    sa.Column("grader", Text, nullable=False),
    sa.Column("until", Moment, nullable=False),
)
hints = sa.Table(
    "hints",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("submission", sa.ForeignKey(submissions.c.id), nullable=False),
    sa.Column("step", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.UniqueConstraint("submission", "step"),
)
CLASS_TABLES = (
    *(people, passes, audit, contents, hand_ins),
    *(evidence, exercise_versions, leases, hints),
)
