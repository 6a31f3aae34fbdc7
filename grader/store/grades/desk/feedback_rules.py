"""When grades and feedback of each exercise are seen, as teachers said. Rows are only added."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.course.policies.showing import Showing
from grader.store.grades.database import Database
from grader.store.grades.schema import class_tables as c
from grader.store.grades.schema import desk_tables as d


class FeedbackRules:
    """The rules in an open gradebook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, Showing]:
        """Return the rule of each exercise of which somebody said one; of all others feedback is seen at once."""
        rows = self._database.every(d.feedback_rules)
        known = set(Showing)
        # What a newer grader may say in a word that is not known here shows nothing.
        return {row.exercise: Showing(row.rule) if row.rule in known else Showing.HELD for row in rows}

    def set(self, rules: Mapping[str, Showing], by: int) -> None:
        """Record rules, with an entry in the audit for each, all or nothing."""
        with self._database.writing() as connection:
            now = self._database.now(connection)
            for exercise, rule in rules.items():
                values = {"exercise": exercise, "rule": rule.value, "person": by, "at": now}
                connection.execute(d.feedback_rules.insert().values(values))
                about = {"exercise": exercise, "rule": rule.value}
                connection.execute(c.audit.insert().values(at=now, person=by, did="showing", about=about))
