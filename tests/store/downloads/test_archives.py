"""Archives that somebody made to harm: nothing is unpacked, nothing leaves the archive, nothing takes all memory."""

from __future__ import annotations

import io
import os
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.course.policies.trust import Trust
from grader.core.words.errors import UsageFault
from grader.store.downloads import tree as trees
from grader.store.downloads.tree import MOST_BYTES, TooMuch, Tree, read_tree

ZONE = ZoneInfo("Asia/Tashkent")
STEADY = settings(deadline=None, derandomize=True, max_examples=60)


def zipped(entries: dict[str, bytes] | list[tuple[str, bytes]], compressed: bool = False) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED) as file:
        for name, data in entries.items() if isinstance(entries, dict) else entries:
            info = zipfile.ZipInfo(name, (2026, 11, 20, 18, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
            file.writestr(info, data)
    return content.getvalue()


def tree_of(tmp_path: Path, content: bytes) -> Tree:
    path = tmp_path / "download.zip"
    path.write_bytes(content)
    return read_tree(path, ZONE)


def why(tree: Tree) -> dict[str, str]:
    return {left.path: left.why.said(str) for left in tree.left}


@pytest.mark.parametrize(
    "name", ["../4.1.py", "a/../../4.1.py", "/etc/4.1.py", "C:\\4.1.py", "a\\..\\..\\4.1.py", "\\\\host\\4.1.py"]
)
def test_a_name_that_leads_out_is_left_aside_and_told(tmp_path: Path, name: str) -> None:
    tree = tree_of(tmp_path, zipped({name: b"1", "4.2.py": b"2"}))
    assert [file.path for file in tree.files] == [("4.2.py",)]
    assert list(why(tree).values()) == ["its name leads out of the archive"]


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        (stat.S_IFLNK | 0o777, "links are not followed"),
        (stat.S_IFIFO | 0o666, "it is not a plain file"),
        (stat.S_IFCHR | 0o666, "it is not a plain file"),
    ],
    ids=["link", "pipe", "device"],
)
def test_what_is_no_plain_file_is_left_aside(tmp_path: Path, mode: int, said: str) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        info = zipfile.ZipInfo("4.1.py")
        info.external_attr = mode << 16
        file.writestr(info, "/etc/passwd")
    tree = tree_of(tmp_path, content.getvalue())
    assert (tree.files, why(tree)) == ((), {"4.1.py": said})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a/4.1.py", "A/4.1.PY"),
        ("Amélie/4.1.py", "Ame\u0301lie/4.1.py"),
        ("a/4.1.py", "a/4.1.py"),
        ("a\\b.py", "a/b.py"),
    ],
    ids=["case", "accents", "same", "separators"],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_that_one_name_would_hold_are_both_left_aside(tmp_path: Path, one: str, other: str) -> None:
    tree = tree_of(tmp_path, zipped([(one, b"1"), (other, b"2"), ("c.py", b"3")]))
    assert [file.path for file in tree.files] == [("c.py",)]
    assert set(why(tree).values()) == {"several files have this name"}


