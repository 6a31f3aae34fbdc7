"""Finds the comments of teachers and assistants in a gradebook: all, or those that students see now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TypeVar

from grader.actions.teacher.results.said import Said, SaidAbout, SaidOf
from grader.actions.teacher.standings import policy_of
from grader.core.course.policies.showing import Showing
from grader.store.course.course_files import CourseFiles
from grader.store.grades.desk.comments import Comment, Comments
from grader.store.grades.desk.feedback_rules import FeedbackRules
from grader.store.grades.gradebook import Gradebook
from grader.store.grades.hand_ins import HandIns
from grader.store.grades.people.people import People

T = TypeVar("T")


def said_about(book: Gradebook) -> SaidAbout:
    """Return what finds the comments in a gradebook."""
    comments = Comments(book.database)
    names = {person.id: person.shown for person in People(book.database).all()}
    # Who goes back to what they handed in before hands in the same bytes twice: what was said of either is about them.
    sent = defaultdict[tuple[str, str, str], list[int]](list)
    for each in HandIns(book.database).all():
        sent[each.student, each.exercise, each.sha256].append(each.submission)

    def told(found: Mapping[T, Comment]) -> dict[T, Said]:
        return {place: Said(names.get(each.person, ""), each.text) for place, each in found.items()}

    @cache
    def on_causes(exercise: str) -> dict[str, Said]:
        return told(comments.on_causes(exercise))

    def find(student: str, exercise: str, sha256: str) -> SaidOf:
        submissions = sent.get((student, exercise, sha256), [])
        on_lines = {line: words for each in submissions for line, words in told(comments.on_lines(each)).items()}
        return SaidOf(on_lines, on_causes(exercise))

    return find


def said_to_students(files: CourseFiles, book: Gradebook) -> SaidAbout:
    """Return what finds the comments that students see now: none where feedback is held back from them."""
    find, rules, policy = said_about(book), FeedbackRules(book.database).all(), policy_of(files, book)
    now = datetime.now(UTC)

    def seen(student: str, exercise: str, sha256: str) -> SaidOf:
        due = policy.due_for(student, exercise)
        is_open = rules.get(exercise, Showing.AT_ONCE).is_open(due and due.astimezone(UTC), now)
        return find(student, exercise, sha256) if is_open else SaidOf()

    return seen
