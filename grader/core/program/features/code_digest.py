"""What a diagnosis needs of a program whose text is not there: how it differs from others, not what it says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from grader.core.program.features.code_features import LineRole, builtins_used, habits, role_of
from grader.core.program.source import Source
from grader.core.run.observation import Run


@dataclass(frozen=True)
class Digest(Source):
    """A program without its text.

    Attributes:
        habits, built_in: fingerprints of its features, and of the built-in functions that it names, without those that
            the solution has too.
        roles: of the lines at which it raises.
    """

    habits: frozenset[str] = frozenset()
    built_in: frozenset[str] = frozenset()
    roles: tuple[tuple[int, LineRole], ...] = ()


def digest_of(source: Source, runs: Iterable[Run], solution: Source) -> Digest:
    """Return the digest of a program that was seen in these runs.

    Whoever has the digest can try words until a fingerprint fits. So nothing is in it that the solution is made of too.
    """
    lines = sorted({line for run in runs for line in _raised_at(run)})
    roles = tuple((line, role_at(source, line)) for line in lines)
    own, built_in = habits_of(source) - habits_of(solution), built_in_of(source) - built_in_of(solution)
    return Digest("", source.filename, habits=own, built_in=built_in, roles=roles)


def habits_of(source: Source) -> frozenset[str]:
    """Return fingerprints of the features that a program's idea can show in."""
    return source.habits if isinstance(source, Digest) else frozenset(map(_fingerprint, habits(source)))


def built_in_of(source: Source) -> frozenset[str]:
    """Return fingerprints of the built-in functions that a program names."""
    return source.built_in if isinstance(source, Digest) else frozenset(map(_fingerprint, builtins_used(source)))


def role_at(source: Source, line: int) -> LineRole:
    """Return the part that a line plays."""
    return dict(source.roles).get(line, LineRole.OTHER) if isinstance(source, Digest) else role_of(source, line)


@lru_cache(maxsize=4096)
def _fingerprint(word: str) -> str:
    return hashlib.sha256(word.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _raised_at(run: Run) -> set[int]:
    raised = [run.ran.raised if run.ran else None, *(run.loaded.skipped if run.loaded else ())]
    raised += [each for called in run.called for each in (called.raised, called.backward_raised)]
    return {each.line for each in raised if each is not None}
