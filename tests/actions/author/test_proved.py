"""What was found in order is not proved again until it, or what it rests on, is another."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from grader.actions.author.check import Checked
from grader.actions.author.proved import Proved
from grader.core.proof.findings import Finding
from grader.core.words.errors import Position
from grader.core.words.message import say
from grader.grading.proof.proof import CheckRequest, Proof, begun
from grader.store.course.course_files import find_course

WITH_MUTANTS = CheckRequest("none", 20, mutate=lambda solution: [])
WITHOUT = CheckRequest("none", 20)
FINDING = Finding("text-missing", Position("course.yaml", 1, 1), say("this is missing"))


@pytest.fixture(autouse=True)
def _empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))


def proof_of(course: Path, id: str = "4.1") -> Proof:
    return begun(find_course(course), id, WITHOUT)


def left(course: Path, request: CheckRequest = WITHOUT) -> list[str]:
    return Proved(find_course(course), request).unproved(["4.1", "4.6"])


def keep(course: Path, *proofs: Proof, request: CheckRequest = WITHOUT, findings: tuple[Finding, ...] = ()) -> None:
    Proved(find_course(course), request).keep(Checked(proofs, findings))


def test_what_was_in_order_is_left_out(course: Path) -> None:
    assert left(course) == ["4.1", "4.6"]
    keep(course, proof_of(course))
    assert left(course) == ["4.6"]


@pytest.mark.parametrize(
    "file", ["exercises/4.6/exercise.yaml", "solutions/4.6/right/lecture_style.py", "solutions/4.6/wrong/new.py"]
)
def test_what_has_changed_is_proved_again_and_no_other(course: Path, file: str) -> None:
    keep(course, proof_of(course), proof_of(course, "4.6"))
    path = course / file
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    # Copies of the course share the programs.
    path.unlink(missing_ok=True)
    path.write_text(text + "\n", encoding="utf-8")
    assert left(course) == ["4.6"]


def test_a_file_under_another_name_is_a_change(course: Path) -> None:
    keep(course, proof_of(course, "4.6"))
    (course / "solutions/4.6/right/lecture_style.py").rename(course / "solutions/4.6/right/another.py")
    assert "4.6" in left(course)


def test_all_rests_on_course_yaml(course: Path) -> None:
    keep(course, proof_of(course), proof_of(course, "4.6"))
    with (course / "course.yaml").open("a", encoding="utf-8") as file:
        file.write("# a word\n")
    assert left(course) == ["4.1", "4.6"]


def with_plugin(course: Path, *packages: str) -> Proved:
    files = find_course(course)
    own = replace(files.course, plugins=("own_kinds.mean",), packages=packages or None)
    return Proved(replace(files, course=own), WITHOUT)


@pytest.mark.parametrize("name", ["mean.py", "deeper/common.py"])
def test_all_rests_on_the_plugins_and_on_what_they_import(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    file = tmp_path / "plugins" / "own_kinds" / name
    file.parent.mkdir(parents=True)
    file.write_text("x = 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path / "plugins")
    with_plugin(course).keep(Checked((proof_of(course),), ()))
    assert with_plugin(course).unproved(["4.1"]) == []
    file.write_text("x = 2\n", encoding="utf-8")
    assert with_plugin(course).unproved(["4.1"]) == ["4.1"]


def test_all_rests_on_the_files_beside_a_plugin_of_one_file(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("plugins", "site-packages"):
        (tmp_path / folder).mkdir()
        monkeypatch.syspath_prepend(tmp_path / folder)
        for name in ("kind_in_one_file", "shared_by_kinds"):
            (tmp_path / folder / f"{name}.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "site-packages" / "kind_in_one_file.py").unlink()
    (tmp_path / "site-packages" / "installed_kind.py").write_text("x = 1\n", encoding="utf-8")

    def proved() -> Proved:
        files = find_course(course)
        own = replace(files.course, plugins=("kind_in_one_file", "installed_kind"))
        return Proved(replace(files, course=own), WITHOUT)

    proved().keep(Checked((proof_of(course),), ()))
    (tmp_path / "site-packages" / "shared_by_kinds.py").write_text("x = 2\n", encoding="utf-8")
    assert proved().unproved(["4.1"]) == []
    (tmp_path / "plugins" / "shared_by_kinds.py").write_text("x = 2\n", encoding="utf-8")
    assert proved().unproved(["4.1"]) == ["4.1"]


def test_all_rests_on_the_versions_of_the_packages(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_plugin(course, "pandas").keep(Checked((proof_of(course),), ()))
    assert with_plugin(course, "pandas").unproved(["4.1"]) == []
    monkeypatch.setattr(
        "grader.actions.author.proved.version", lambda name: "99" if name == "pandas" else version(name)
    )
    assert with_plugin(course, "pandas").unproved(["4.1"]) == ["4.1"]


def test_what_has_a_finding_is_proved_again(course: Path) -> None:
    proof = proof_of(course)
    proof.findings.append(FINDING)
    keep(course, proof)
    assert "4.1" in left(course)


def test_nothing_is_in_order_while_course_yaml_is_not(course: Path) -> None:
    keep(course, proof_of(course), findings=(FINDING,))
    assert "4.1" in left(course)


def test_what_was_in_order_with_mutants_is_so_without_but_not_the_other_way_round(course: Path) -> None:
    keep(course, proof_of(course), request=WITH_MUTANTS)
    keep(course, proof_of(course, "4.6"))
    assert (left(course), left(course, WITH_MUTANTS)) == ([], ["4.6"])


def test_fewer_seeds_prove_nothing_for_more(course: Path) -> None:
    keep(course, proof_of(course), request=CheckRequest("none", 1))
    assert "4.1" in left(course)


def test_a_cache_that_cannot_be_written_costs_a_proof_and_no_more(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "file"))
    keep(course, proof_of(course))
    assert "4.1" in left(course)
