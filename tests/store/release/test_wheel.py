"""The grader in a students' copy: a wheel that an installer takes, and a wheelhouse for who has no network."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from repository import ROOT

import grader
from grader.core.words.errors import UsageFault
from grader.store.release.wheel import required, wheel
from grader.store.release.wheelhouse import put_wheels, wheels_in


@pytest.fixture(scope="module")
def packed() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(wheel()[1]))


def test_it_is_called_as_an_installer_expects() -> None:
    assert wheel()[0] == f"course_grader-{grader.__version__}-py3-none-any.whl"


def test_every_file_is_in_its_record_with_its_digest(packed: zipfile.ZipFile) -> None:
    (name,) = (each for each in packed.namelist() if each.endswith("/RECORD"))
    listed = {row[0]: row[1] for row in csv.reader(io.StringIO(packed.read(name).decode()))}
    assert listed.keys() == set(packed.namelist())
    for each in packed.namelist():
        digest = base64.urlsafe_b64encode(hashlib.sha256(packed.read(each)).digest()).rstrip(b"=").decode()
        assert listed[each] == ("" if each == name else f"sha256={digest}")


def test_it_holds_the_catalogues_the_command_and_no_file_of_the_repository(packed: zipfile.ZipFile) -> None:
    names = packed.namelist()
    assert {"grader/locale/uz/LC_MESSAGES/grader.mo", "grader/locale/en/LC_MESSAGES/grader.mo"} < set(names)
    own = {each for each in names if "/" in each and each.split("/")[0] not in ("grader",)}
    assert {each.split("/")[1] for each in own} == {"METADATA", "entry_points.txt", "WHEEL", "RECORD"}
    text = packed.read(next(each for each in names if each.endswith("entry_points.txt"))).decode()
    assert "course = grader.cli:main" in text
    assert not [each for each in names if "__pycache__" in each or each.startswith(("tests", "solutions"))]
    installed = {f"grader/{path.relative_to(ROOT / 'grader').as_posix()}" for path in ROOT.glob("grader/**/*.py")}
    assert installed <= set(names)


def test_requirements_name_a_file_and_no_package_of_an_index() -> None:
    line, files = required()
    assert line == f"./{wheel()[0]}" and files == {line[2:]: wheel()[1]}


def test_the_same_grader_is_the_same_file() -> None:
    assert wheel() == wheel()


def test_a_wheelhouse_without_torch_is_refused_with_the_two_lines_that_fill_it(tmp_path: Path) -> None:
    (tmp_path / "numpy-2.0-cp311-cp311-win_amd64.whl").write_bytes(b"")
    with pytest.raises(UsageFault) as told:
        wheels_in(tmp_path)
    assert told.value.messages[0].said(str).count("pip download") == 2


def test_wheels_are_copied_and_nothing_else(tmp_path: Path) -> None:
    house = tmp_path / "house"
    house.mkdir()
    for name in ("torch-2.13.0+cpu-cp311-cp311-win_amd64.whl", "notes.txt", "evil.whl"):
        (house / name).write_bytes(b"PK")
    wheels = wheels_in(house)
    put_wheels(wheels, tmp_path / "copy")
    assert [path.name for path in (tmp_path / "copy" / "wheelhouse").iterdir()] == [wheels[0].name]