def test_a_bomb_is_too_large_and_takes_no_more_memory_than_a_submission_may(tmp_path: Path) -> None:
    (tmp_path / "bomb.zip").write_bytes(zipped({"4.1.py": b"\0" * (40 * MOST_BYTES // 10)}, compressed=True))
    (file,) = read_tree(tmp_path / "bomb.zip", ZONE).files
    tracemalloc.start()
    with pytest.raises(TooMuch):
        file.read()
    assert tracemalloc.get_traced_memory()[1] < 3 * MOST_BYTES
    tracemalloc.stop()


def test_archives_in_archives_are_opened_three_deep(tmp_path: Path) -> None:
    content = zipped({"4.1.py": b"deep"})
    for depth in range(5):
        content = zipped({f"{depth}.zip": content, f"{depth}.py": b"x"})
    tree = tree_of(tmp_path, content)
    assert [file.path[-1] for file in tree.files] == ["2.py", "3.py", "4.py"]
    assert why(tree) == {"4.zip/3.zip/2.zip": "archives in archives are opened three deep"}


def test_archives_in_archives_are_unpacked_to_a_bound_and_only_those_of_one_person_pay_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = zipped({"4.1.py": b"x" * 500})
    monkeypatch.setattr(trees, "_MOST_INNER", 4 * len(inner))
    ali = zipped({f"{n}.zip": inner for n in range(5)})
    tree = tree_of(tmp_path, zipped({"ali.zip": ali, "vali.zip": zipped({"0.zip": inner}), "zuhra.zip": ali}))
    assert [file.path[:-1] for file in tree.files] == [("vali.zip", "0.zip")]
    assert set(why(tree)) == {f"{name}.zip/{n}.zip" for name in ("ali", "zuhra") for n in range(5)}
    monkeypatch.setattr(trees, "_MOST_INNER", 2**20)
    assert len(tree_of(tmp_path, zipped({"ali.zip": ali})).files) == 5


def test_what_is_no_archive_takes_of_the_bound_what_was_unpacked_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trees, "_MOST_INNER", 40 * 2**20)
    bombs = zipped({f"{n}.zip": b"\0" * (MOST_BYTES + n % 2) for n in range(4)}, compressed=True)
    tree = tree_of(tmp_path, zipped({"ali.zip": bombs, "vali.zip": zipped({"4.1.py": b"1"})}))
    assert [file.path for file in tree.files] == [("vali.zip", "4.1.py")]
    over = "together with the archives beside it, it is over 40 MiB; unpack it, and give the folder"
    assert list(why(tree).values()) == ["it is not a zip archive, or it is cut off", "it is too large", over, over]


def test_a_class_may_hand_in_archives_of_any_size_together_and_they_take_the_memory_of_a_few(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "class.zip", "w", zipfile.ZIP_DEFLATED) as file:
        for n in range(20):
            file.writestr(f"{n}.zip", zipped({"4.1.py": bytes([n]) * 3_000_000, "4.2.py": b"2"}))
    tracemalloc.start()
    tree = read_tree(tmp_path / "class.zip", ZONE)
    assert [file.read()[:1] for file in tree.files if file.name == "4.1.py"] == [bytes([n]) for n in range(20)]
    # Read against the order: each archive is unpacked again.
    assert {file.read() for file in reversed(tree.files) if file.name == "4.2.py"} == {b"2"}
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert not tree.left and peak < 30_000_000


def test_an_archive_with_more_names_than_anybody_hands_in_is_left_aside_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trees, "_MOST_NAMES", 10)
    monkeypatch.setattr(trees, "MOST_FILES", 20)
    many = zipped({f"{n}.py": b"" for n in range(11)})
    few = zipped({f"{n}.py": b"" for n in range(9)})
    parts = {"ali.zip": many, "vali.zip": few, "zuhra.zip": zipped({"1.zip": few, "2.zip": few}), "olim.zip": few}
    tree = tree_of(tmp_path, zipped(parts))
    assert why(tree) == {
        "ali.zip": "it lists too many files",
        "zuhra.zip": "it lists too many files",
    }
    assert len(tree.files) == 18
    locked = zipped({f"../{n}.py": b"" for n in range(11)})
    assert list(why(tree_of(tmp_path, zipped({"ali.zip": locked})))) == ["ali.zip"]


def test_work_is_read_beside_the_thousands_of_files_of_a_repository(tmp_path: Path) -> None:
    objects = {f".git/objects/{n:04x}": b"" for n in range(7_000)}
    archives = {f"{n}.zip": zipped({f"4.{n}.py": b"1", **objects}) for n in range(3)}
    tree = tree_of(tmp_path, zipped({"ali.zip": zipped(archives, compressed=True)}))
    assert not tree.left and [file.name for file in tree.files] == ["4.0.py", "4.1.py", "4.2.py"]


def test_archives_of_what_is_no_work_are_not_listed_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trees, "_MOST_NAMES", 100)
    junk = zipped({f".git/{n}": b"" for n in range(90)})
    archives = {f"{n}.zip": junk for n in range(10)}
    tree = tree_of(tmp_path, zipped({"ali.zip": zipped(archives, compressed=True)}))
    assert why(tree)["ali.zip/9.zip"] == "it lists too many files"


def test_names_that_are_refused_count_as_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "MOST_FILES", 10)
    with pytest.raises(UsageFault, match="more than"):
        tree_of(tmp_path, zipped({f"../{n}.py": b"" for n in range(11)}))


def test_an_archive_that_changed_after_it_was_listed_is_an_error_of_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trees, "_MOST_KEPT", 0)
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "ali.zip").write_bytes(zipped({"4.1.py": b"1", "4.2.py": b"2"}))
    one, other = read_tree(folder, ZONE).files
    (folder / "ali.zip").write_bytes(zipped({"4.1.py": b"3"}))
    assert one.read() == b"3"
    with pytest.raises(OSError, match="changed"):
        other.read()
    (folder / "ali.zip").write_bytes(b"no zip")
    with pytest.raises(OSError, match="changed"):
        one.read()


