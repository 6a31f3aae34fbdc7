"""Several files that are one submission, as a download holds them: beside each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from grader.core.course.file_names import exercises_named
from grader.store.downloads.download import HandedIn
from grader.store.downloads.tree import File
from grader.store.students.several_files import first_of, program_of


def joined(
    theirs: Sequence[HandedIn], several: Mapping[str, Sequence[str]], ids: Collection[str]
) -> Iterator[HandedIn]:
    """Yield a person's files, with one in place of those that an exercise asks for together.

    They are known by a folder that is called as the exercise, or by being all that exactly one exercise asks for.

    Args:
        several: the names of the files, by exercise, where an exercise asks for more than one.
        ids: of the course's exercises.
    """
    folders: dict[tuple[str, ...], list[HandedIn]] = {}
    for each in theirs:
        folders.setdefault(each.path[:-1], []).append(each)
    for folder, files in folders.items():
        here = {each.path[-1]: each for each in files if each.path}
        named = exercises_named(folder, ids)
        found = [
            id
            for id, names in several.items()
            if here.keys() & set(names) and (id in named or here.keys() >= set(names))
        ]
        if len(found) != 1:
            yield from files
            continue
        (exercise,) = found
        parts = {name: here[name] for name in several[exercise] if name in here}
        yield _one(exercise, parts)
        yield from (each for each in files if each not in parts.values())


def _one(exercise: str, parts: Mapping[str, HandedIn]) -> HandedIn:
    # The last one handed in says when.
    last = max(parts.values(), key=lambda each: each.moment.timestamp() if each.moment else 0.0)
    name = f"{exercise}.py"

    def read() -> bytes:
        return program_of({name: first_of(each.file.read()) for name, each in parts.items()})

    file = File((*last.file.path[:-1], name), last.file.changed, last.file.trust, read)
    return replace(last, path=(*last.path[:-1], name), file=file)
