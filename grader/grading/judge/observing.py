"""What is run to see what the solution does at each check, and at which of the numbers that can be drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import Annotated

import msgspec
from msgspec import Meta

from grader.core.course.checks.given import Layout
from grader.core.course.checks.limits import Limits
from grader.core.course.checks.training import Data
from grader.core.course.exercise import Check, Coded
from grader.core.course.given_files import GivenFile
from grader.core.findings.telling import told
from grader.core.judge.explain import stop_finding
from grader.core.judge.redraw import MOST_TRIES, Tries, kinked, to_draw_again
from grader.core.judge.reference import Reference, ReferenceFault, reference_of
from grader.core.program.source import Source
from grader.core.run.aside import copies_beside, twin_jobs
from grader.core.run.jobs import ProgramJob
from grader.core.run.observation import Run
from grader.core.run.plan import files_jobs, first_signature, indices, program_jobs
from grader.core.run.trainings import data_job
from grader.core.words.errors import CourseInvalid, Fault, Position
from grader.core.words.message import say
from grader.grading.judge.answer_key import AnswerKey
from grader.grading.judge.making import KeptData, data_from, kept, made_data
from grader.grading.judge.reference import Plan
from grader.store.students.programs import program_of_ours

References = Mapping[str, Reference]
# Seconds. What is not remembered runs again for everybody, and an optimizer alone takes seconds to import.
_PATIENT = 60.0
_Passed = Annotated[int, Meta(ge=0, le=MOST_TRIES)]
_Size = Annotated[int, Meta(ge=0, le=2**40)]


class _Settled(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """What was settled of a check: the draws passed over, whether it jumps all the same, and modules' parameters.

    Under the name of no check, the files that were made.
    """

    passed: list[_Passed]
    jumps: bool
    layouts: dict[str, list[tuple[str, list[_Size]]]] = {}
    made: list[list[tuple[str, bytes]]] = []


_Note = dict[str, _Settled]
_OF_ALL = ""


@dataclass(frozen=True)
class Observing:
    """What is to be seen of an exercise's right programs, with the draws that are tried.

    Attributes:
        tries: of checks of which something was drawn again.
        layouts: by check and module, the parameters of the solution's modules; of no check before it has run.
        settled: whether it has: until then no other right program can be given numbers for the parameters of modules.
        files: those in place of the exercise's, of each probe after the first; none before they are made.
        data: what programs are trained with, by the function that made them; nothing before it has run.
    """

    key: AnswerKey
    work: Coded
    solution: Source
    tries: Mapping[str, Tries] = field(default_factory=dict)
    layouts: Mapping[str, Mapping[str, Layout]] = field(default_factory=dict)
    settled: bool = False
    files: tuple[tuple[GivenFile, ...], ...] = ()
    data: Mapping[str, Data] = field(default_factory=dict)

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The checks as they are drawn and filled; those of which nothing is settled are the exercise's own."""
        found = ((each, self._tries(each).passed_over, self.layouts.get(each.name, {})) for each in self.work.checks)
        return tuple(
            replace(check, passed_over=passed, layouts=layouts, made=self._made(check), made_files=self._files(check))
            if passed or layouts or check.data or self._files(check)
            else check
            for check, passed, layouts in found
        )

    def _made(self, check: Check) -> Data | None:
        return self.data.get(check.data.maker) if check.data else None

    def _files(self, check: Check) -> tuple[tuple[GivenFile, ...], ...]:
        return self.files if check.varied else ()

    @property
    def plan(self) -> Plan[References]:
        making = files_jobs(self.work, self.key.seed)
        if making and not self.files:
            # What a program finds has to be known before any can run.
            return Plan(making, self._not_made, instead=self._with_files, note=self._note, noted=self._noted)
        if any(check.data and check.made is None for check in self.checks):
            return self._plan_of_data
        own = [(check, self._exact(check)) for check in self.checks]
        jobs = [job for check, exact in own for job in (*exact, *self._twin(check))]
        others = [
            replace(job, trusted=True, limits=replace(job.limits, wall=_PATIENT, cpu=_PATIENT))
            for source in self._right().values()
            for check in self.checks
            if check.data is None
            for job in program_jobs(first_signature(check), source.text, source.filename, self.key.seed, self.work)
        ]
        if self.key.released is not None:
            return Plan((*jobs, *others), self._references, note=self._note, noted=self._noted)
        aside = tuple(job for check, exact in own for copy in copies_beside(check, exact) for job in copy)
        if not self.settled and any(check.modules for check in self.checks):
            later = tuple(others)
            return Plan(tuple(jobs), self._own_references, aside, self._laid_out, self._note, self._noted, later)
        return Plan((*jobs, *others), self._references, aside, self._instead, self._note, self._noted)

    def _with_files(self, runs: Sequence[Run], _aside: Sequence[Run]) -> Plan[References] | None:
        made = tuple(run.made for run in runs)
        return replace(self, files=made).plan if all(made) else None

    def _not_made(self, runs: Sequence[Run]) -> References:
        run = next(run for run in runs if not run.made)
        raised = run.not_made
        if raised is None:
            message = say("make_files.py: {what}", what=told(stop_finding(run, Limits())))
        else:
            words = f"{raised.type_name}: {raised.message}"
            message = say("make_files.py, line {line}: {words}", line=raised.line, words=words)
        raise self.key.invalid(message)

    @property
    def _plan_of_data(self) -> Plan[References]:
        """What data are made with; who trains is run when they are there."""
        first = {check.data.maker: check for check in reversed(self.checks) if check.data}
        shown = self.key.shown.replace("solution.py", "data.py")
        if self.key.released is None and not all(check.maker for check in first.values()):
            raise CourseInvalid([Fault(Position(shown), say("data.py is missing; what is trained with is made there"))])
        jobs = tuple(data_job(check, self.key.seed) for check in first.values())

        def made(runs: Sequence[Run]) -> dict[str, Data]:
            found = {
                each: made_data(first[each], run, shown, self.key.seed) for each, run in zip(first, runs, strict=True)
            }
            faults = [each for each in found.values() if isinstance(each, Fault)]
            if faults:
                raise CourseInvalid(faults)
            return {maker: data for maker, data in found.items() if isinstance(data, Data)}

        def instead(runs: Sequence[Run], _aside: Sequence[Run]) -> Plan[References]:
            return replace(self, data=made(runs)).plan

        def references(runs: Sequence[Run]) -> References:
            return replace(self, data=made(runs))._references(())

        own = tuple(job for check in self.checks for job in self._exact(check))
        return Plan(jobs, references, (), instead, noted=self._noted, follows_from=own)

    def _tries(self, check: Check) -> Tries:
        return self.tries.get(check.name, Tries())

    def _own_references(self, runs: Sequence[Run]) -> References:
        """Return what the solution alone gives."""
        return replace(self, key=replace(self.key, right=()))._references(runs)

    def _laid_out(self, runs: Sequence[Run], _aside: Sequence[Run]) -> Plan[References] | None:
        layouts = {name: each.layouts for name, each in self._own_references(runs).items() if each.layouts}
        return replace(self, layouts=layouts, settled=True).plan

    def _instead(self, runs: Sequence[Run], aside: Sequence[Run]) -> Plan[References] | None:
        references, left = self._references(runs), iter(aside)
        seen = self._own(iter(runs))
        tries = dict(self.tries)
        for check in self.checks:
            exact = seen[check][0]
            copies = [list(islice(left, len(exact))) for _ in copies_beside(check, self._exact(check))]
            found = to_draw_again(check, self.solution, self.key.seed, exact, copies, references[check.name])
            before = self._tries(check)
            after = before.after(*found, len(indices(check)))
            if after is not before:
                tries[check.name] = after
        return None if tries == self.tries else replace(self, tries=tries).plan

    @property
    def _note(self) -> bytes:
        """What was settled: of each check, the draws that are passed over, and whether it jumps all the same."""
        found: dict[str, list[object]] = {
            name: [self.tries.get(name, Tries()).passed_over, bool(self.tries.get(name, Tries()).kinked)]
            for name in sorted({*self.tries, *self.layouts})
        }
        for name, layouts in self.layouts.items():
            found[name].append(layouts)
        if self.files:
            files = [[(file.name, file.content) for file in some] for some in self.files]
            found[_OF_ALL] = [(), False, {}, files]
        made = {maker: kept(data) for maker, data in self.data.items()}
        return msgspec.json.encode((found, made) if made else found)

    def _noted(self, note: bytes) -> Plan[References]:
        """Return the plan of a note.

        Raises:
            ValueError: where it is not a note on these checks. In the students' copy anybody may have written it.
        """
        try:
            noted = msgspec.json.decode(note, type=_Note | tuple[_Note, dict[str, KeptData]])
        except msgspec.MsgspecError as error:
            raise ValueError(str(error)) from None
        said, made = noted if isinstance(noted, tuple) else (noted, {})
        data = {maker: data_from(each) for maker, each in made.items()}
        wanted = {check.data.maker: check.data.names for check in self.work.checks if check.data}
        if {maker: tuple(name for name, _ in (*each.train, *each.test)) for maker, each in data.items()} != wanted:
            raise ValueError("not the data of these checks")
        counts = {check.name: len(indices(check)) for check in self.work.checks}
        if any(len(each.passed) not in (0, counts.get(name)) for name, each in said.items()):
            raise ValueError("not a note on these checks")
        known = {name: each for name, each in said.items() if name in counts}
        tries = {
            name: Tries(tuple(each.passed), kinked=frozenset(range(counts[name]) if each.jumps else ()))
            for name, each in known.items()
            if each.passed or each.jumps
        }
        layouts = {
            name: {module: tuple((slot, tuple(size)) for slot, size in own) for module, own in each.layouts.items()}
            for name, each in known.items()
            if each.layouts
        }
        files = tuple(
            tuple(GivenFile(name, content) for name, content in some)
            for some in (said[_OF_ALL].made if _OF_ALL in said else ())
        )
        if any(tuple(file.name for file in some) != self.work.varied for some in files):
            raise ValueError("not a note on these files")
        return replace(self, tries=tries, layouts=layouts, settled=True, data=data, files=files).plan

    def _right(self) -> dict[str, Source]:
        """Return the other right programs, by the names of their files; `course check` tells what cannot be read.

        Where a check trains they are not looked at: what the solution reaches is what is asked.
        """
        if self.key.released is not None:
            # Of them the students' copy has only what they were seen to do, behind a note.
            counts = [(len(self._exact(check)), check.data is not None) for check in self.checks]
            trained, drawn = (sum(count for count, trains in counts if trains is each) for each in (True, False))
            others = (len(self.key.released.reference) - 1 - trained) // drawn - 2 if drawn else 0
            return {str(place): Source("", "") for place in range(others)}
        read = {shown: program_of_ours(content, shown) for shown, content in self.key.right}
        return {shown: source for shown, source in read.items() if isinstance(source, Source)}

    def _exact(self, check: Check) -> tuple[ProgramJob, ...]:
        text, filename = self.solution.text, self.solution.filename
        # What is trained is held to what programs reach that are run as a student's.
        dtype = "float32" if check.data is not None else "float64"
        return program_jobs(check, text, filename, self.key.seed, self.work, dtype=dtype, ours=True)

    def _twin(self, check: Check) -> tuple[ProgramJob, ...]:
        if check.data is not None:
            return ()
        return twin_jobs(check, self.solution.text, self.solution.filename, self.key.seed, self.work)

    def _own(self, runs: Iterator[Run]) -> dict[Check, list[list[Run]]]:
        """Return the solution's runs of each check: those in float64, and the others."""
        counts = {check: (len(self._exact(check)), len(self._twin(check))) for check in self.checks}
        return {check: [list(islice(runs, count)) for count in both] for check, both in counts.items()}

    def _references(self, runs: Sequence[Run]) -> References:
        left = iter(runs)
        own = self._own(left)
        others = {
            shown: {check: list(islice(left, len(exact))) for check, (exact, _) in own.items() if check.data is None}
            for shown in self._right()
        }
        references = {}
        for check, (exact, twin) in own.items():
            rights = {shown: seen[check] for shown, seen in others.items() if check in seen}
            try:
                if check.data is None:
                    found = reference_of(check, self.solution, self.key.seed, exact, twin, rights)
                else:
                    from grader.core.judge.reached import reference_reached

                    found = replace(reference_reached(check, self.solution, exact), made=check.made)
            except ReferenceFault as fault:
                message = say("check {check}: {what}", check=fault.check, what=fault.message)
                raise self.key.invalid(message) from None
            kinks = (kinked(check.name),) if self._tries(check).kinked else ()
            references[check.name] = replace(
                found, kinks=kinks, passed_over=check.passed_over, made=check.made, made_files=check.made_files
            )
        return references
