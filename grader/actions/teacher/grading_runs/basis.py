"""What a result rests on besides the submission: the facts that are kept with it, and what has changed since."""

from __future__ import annotations

import hashlib
import hmac
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from grader import __version__
from grader.core.course.checks.author_tests import AuthorFile
from grader.core.course.draws.draw import seed_for
from grader.core.diagnose.wrong_programs import WrongProgram
from grader.core.judge.digests import JUDGING, wording_digest
from grader.core.words.message import Message, say
from grader.grading.judge.answer_key import AnswerKey
from grader.grading.judge.reference import torch_version
from grader.store.course.course_files import CourseFiles
from grader.store.machine.cache import content_key

_FORMAT = "result-4"


class Basis:
    """What the results of one exercise rest on now.

    Args:
        secret: None where it is not known here: then nothing is said about it.
        isolation: of the box, None where nothing is to be judged and so none was tried.

    Raises:
        CouldNotJudge: where there is no torch.
    """

    def __init__(
        self, files: CourseFiles, key: AnswerKey, secret: bytes | None, isolation: str | None, practice: bool
    ) -> None:
        self._files, self._key, self._secret = files, key, secret
        self._facts: dict[str, Any] = {
            "judging_sha256": key.judging,
            "rules": JUDGING,
            # Whoever has the course's secret can make the seed again and see that it is this one. The shown one follows
            # from the exercise.
            "seed_sha256": _sha256(key.seed),
            "isolation": isolation if key.exercise.work.by_program else "not_run",
            "practice": practice,
            "torch": torch_version(),
            "python": python_version(),
        }
        self._all = content_key((_FORMAT, key.exercise.id, *(f"{name}={value}" for name, value in self._facts.items())))

    def key(self, sha256: str, suffix: str, student: str) -> str:
        """Return the key of the result of these bytes; where each has numbers of his own, of this student's."""
        own = (f"student={student}",) if self._key.exercise.work.own else ()
        return content_key((self._all, suffix, sha256, *own))

    def rests_on(self, sha256: str, suffix: str) -> dict[str, Any]:
        """Return what is kept with the result: what its key is made from, and what else people want to know."""
        told = {"wording_sha256": self._wording, "grader": __version__}
        return {"submission_sha256": sha256, "suffix": suffix, **self._facts, **told}

    def stands(self, facts: Mapping[str, Any], suffix: str) -> bool:
        """Return whether a result that rests on these facts is a mark for such a file: no trial, and read the same."""
        return bool(facts["practice"] == self._facts["practice"] and facts.get("suffix", suffix) == suffix)

    def changed_since(self, facts: Mapping[str, Any]) -> tuple[Message, ...]:
        """Return what has changed since a result was judged that rests on these facts, the most important first."""
        return tuple(self._changes(facts))

    def is_of_earlier_version(self, facts: Mapping[str, Any]) -> bool:
        """Return whether a result that rests on these facts was judged by an exercise or by rules that have changed."""
        return self._exercise_changed(facts) or facts.get("rules", 1) != JUDGING

    def _changes(self, facts: Mapping[str, Any]) -> Iterator[Message]:
        if self._exercise_changed(facts):
            yield say("the exercise has changed")
        elif self._secret is not None and facts["seed_sha256"] not in self._seeds_ever:
            yield say("the course's secret has changed")
        # What was judged before rules were counted was judged by the first ones.
        if facts.get("rules", 1) != JUDGING:
            yield say("the grader judges by other rules")
        if facts["torch"] != self._facts["torch"]:
            yield say("torch was {then} and is {now}", then=facts["torch"], now=self._facts["torch"])
        if facts["python"] != self._facts["python"]:
            yield say("Python was {then} and is {now}", then=facts["python"], now=self._facts["python"])
        if self._facts["isolation"] not in (None, facts["isolation"]):
            yield say("isolation was {then} and is {now}", then=facts["isolation"], now=self._facts["isolation"])

    def _exercise_changed(self, facts: Mapping[str, Any]) -> bool:
        if "judging_sha256" in facts:
            return bool(facts["judging_sha256"] != self._key.judging)
        return any(facts[name] not in those for name, those in self._files_now.items() if name in facts)

    @cached_property
    def _seeds_ever(self) -> set[str]:
        """The fingerprints of the seeds that this secret gives, and gave by the rules before."""
        exercise, secret = self._key.exercise, self._secret or b""
        of_files = hmac.new(secret, digestmod=hashlib.sha256)
        for part in (exercise.id.encode(), exercise.content, self._files.solution(exercise.id) or b""):
            of_files.update(len(part).to_bytes(8, "big"))
            of_files.update(part)
        without_domain = seed_for(secret, exercise.id, self._key.judging)
        return {self._facts["seed_sha256"], _sha256(without_domain), _sha256(of_files.digest())}

    @cached_property
    def _wording(self) -> str:
        return wording_digest(self._key.exercise, self._key.wrong)

    @cached_property
    def _files_now(self) -> dict[str, set[str]]:
        """Return the digests of the exercise's files, as they were stated while every byte of them counted."""
        key, work = self._key, self._key.exercise.work
        return {
            "exercise_sha256": {_sha256(key.exercise.content)},
            "starter_sha256": {_sha256(work.starter)},
            "solution_sha256": {_sha256(key.solution)},
            "wrong_programs_sha256": self._stated([_wrong_then(each) for each in key.wrong]),
            "tests_sha256": self._stated([_file_then(each) for each in work.files]),
        }

    def _stated(self, values: Sequence[tuple[str, str, str]]) -> set[str]:
        """Return the digests of values that told where their files lie, from wherever the command was called then."""
        root = self._files.root.resolve()
        places = [(Path.cwd() / shown).resolve() for _, shown, _ in values]
        ways = [[place.relative_to(base).as_posix() for place in places] for base in (root, *root.parents)]
        told = [
            [f"{before}{path!r}{after}" for (before, _, after), path in zip(values, paths, strict=True)]
            for paths in (*ways, list(map(str, places)))
        ]
        return {_sha256(f"({', '.join(items)}{',' * (len(items) == 1)})".encode()) for items in told}


def python_version() -> str:
    """Return the version of Python as far as verdicts could depend on it: 3.12."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _wrong_then(program: WrongProgram) -> tuple[str, str, str]:
    before = f"WrongProgram(name={program.name!r}, hint=Text(texts={program.hint.texts!r}), also={program.also!r}"
    return f"{before}, source={program.source!r}, shown=", program.shown, f", unnamed={program.unnamed!r})"


def _file_then(file: AuthorFile) -> tuple[str, str, str]:
    return f"AuthorFile(name={file.name!r}, text={file.text!r}, shown=", file.shown, f", public={file.public!r})"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
