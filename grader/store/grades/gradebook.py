"""The gradebook: an append-only record in a database, from which every grade can be explained.

SQLite by default, in a file beside course.yaml; or PostgreSQL, by its address. Rows are added, never changed: a result
that no longer counts stays, with what it rested on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from grader.core.course.policies.attempts import Attempt
from grader.core.course.policies.trust import Trust
from grader.core.findings.recorded import read_report
from grader.core.report.report import Report
from grader.core.words.errors import CouldNotJudge
from grader.core.words.message import say
from grader.store.grades.database import Database
from grader.store.grades.decisions import Decisions
from grader.store.grades.desk.regrades import is_current, propose
from grader.store.grades.looks import seen
from grader.store.grades.queries import Which, times_of, with_gradings
from grader.store.grades.schema import class_tables as c
from grader.store.grades.schema import tables as t

# Databases take so many numbers in one question, and many more than that at most.
_AT_ONCE = 5000


@dataclass(frozen=True)
class Recorded:
    """A submission in the gradebook, with a result that was recorded for it; 0 and "" where there is none."""

    id: int
    student: str
    exercise: str
    submitted: datetime
    sha256: str
    result: int = 0
    key: str = ""
    void: bool = False
    score: float | None = None
    max_score: float = 0.0
    trust: Trust | None = None

    @property
    def attempt(self) -> Attempt:
        return Attempt(self.submitted, self.score, self.result, self.trust)


@dataclass(frozen=True)
class Result:
    """What was found out about some bytes.

    Attributes:
        key: over everything that it depends on; the same key never stands for two results.
        report: the report's JSON object as it is kept, without a student.
        rests_on: what the key was made from, for people: digests, versions, isolation, the seed's fingerprint.
    """

    key: str
    exercise: str
    score: float | None
    max_score: float
    report: Mapping[str, Any]
    rests_on: Mapping[str, Any]


@dataclass(frozen=True)
class Grading:
    """A result that a submission was given.

    Attributes:
        at: when it was given; the same bytes may have been judged before.
        result: its number.
    """

    at: datetime
    result: int
    score: float | None
    judged: datetime
    rests_on: Mapping[str, Any]


class Gradebook(Decisions):
    """An open gradebook.

    Args:
        url: of the database, as SQLAlchemy writes it.

    Raises:
        CouldNotJudge: where it cannot be used; so does every method.
    """

    def __init__(self, url: str | sa.URL, durable: bool = False) -> None:
        super().__init__(Database(url, durable))

    @property
    def database(self) -> Database:
        """What other tables of the same database are reached through."""
        return self._database

    def close(self) -> None:
        self._database.close()

    def recorded(self) -> list[Recorded]:
        """Return every submission with its last result, the oldest first."""
        return self._submissions(Which.LAST)

    def standing(
        self, student: str | None = None, withdrawn_too: bool = False, until: datetime | None = None
    ) -> list[Recorded]:
        """Return every submission, or those of one student, with the result that counts, the oldest first.

        It is the last one that could be judged: a grade counts until there is a new one. Only where none could be
        judged, it is the last that could not.

        Args:
            withdrawn_too: whether to return what does not count as its student's work, too.
            until: results that were given later are not known yet; None for all.
        """
        if until is not None:
            return self._submissions(Which.STOOD, student, withdrawn_too, until)
        question = (id(self), "standing", student, withdrawn_too)
        return list(seen(question, lambda: self._submissions(Which.STANDS, student, withdrawn_too)))

    def _submissions(
        self, which: Which, student: str | None = None, withdrawn_too: bool = False, until: datetime | None = None
    ) -> list[Recorded]:
        """Return every submission with the result of one of its gradings."""
        of_one, given = student is not None, {"student": student, "until": until}
        rows = self._database.rows(with_gradings(which, of_one), given)
        # The last one written into the dict is the one that counts.
        times = {
            row.submission: (row.submitted, Trust(row.trust)) for row in self._database.rows(times_of(of_one), given)
        }
        gone, withdrawn = self.forgotten(), self.withdrawn()
        found = [
            Recorded(
                id, student, exercise, times.get(id, (at, None))[0], sha256, result or 0, key or "", bool(void), score,
                max_score or 0.0, times.get(id, (at, None))[1],
            )
            for id, student, exercise, at, sha256, result, key, void, score, max_score in rows
            if student not in gone and (withdrawn_too or (student, exercise, sha256) not in withdrawn)
        ]  # fmt: skip
        return sorted(found, key=lambda each: (each.submitted, each.id)) if times else found

    def results(self, seen: bool = False) -> dict[str, int]:
        """Return the number of the result that stands, by key; if `seen`, where what there is to see of it was kept."""
        query = sa.select(t.results.c.key, t.results.c.id).where(t.stands)
        query = query.join(c.evidence, c.evidence.c.result == t.results.c.id) if seen else query
        return {row.key: row.id for row in self._database.rows(query)}

    def reports(self, numbers: Iterable[int]) -> dict[int, Report]:
        """Return the reports of these results, by number; they are about nobody in particular."""
        return {number: self._read(number, report) for number, report in self._of_results("report", numbers)}

    def rests_on(self, numbers: Iterable[int]) -> dict[int, dict[str, Any]]:
        """Return what these results rest on, by number."""
        return dict(self._of_results("rests_on", numbers))

    def scores(self, numbers: Iterable[int]) -> dict[int, float | None]:
        """Return the scores of these results, by number."""
        return dict(self._of_results("score", numbers))

    def _of_results(self, column: str, numbers: Iterable[int]) -> Iterator[tuple[int, Any]]:
        wanted = sorted(set(numbers))
        for start in range(0, len(wanted), _AT_ONCE):
            some = t.results.c.id.in_(wanted[start : start + _AT_ONCE])
            yield from map(tuple, self._database.rows(sa.select(t.results.c.id, t.results.c[column]).where(some)))

    def add_submissions(self, submissions: Iterable[tuple[Recorded, Path]]) -> list[int]:
        """Record submissions and where they lay, each once, and return their numbers: those here have none yet."""
        unique = ("student", "exercise", "submitted", "sha256")
        numbers = []
        with self._database.writing() as connection:
            for each, path in submissions:
                values = {name: getattr(each, name) for name in unique} | {"path": str(path)}
                numbers.append(self._database.once(connection, t.submissions, values, unique))
                if each.trust is not None:
                    self._add_time(connection, numbers[-1], each.submitted, each.trust)
        return numbers

    def add_times(self, times: Iterable[tuple[int, datetime, Trust]]) -> None:
        """Record times of submissions that can be believed more than those before."""
        with self._database.writing() as connection:
            for number, submitted, trust in times:
                self._add_time(connection, number, submitted, trust)

    def _add_time(self, connection: sa.Connection, number: int, submitted: datetime, trust: Trust) -> None:
        values = {"submission": number, "submitted": submitted, "trust": int(trust)}
        if trust is Trust.TEACHER:
            # Who comes back to an earlier answer means it: no two rows are the same, so it is a moment later.
            said = (t.times.c.submission == number, t.times.c.trust == int(trust))
            before = connection.scalar(sa.select(sa.func.count()).select_from(t.times).where(*said)) or 0
            values["submitted"] = submitted + timedelta(microseconds=before)
        self._database.once(connection, t.times, values, ("submission", "submitted", "trust"))

    def add_result(self, result: Result, submissions: Iterable[int], evidence: Mapping[str, Any] | None = None) -> int:
        """Record a result, what there is to see of it, and the submissions that it is the result of, all or nothing.

        Two graders may have judged the same at the same time; then the first one's result stands for both.
        """
        with self._database.writing() as connection:
            number = self._add_result(connection, result, evidence)
            self._grade(connection, number, submissions)
        return number

    def result_of(self, key: str) -> int | None:
        """Return the number of the result of a key that stands, if what there is to see of it was kept."""
        query = sa.select(t.results.c.id).join(c.evidence, c.evidence.c.result == t.results.c.id)
        return next((row.id for row in self._database.rows(query.where(t.stands, t.results.c.key == key))), None)

    def add_judged(
        self, result: Result, submissions: Iterable[int], judging: str, evidence: Mapping[str, Any] | None
    ) -> bool:
        """Record the result of what was handed in at the server, with what there is to see of it, all or nothing.

        Args:
            judging: the digest that it was judged by. Where the exercise is judged by another one now, nothing is
                recorded; nor is anything of what was erased meanwhile.

        Returns:
            Whether it was judged by the version that counts.
        """
        with self._database.writing() as connection:
            if not is_current(connection, result.exercise, judging):
                return False
            there = c.hand_ins.c.submission.in_(list(submissions))
            numbers = list(connection.scalars(sa.select(c.hand_ins.c.submission).where(there)))
            if not numbers:
                return True
            number = self._add_result(connection, result, evidence)
            self._grade(connection, number, set(numbers) - propose(connection, number, judging, numbers))
            connection.execute(c.leases.delete().where(c.leases.c.submission.in_(numbers)))
        return True

    def evidence_of(self, result: int) -> Mapping[str, Any]:
        """Return what there is to see of a result beside its report."""
        rows = self._database.rows(sa.select(c.evidence.c.kept).where(c.evidence.c.result == result))
        return rows[0].kept if rows else {}

    def add_gradings(self, gradings: Mapping[int, Iterable[int]]) -> None:
        """Record, all or nothing, that known results are those of these submissions too."""
        if not gradings:
            return
        with self._database.writing() as connection:
            for number, submissions in gradings.items():
                self._grade(connection, number, submissions)

    def gradings_of(self, submission: int) -> list[Grading]:
        """Return every result that a submission was ever given, the last one last."""
        query = (
            sa.select(t.gradings.c.at, t.results.c.id, t.results.c.score, t.results.c.judged, t.results.c.rests_on)
            .join(t.results, t.results.c.id == t.gradings.c.result)
            .where(t.gradings.c.submission == submission)
            .order_by(t.gradings.c.id)
        )
        return [Grading(row.at, row.id, row.score, row.judged, row.rests_on) for row in self._database.rows(query)]

    def _read(self, number: int, kept: str) -> Report:
        try:
            return read_report(json.loads(kept))
        except (ValueError, RecursionError):
            raise CouldNotJudge(
                say(
                    "the report of result {number} in the gradebook {url} cannot be read: it was written by a newer "
                    "version of the grader, or it is damaged. Update the grader, or put your copy of the gradebook "
                    "back",
                    number=number,
                    url=self._database.shown,
                )
            ) from None

    def _add_result(self, connection: sa.Connection, result: Result, evidence: Mapping[str, Any] | None) -> int:
        score = {"void": result.score is None, "score": result.score, "max_score": result.max_score}
        kept = {"report": json.dumps(result.report, ensure_ascii=False), "rests_on": result.rests_on}
        values = {"key": result.key, "exercise": result.exercise, **score, **kept, "judged": datetime.now(UTC)}
        if result.score is None:
            number = int(connection.execute(t.results.insert().values(values).returning(t.results.c.id)).scalar_one())
        else:
            number = self._database.once(connection, t.results, values, ("key",), t.stands)
        if evidence is not None:
            seen_of_it = {"result": number, "kept": dict(evidence)}
            connection.execute(self._database.insert_once(c.evidence, ("result",)), seen_of_it)
        return number

    def _grade(self, connection: sa.Connection, number: int, submissions: Iterable[int]) -> None:
        now = datetime.now(UTC)
        rows = [{"submission": submission, "result": number, "at": now} for submission in submissions]
        if rows:
            connection.execute(t.gradings.insert(), rows)
