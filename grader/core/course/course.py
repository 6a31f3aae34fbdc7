"""What course.yaml declares."""

from __future__ import annotations

from dataclasses import dataclass

from grader.core.course.feedback import Tells
from grader.core.course.policies.policy import Policy
from grader.core.course.single_sign_on import SingleSignOn
from grader.core.words.message import Text


@dataclass(frozen=True)
class Lecture:
    """Exercises whose ids start with `id` and a dot."""

    id: str
    title: Text


@dataclass(frozen=True)
class Course:
    """What course.yaml declares.

    Attributes:
        gradebook: a database's address; None for a file beside course.yaml.
        mutation: the share of mutants that each exercise's checks must see; None where none is asked for.
        plugins: modules with comparisons and draws of the course's own.
        packages: what submissions may import besides Python, NumPy and torch; None for whatever is installed.
        tells: how much students are told of a submission, where the exercise does not say it.
        hand_in: how students hand in what they practised; None where nobody says.
        oidc: by whom the server lets people in, beside personal links; None for links alone.
    """

    id: str
    title: Text
    languages: tuple[str, ...]
    lectures: tuple[Lecture, ...]
    policy: Policy = Policy()
    gradebook: str | None = None
    mutation: float | None = None
    plugins: tuple[str, ...] = ()
    packages: tuple[str, ...] | None = None
    hand_in: Text | None = None
    oidc: SingleSignOn | None = None
    tells: Tells = Tells.CAUSE

    @property
    def language(self) -> str:
        """The language of the course where a user names none: the first one declared."""
        return self.languages[0]
