"""The tables of what a teacher says to a class at the server: when feedback is seen, comments, answers, regrades."""

from __future__ import annotations

import sqlalchemy as sa

from grader.store.grades.schema.class_tables import people
from grader.store.grades.schema.columns import Moment, Text
from grader.store.grades.schema.tables import results, submissions, tables

# When grades and feedback of an exercise are seen; the last row counts.
feedback_rules = sa.Table(
    "feedback_rules",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("exercise", Text, nullable=False),
    sa.Column("rule", Text, nullable=False),
    sa.Column("person", sa.ForeignKey(people.c.id), nullable=False),
    sa.Column("at", Moment, nullable=False),
)
# What a student asks about a grade, and what is answered: one answer each. A question without one is open.
grade_questions = sa.Table(
    "grade_questions",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("submission", sa.ForeignKey(submissions.c.id), nullable=False),
    sa.Column("text", Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("grade_questions_of_a_submission", "submission"),
)
grade_answers = sa.Table(
    "grade_answers",
    tables,
    sa.Column("question", sa.ForeignKey(grade_questions.c.id), primary_key=True),
    sa.Column("person", sa.ForeignKey(people.c.id), nullable=False),
    sa.Column("text", Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
)
# What is said to everybody whose work shows a misconception; the last row counts, and one without text takes it back.
cause_comments = sa.Table(
    "cause_comments",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("exercise", Text, nullable=False),
    sa.Column("cause", Text, nullable=False),
    sa.Column("text", Text, nullable=False),
    sa.Column("person", sa.ForeignKey(people.c.id), nullable=False),
    sa.Column("at", Moment, nullable=False),
)
# What is said of a line of one submission, in the same way. `line` is that of the page: 1 is the first.
line_comments = sa.Table(
    "line_comments",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("submission", sa.ForeignKey(submissions.c.id), nullable=False),
    sa.Column("line", sa.Integer, nullable=False),
    sa.Column("text", Text, nullable=False),
    sa.Column("person", sa.ForeignKey(people.c.id), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("line_comments_of_a_submission", "submission"),
)
# A later due date for one student; the last row counts, and one without a time takes it back.
extensions = sa.Table(
    "extensions",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("student", Text, nullable=False),
    sa.Column("exercise", Text, nullable=False),
    sa.Column("until", Moment),
    sa.Column("reason", Text, nullable=False),
    sa.Column("by", Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
)
# What is to be judged again, and the results that wait until a person lets them count: then, or when they are dropped,
# it is `ended`.
regrades = sa.Table(
    "regrades",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("exercise", Text, nullable=False),
    sa.Column("cause", Text, nullable=False),
    sa.Column("person", sa.ForeignKey(people.c.id), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("ended", Moment),
)
# `judging` is the digest by which the result was judged; it counts only while the exercise is judged by that.
regraded = sa.Table(
    "regraded",
    tables,
    sa.Column("regrade", sa.ForeignKey(regrades.c.id), primary_key=True),
    sa.Column("submission", sa.ForeignKey(submissions.c.id), primary_key=True),
    sa.Column("result", sa.ForeignKey(results.c.id)),
    sa.Column("judging", Text),
    sa.Index("regraded_submissions", "submission"),
)
DESK_TABLES = (
    *(feedback_rules, grade_questions, grade_answers, cause_comments),
    *(line_comments, extensions, regrades, regraded),
)
