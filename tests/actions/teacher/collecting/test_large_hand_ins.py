"""Files as large as any may be: they are told apart and joined, and are not all in memory at once."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

from grader.actions.teacher.collecting.joined import joined
from grader.actions.teacher.collecting.unclear import of_person
from grader.core.course.policies.trust import Trust
from grader.core.people.clues import Person
from grader.core.program.source import MOST_BYTES
from grader.store.downloads.download import HandedIn
from grader.store.downloads.tree import File
from grader.store.students.matches import Matches
from grader.store.students.plain_files import read_plain_file
from grader.store.students.several_files import read_folder

LARGE = 4 * 2**20


def handed_in(path: tuple[str, ...], sign: str) -> HandedIn:
    file = File(path, None, Trust.FILE, lambda: sign.encode() * LARGE)
    return HandedIn("ali", Person(), path, file, None, Trust.FILE)


def test_files_of_one_name_are_told_apart_without_keeping_them_all() -> None:
    files = [handed_in((f"a{n}", "4.5.py"), str(n % 5)) for n in range(20)]
    tracemalloc.start()
    work = of_person("folders", files, Matches(()), ("4.5",), None, lambda *_: None)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [each.file.path[0] for each, *_ in work.open] == ["a0", "a1", "a2", "a3", "a4"]
    assert peak < 3 * LARGE


def test_large_files_that_are_one_submission_are_recorded_as_from_a_students_own_folder(tmp_path: Path) -> None:
    names = ("net.py", "train.py")
    for name, sign in zip(names, "xż", strict=True):
        (tmp_path / name).write_bytes(sign.encode() * LARGE)
    theirs = [handed_in(("ali", name), sign) for name, sign in zip(names, "xż", strict=True)]
    (whole,) = joined(theirs, {"4.5": names}, ("4.5",))
    found = read_folder(tmp_path, names, read_plain_file)
    assert found is not None
    assert whole.file.read() == found[0]
    assert len(found[0]) < 3 * MOST_BYTES


def test_of_large_files_that_are_one_submission_only_the_beginning_is_kept() -> None:
    names = tuple(f"part_{n}.py" for n in range(10))
    (whole,) = joined([handed_in(("ali", name), "x") for name in names], {"4.5": names}, ("4.5",))
    tracemalloc.start()
    content = whole.file.read()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert content.count(b"# ==== file part_") == 10
    assert peak < 4 * LARGE
