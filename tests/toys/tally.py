"""An export format from outside the package, in one file: how many students have a grade for each exercise."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from grader.actions.teacher.results.export_format import Exported, GradeExport, Grades
from grader.core.words.message import say
from grader.core.words.options import option
from grader.store.machine.files import write_text


@dataclass(frozen=True)
class TallyOptions:
    out: Path = option(say("File to write."), say("FILE"))
    heading: str = option(say("First line of the file."), say("TEXT"), default="tally")
    shout: bool = option(say("Write in capitals."), default=False)


def _export(grades: Grades, options: TallyOptions) -> Exported:
    counts = Counter({exercise.id: 0 for exercise in grades.chosen.exercises})
    counts.update(each.grade.exercise for each in grades.standings() if each.grade.points is not None)
    text = "".join(f"{line}\n" for line in (options.heading, *(f"{id} {count}" for id, count in counts.items())))
    write_text(options.out, text.upper() if options.shout else text)
    return Exported(say("{count} exercises counted", count=len(counts)))


EXPORT = GradeExport(
    word="tally", summary=say("Count grades."), example="--out tally.txt", options=TallyOptions, write=_export
)
