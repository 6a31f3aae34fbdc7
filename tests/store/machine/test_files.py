"""Files are written whole or not at all, and who is at fault is told by the error."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.core.words.errors import NotWritten, UsageFault
from grader.store.machine.files import unwritable, write_file, write_once, write_whole, writing
from grader.store.machine.new_files import write_new

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def cut_off(path: Path) -> None:
    """Write as where the disk is full after a few bytes."""
    with writing(path) as file:
        file.write(b"half")
        raise FULL


class TestAFile:
    def test_that_is_cut_off_leaves_what_was_there(self, tmp_path: Path) -> None:
        (tmp_path / "grades.csv").write_text("old")
        with pytest.raises(OSError, match="No space left"):
            cut_off(tmp_path / "grades.csv")
        assert (tmp_path / "grades.csv").read_text() == "old" and len(list(tmp_path.iterdir())) == 1

    def test_that_is_cut_off_where_there_was_none_leaves_nothing(self, tmp_path: Path) -> None:
        with pytest.raises(OSError, match="No space left"):
            cut_off(tmp_path / "grades.csv")
        assert list(tmp_path.iterdir()) == []

    def test_keeps_its_mode(self, tmp_path: Path) -> None:
        (tmp_path / "x").write_text("old")
        (tmp_path / "x").chmod(0o640)
        write_whole(tmp_path / "x", b"new")
        assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o640

    def test_that_is_private_is_nobody_elses_to_read(self, tmp_path: Path) -> None:
        path = tmp_path / "links.csv"
        path.write_bytes(b"old")
        path.chmod(0o644)
        write_file(path, b"new", private=True)
        write_file(tmp_path / "more.csv", b"new", private=True)
        modes = [stat.S_IMODE(each.stat().st_mode) for each in (path, tmp_path / "more.csv")]
        assert modes == [0o600, 0o600] and path.read_bytes() == b"new"

    def test_behind_a_link_is_written_and_the_link_stays(self, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere" / "x").write_text("old")
        (tmp_path / "link").symlink_to(tmp_path / "elsewhere" / "x")
        write_whole(tmp_path / "link", b"new")
        assert (tmp_path / "link").is_symlink() and (tmp_path / "elsewhere" / "x").read_text() == "new"

    @pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
    def test_that_is_a_device_is_written_to(self) -> None:
        write_file(Path(os.devnull), b"x")
        with pytest.raises(NotWritten):
            write_file(Path("/dev/full"), b"x")
        assert Path("/dev/full").is_char_device() and Path(os.devnull).is_char_device()

    @pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
    def test_in_a_folder_that_is_closed_is_written_where_it_is_ones_own(self, tmp_path: Path) -> None:
        (tmp_path / "x").write_text("old")
        tmp_path.chmod(0o555)
        try:
            write_whole(tmp_path / "x", b"new")
        finally:
            tmp_path.chmod(0o755)
        assert (tmp_path / "x").read_text() == "new"

    def test_that_must_be_new_is_never_written_over(self, tmp_path: Path) -> None:
        (tmp_path / "x").write_text("old")
        with pytest.raises(FileExistsError):
            write_once(tmp_path / "x", b"new")
        assert (tmp_path / "x").read_text() == "old"


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, NotWritten),
        (errno.EDQUOT, NotWritten),
        (errno.EROFS, NotWritten),
        (errno.EFBIG, NotWritten),
        (errno.ENOENT, UsageFault),
        (errno.EISDIR, UsageFault),
        (errno.EACCES, UsageFault),
    ],
)
def test_a_full_disk_is_no_fault_of_who_named_the_file(number: int, kind: type[Exception]) -> None:
    assert isinstance(unwritable("x", OSError(number, "why")), kind)


def test_new_files_that_do_not_all_fit_leave_no_file_and_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: Callable[..., object] = Path.open

    def full(path: Path, *arguments: object, **named: object) -> object:
        if path.name == "second":
            raise FULL
        return opened(path, *arguments, **named)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(NotWritten):
        write_new(tmp_path, {"a/b/first": "x", "a/c/second": "y"})
    assert list(tmp_path.iterdir()) == []