def test_more_files_than_any_class_hands_in_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "MOST_FILES", 10)
    with pytest.raises(UsageFault, match="more than"):
        tree_of(tmp_path, zipped({f"{n}.py": b"" for n in range(11)}))


def test_an_entry_behind_a_password_is_told(tmp_path: Path) -> None:
    content = bytearray(zipped({"4.1.py": b"1"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    assert why(tree_of(tmp_path, bytes(content))) == {"4.1.py": "it is locked with a password"}


def test_a_damaged_entry_is_an_error_of_reading(tmp_path: Path) -> None:
    content = bytearray(zipped({"4.1.py": b"dloss_dw"}))
    content[content.index(b"dloss")] ^= 1
    (file,) = tree_of(tmp_path, bytes(content)).files
    with pytest.raises(OSError, match="CRC"):
        file.read()


@pytest.mark.parametrize("place", range(0, 60, 4))
def test_what_cannot_be_unpacked_is_an_error_of_reading(tmp_path: Path, place: int) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("4.1.py", bytes(range(256)) * 4)
    damaged = bytearray(content.getvalue())
    damaged[damaged.index(b"4.1.py") + 6 + place] ^= 0x5A
    (found,) = tree_of(tmp_path, bytes(damaged)).files
    with pytest.raises(OSError):  # noqa: PT011
        found.read()


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2], ids=["lzma", "bzip2"])
@pytest.mark.parametrize("name", ["4.1.py", "inner.zip"])
def test_a_method_whose_memory_cannot_be_bounded_is_not_unpacked(tmp_path: Path, method: int, name: str) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as file:
        file.writestr(name, b"\0" * 8_000_000)
    assert len(content.getvalue()) < 50_000
    tracemalloc.start()
    tree = tree_of(tmp_path, content.getvalue())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    said = "it is packed by a method that is not read here; unpack it, and pack it as an ordinary zip"
    assert (tree.files, why(tree)) == ((), {name: said}) and peak < 2_000_000


@pytest.mark.parametrize("name", ["4.1.py", "inner.zip"])
def test_an_entry_that_lies_beyond_any_file_is_an_error_of_reading(tmp_path: Path, name: str) -> None:
    content = bytearray(zipped({name: b"dloss_dw", "4.2.py": b"2"}))
    at = content.index(b"PK\x01\x02")
    place = struct.pack("<HHQ", 1, 8, 2**63)
    content[at + 30 : at + 32] = len(place).to_bytes(2, "little")
    content[at + 42 : at + 46] = b"\xff" * 4
    behind = at + 46 + len(name)
    content[behind:behind] = place
    end = content.rindex(b"PK\x05\x06")
    content[end + 12 : end + 16] = (end - at).to_bytes(4, "little")
    tree = tree_of(tmp_path, bytes(content))
    inner = zipped({"ali.zip": bytes(content)})
    (tmp_path / "inner").mkdir()
    for found in (tree, tree_of(tmp_path / "inner", inner)):
        assert {file.name for file in found.files} | {place.rpartition("/")[2] for place in why(found)} == {
            name,
            "4.2.py",
        }
        for file in found.files:
            if file.name == "4.2.py":
                assert file.read() == b"2"
            else:
                with pytest.raises(OSError):  # noqa: PT011
                    file.read()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is not a zip archive, or it is cut off"),
        (b"Rar!\x1a\x07", "RAR archives are not read"),
        (b"7z\xbc\xaf\x27\x1c", "7z archives are not read"),
        (zipped({"a": b"1"})[:-30], "it is not a zip archive, or it is cut off"),
    ],
)
def test_what_is_no_zip_is_told_as_what_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(UsageFault) as fault:
        tree_of(tmp_path, content)
    assert said in fault.value.messages[0].said(str)


def test_an_archive_that_lists_too_much_is_not_listed(tmp_path: Path) -> None:
    content = bytearray(zipped({"4.1.py": b"1"}))
    at = content.rindex(b"PK\x05\x06")
    content[at + 12 : at + 16] = (2**31).to_bytes(4, "little")
    with pytest.raises(UsageFault) as fault:
        tree_of(tmp_path, bytes(content))
    assert "lists too many files" in fault.value.messages[0].said(str)


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        *(("Oʻktam", "utf-8"), ("Ўрмонова Нодира", "cp866"), ("Каримова Нодира (2)", "cp1251"), ("задача 4", "cp1251")),
        *(("Müller José", "cp437"), ("Karimova №2", "cp866"), ("Карим Ali", "cp866")),
    ],
)
def test_names_without_a_flag_are_read_in_the_encoding_that_their_bytes_are_in(
    tmp_path: Path, name: str, encoding: str
) -> None:
    raw = name.encode(encoding)
    content = zipped({"x" * len(raw) + "/4.1.py": b"1"}).replace(b"x" * len(raw), raw)
    assert [file.path for file in tree_of(tmp_path, content).files] == [(name, "4.1.py")]


