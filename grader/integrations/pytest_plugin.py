"""pytest in a course: each `exercises/<id>/exercise.yaml` is collected as items that prove the exercise.

Every pytest of an environment imports this file, also where there is no course: what is needed is imported by the item.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from grader.actions.author.prove import PartSeen, Prover
    from grader.core.words.message import Message

# Programs of students and of the answer side: run in a box only, so no conftest.py or test file there is imported.
_CLOSED = frozenset({"feedback", "solutions", "submissions", "work"})
# Reading the YAML of hundreds of exercises would take longer than finding them.
_ASKS_FOR_A_PROGRAM = re.compile(rb"^[\"']?(checks|tests)[\"']?[ \t]*:", re.MULTILINE)
_ASKS_FOR_WORDS = re.compile(rb"^[\"']?questions[\"']?[ \t]*:", re.MULTILINE)
# What the students' copy has in place of solutions.
_RELEASED = "observations.bin"
_PROGRAMS = (".py", ".ipynb")
_SEEDS = 20
_PROVERS = pytest.StashKey[dict[Path, "Prover"]]()


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    if collection_path.name in _CLOSED and (collection_path.parent / "course.yaml").is_file():
        return True
    # Tests of an exercise run beside a submission, never by themselves.
    folder, parents = collection_path.name, collection_path.parents
    if (
        folder == "tests"
        and len(parents) > 2
        and parents[1].name == "exercises"
        and (parents[2] / "course.yaml").is_file()
    ):
        return True
    return None


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ExerciseFile | None:
    if file_path.name != "exercise.yaml" or file_path.parent.parent.name != "exercises":
        return None
    if not (file_path.parents[2] / "course.yaml").is_file():
        return None
    return ExerciseFile.from_parent(parent, path=file_path)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and isinstance(item, ExercisePart) and isinstance(report.longrepr, tuple):
        # The place is that of the exercise, not the line of this file that skips.
        report.longrepr = (str(item.path), 1, report.longrepr[2])
    return report


def pytest_unconfigure(config: pytest.Config) -> None:
    for prover in config.stash.get(_PROVERS, {}).values():
        prover.close()


class ExerciseFile(pytest.File):
    """An exercise. Which items there are is seen without reading YAML."""

    def collect(self) -> Iterable[ExercisePart]:
        return [ExercisePart.from_parent(self, name=part) for part in self._parts()]

    @property
    def root(self) -> Path:
        """The folder of course.yaml."""
        return self.path.parents[2]

    def _parts(self) -> Iterator[str]:
        yield "yaml"
        solutions = (self.root / "solutions").is_dir()
        if not solutions and (self.path.parent / _RELEASED).is_file():
            return
        content = self.path.read_bytes()
        if _ASKS_FOR_WORDS.search(content):
            # The file and its answers are all there is.
            return
        asks = _ASKS_FOR_A_PROGRAM.search(content)
        if asks is None:
            yield from ("autograd", "inputs")
            return
        if not solutions:
            return
        yield from ("starter", "solution")
        own = self.root / "solutions" / self.path.parent.name
        # A program of several files is a folder, as the solution is then.
        several = (own / "solution").is_dir()
        for role in ("right", "wrong"):
            files = (own / role).glob("[!._]*" if several else "[!.]*")
            yield from sorted(
                {f"{role}/{path.stem}" for path in files if (path.is_dir() if several else path.suffix in _PROGRAMS)}
            )
        yield from ("checks", "gradcheck", "seeds") if asks[1] == b"checks" else ("checks",)


class ExercisePart(pytest.Item):
    """One part of the proof. What this machine cannot look at fails in `setup`, which makes it an error."""

    parent: ExerciseFile

    def setup(self) -> None:
        from grader.core.words.errors import CouldNotJudge

        try:
            self._seen: PartSeen | CouldNotJudge = self._prover().seen(self.parent.path.parent.name, self.name)
        except CouldNotJudge as error:
            self._seen = error
        if isinstance(self._seen, CouldNotJudge):
            pytest.fail(self._said(self._seen.message), pytrace=False)

    def runtest(self) -> None:
        from grader.core.words.message import say

        seen = self._seen
        assert not isinstance(seen, Exception)
        if seen.findings and seen.blame != self.name and self._is_selected(seen.blame):
            pytest.skip(self._said(say("{name} has to pass first, and does not", name=seen.blame)))
        if seen.findings:
            self.user_properties += [("finding", finding.name) for finding in seen.findings]
            pytest.fail(self._told(seen), pytrace=False)

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, f"{self.path.parent.name} {self.name}"

    def _told(self, seen: PartSeen) -> str:
        return "\n".join(f"{each.at}: {self._said(each.message)} [{each.name}]" for each in seen.findings)

    def _is_selected(self, part: str) -> bool:
        return any(item.parent is self.parent and item.name == part for item in self.session.items)

    def _prover(self) -> Prover:
        provers = self.config.stash.setdefault(_PROVERS, {})
        root = self.parent.root
        if root not in provers:
            from grader.actions.author.prove import Prover
            from grader.grading.proof.proof import CheckRequest
            from grader.sandbox.choose import LEVELS, try_level

            # It is the course's own code: a machine without a locked box can prove it too.
            level = next((each for each in LEVELS if try_level(each).holds), "none")
            provers[root] = Prover(root, CheckRequest(level, _SEEDS))
        return provers[root]

    def _said(self, message: Message) -> str:
        from grader import environment_language
        from grader.store.machine.catalogues import translation

        language = environment_language() or "en"
        return message.said(translation(language), language)
