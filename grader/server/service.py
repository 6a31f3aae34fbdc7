"""What every page is made from: the course, the gradebook, and where both are reached."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from grader.actions.teacher.standings import grades, policy_of
from grader.core.course.exercise import Exercise
from grader.core.course.policies.policy import Grade, Place, Policy
from grader.core.course.policies.showing import Showing
from grader.core.people.person import Person, Role
from grader.core.words.message import Message
from grader.server.last_right import LastRight
from grader.store.course.course_files import CourseFiles
from grader.store.grades.desk.comments import Comments
from grader.store.grades.desk.feedback_rules import FeedbackRules
from grader.store.grades.desk.grade_questions import GradeQuestions
from grader.store.grades.desk.regrades import Regrades
from grader.store.grades.gradebook import Gradebook, Recorded
from grader.store.grades.hand_ins import HandIns
from grader.store.grades.people.identities import Identities
from grader.store.grades.people.people import People
from grader.store.grades.people.tokens import Token, Tokens
from grader.store.grades.queue import JudgingQueue

if TYPE_CHECKING:
    from grader.server.oidc import Provider

# Seconds.
_COUNTED_AGAIN = 1.0


@dataclass
class Service:
    """An open course.

    Attributes:
        public_url: the address under which browsers reach it, without a slash at its end.
        tell: says something to whoever runs the server.
        metrics_token: lets a program read the metrics; empty where there are none.
        began: when this process began to serve, in seconds of Unix time.
        oidc: the provider of a single sign-on; None where people come in by links alone.
        first_link: whose link was printed at the start, for whoever would be the teacher; None where none was.
        roster: the ids on the roster, by which a single sign-on knows students; None where everybody counts as on it.
        refused: how many hand-ins were refused since this process began, by the status of the answer.
    """

    files: CourseFiles
    book: Gradebook
    public_url: str
    tell: Callable[[Message], None]
    metrics_token: str = ""
    began: float = field(default_factory=time.time)
    oidc: Provider | None = None
    roster: Collection[str] | None = None
    first_link: int | None = None
    refused: Counter[int] = field(default_factory=Counter)
    _counted: tuple[float, int, int] = (-_COUNTED_AGAIN, 0, 0)

    def __post_init__(self) -> None:
        self._last_right = LastRight(self.files, self.tell)
        self.people, self.hand_ins = People(self.book.database), HandIns(self.book.database)
        self.identities = Identities(self.book.database)
        self.queue, self.tokens = JudgingQueue(self.book.database), Tokens(self.book.database)
        self.rules, self.comments = FeedbackRules(self.book.database), Comments(self.book.database)
        self.questions, self.regrades = GradeQuestions(self.book.database), Regrades(self.book.database)

    @property
    def host(self) -> str:
        """The host that requests must name."""
        return urlsplit(self.public_url).netloc

    def is_at(self, host: str) -> bool:
        """Return whether a request that names this host is one to this course.

        Browsers leave the scheme's port out; programs and proxies may name it.
        """
        return host.lower().removesuffix(":443" if self.secure else ":80") == self.host

    @property
    def origin(self) -> str:
        """The origin that forms must come from."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def secure(self) -> bool:
        """Whether browsers reach it through TLS."""
        return self.public_url.startswith("https:")

    @property
    def session_cookie(self) -> str:
        """What the session's cookie is called: behind TLS so that no other host can set it."""
        return "__Host-course-session" if self.secure else "course-session"

    @property
    def flow_cookie(self) -> str:
        """What the cookie is called that a browser has while somebody logs in by single sign-on."""
        return "__Host-course-sign-in" if self.secure else "course-sign-in"

    def whose(self, session: str) -> tuple[Person, datetime] | None:
        """Return whose session it is, and the time by the database's clock.

        None where it is nobody's, or of a student who was taken out of sight.
        """
        found = self.people.whose(session) if session else None
        return None if found is None or found[0].student in self.book.forgotten() else found

    def is_on_roster(self, person: Person) -> bool:
        """Return whether a student is on the roster as it was at the start; staff need not be."""
        if person.role is not Role.STUDENT or self.roster is None:
            return True
        return person.student in self.roster

    def came_in(self, session: str) -> None:
        """Let the link that was printed at the start be none any more, once a teacher has come in by another way."""
        if self.first_link is not None:
            found = self.whose(session)
            if found is not None and found[0].role is Role.TEACHER:
                self.people.end_links(self.first_link)
                self.first_link = None

    def whose_token(self, secret: str) -> tuple[Person, Token, datetime] | None:
        """Return whose token it is, the token, and the time; None as `whose` says."""
        found = self.tokens.whose(secret)
        return None if found is None or found[0].student in self.book.forgotten() else found

    def busy(self) -> tuple[int, int]:
        """Return how many submissions wait, and how many are judged; anybody may ask, so it is counted now and then.

        Without those whose feedback is not seen at once: whoever hands in alone would learn how long judging takes.
        """
        if time.monotonic() - self._counted[0] >= _COUNTED_AGAIN:
            quiet = self.quiet()
            told = [each for each in self._last_right.ids(self.files) if each not in quiet] if quiet else None
            self._counted = (time.monotonic(), len(self.queue.waiting(told)), len(self.queue.running(told)))
        return self._counted[1:]

    def quiet(self) -> frozenset[str]:
        """Return the exercises whose feedback is not seen at once: students are not told when they are judged."""
        return frozenset(id for id, rule in self.rules.all().items() if rule is not Showing.AT_ONCE)

    def stamps(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return what changes with anything that students, and that teachers and assistants may see."""
        quiet, every = self.quiet(), self.queue.stamp()
        return self.queue.stamp(quiet) if quiet else every, every

    @property
    def has_another_course(self) -> bool:
        """Whether course.yaml was changed, and `read_course` is to be called."""
        return self._last_right.has_another(self.files)

    def read_course(self) -> None:
        """Go by what course.yaml says now: a due date that is moved counts at once."""
        self.files = self._last_right.course(self.files)

    def exercise(self, id: str) -> Exercise | None:
        """Return an exercise as its file is now, or as it was when that was right; None where there is none."""
        return self._last_right.exercise(self.files, id) if id in self._last_right.ids(self.files) else None

    def exercises(self) -> list[Exercise]:
        """Return all exercises that are or were right, in their order."""
        found = (self._last_right.exercise(self.files, id) for id in self._last_right.ids(self.files))
        return [exercise for exercise in found if exercise is not None]

    def grades(self, exercises: Iterable[Exercise], student: str | None = None) -> dict[Place, Grade]:
        """Return the grades at these exercises, of one student or of everybody."""
        return self.grades_from(exercises, self.book.standing(student))

    def grades_from(self, exercises: Iterable[Exercise], rows: Iterable[Recorded]) -> dict[Place, Grade]:
        """Return the grades at these exercises that follow from what was handed in at all of them.

        Raises:
            CourseInvalid: where there are slack days, and one more at which something was late never was right.
        """
        wanted = {each.id: each for each in exercises}
        # Slack days go over all exercises, of which one may be in an editor now.
        slack = self.files.course.policy.slack
        known = wanted if slack is None else {each.id: each for each in self.exercises()} | wanted
        found = grades(self.files, list(known.values()), self.book, rows)
        return {place: grade for place, grade in found.items() if place[1] in wanted}

    @property
    def policy(self) -> Policy:
        """The course's policy with the later due dates that were given by hand."""
        return policy_of(self.files, self.book)

    def due(self, exercise: str, student: str, policy: Policy | None = None) -> datetime | None:
        """Return when this student's work is due, on the course's clock.

        Args:
            policy: `self.policy`, where several are asked for.
        """
        policy = policy or self.policy
        found = policy.due_for(student, exercise)
        return None if found is None else found.astimezone(policy.zone or found.tzinfo or UTC)

    def on_its_clock(self, at: datetime) -> datetime:
        """Return a moment as the course's clock shows it."""
        return at.astimezone(self.files.course.policy.zone or UTC)