def test_what_systems_and_editors_leave_behind_is_no_file(tmp_path: Path) -> None:
    names = ("__MACOSX/._4.1.py", ".ipynb_checkpoints/4.1.ipynb", "venv/lib/a.py", ".git/hooks/x.py", "a/.DS_Store")
    assert tree_of(tmp_path, zipped(dict.fromkeys(names, b""))).files == ()


def test_a_folders_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("secret", encoding="utf-8")
    folder = tmp_path / "class" / "ali"
    folder.mkdir(parents=True)
    (folder / "4.1.py").symlink_to(tmp_path / "secret.py")
    (folder / "all").symlink_to(tmp_path)
    os.mkfifo(folder / "4.2.py")
    tree = read_tree(tmp_path / "class", ZONE)
    assert tree.files == () and set(why(tree).values()) == {"links are not followed"}


@pytest.mark.parametrize(
    ("lacks", "place", "said"),
    [
        ("scandir", "closed", "Permission denied"),
        ("is_dir", "closed", "Permission denied"),
        ("stat", "closed/4.1.py", "Permission denied"),
        ("time", "closed/4.1.py", "its time is out of range"),
    ],
)
def test_what_cannot_be_read_of_a_folder_is_left_aside_by_its_own_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lacks: str, place: str, said: str
) -> None:
    # By a fake: nothing is closed to who runs tests as root, and few file systems know every time.
    for name in ("ali", "closed", "vali"):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "4.1.py").write_text("1", encoding="utf-8")
    scan = os.scandir

    class Entry:
        def __init__(self, entry: os.DirEntry[str]) -> None:
            self.name, self.path, self.entry = entry.name, entry.path, entry
            self.is_symlink = entry.is_symlink

        def refuse(self, call: str) -> None:
            if lacks == call and "closed" in self.path:
                raise PermissionError(13, "Permission denied")

        def is_dir(self, *, follow_symlinks: bool = True) -> bool:
            self.refuse("is_dir")
            return self.entry.is_dir(follow_symlinks=follow_symlinks)

        def stat(self) -> SimpleNamespace:
            self.refuse("stat")
            about = self.entry.stat()
            moment = 1e20 if lacks == "time" and "closed" in self.path else about.st_mtime
            return SimpleNamespace(st_mode=about.st_mode, st_mtime=moment)

    @contextmanager
    def scandir(folder: Path) -> Iterator[Iterator[Entry]]:
        if lacks == "scandir" and folder.name == "closed":
            raise PermissionError(13, "Permission denied")
        with scan(folder) as found:
            yield map(Entry, found)

    monkeypatch.setattr(os, "scandir", scandir)
    tree = read_tree(tmp_path / "class", ZONE)
    assert {file.path for file in tree.files} == {("ali", "4.1.py"), ("vali", "4.1.py")}
    assert why(tree) == {place: f"it cannot be read: {said}"}


@pytest.mark.skipif(os.geteuid() == 0 if hasattr(os, "geteuid") else True, reason="nothing is closed to root")
@pytest.mark.parametrize("mode", [0o000, 0o644])
def test_a_closed_folder_is_left_aside(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "class" / "closed"
    folder.mkdir(parents=True)
    (folder / "4.1.py").write_text("1", encoding="utf-8")
    (tmp_path / "class" / "4.2.py").write_text("2", encoding="utf-8")
    folder.chmod(mode)
    try:
        tree = read_tree(tmp_path / "class", ZONE)
    finally:
        folder.chmod(0o755)
    assert [file.path for file in tree.files] == [("4.2.py",)]
    assert [each.split("/")[0] for each in why(tree)] == ["closed"]


@STEADY
@given(st.binary(max_size=200), st.integers(0, 400))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, noise: bytes, place: int) -> None:
    content = zipped({"ali/4.1.py": b"1" * 50, "vali/4.2.py": b"2"}, compressed=True)
    content = content[:place] + noise + content[place + len(noise) :]
    try:
        tree = tree_of(tmp_path_factory.getbasetemp(), content)
    except UsageFault:
        return
    for file in tree.files:
        assert ".." not in file.path and file.trust is Trust.ARCHIVE
        try:
            file.read()
        except (OSError, TooMuch):
            pass
