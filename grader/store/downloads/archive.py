"""Zip archives that nobody need trust: entries are read one by one, bounded, and never written anywhere."""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from typing import BinaryIO

from grader.core.words.message import Message, say

# What `zipfile` raises while it reads what is damaged, locked or packed in another way.
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError),
)
_MOST_READ = 32 * 2**20 + 1
# The list of entries at an archive's end, which is read at once.
_MOST_LISTED = 32 * 2**20
_END, _END_SIZE = b"PK\x05\x06", 22
_LISTED = b"PK\x01\x02"
_LONGEST_COMMENT = 65_535
# LZMA is left out: an entry says itself how much memory unpacking takes. So is bzip2, which `zipfile` unpacks without
# a bound: a few hundred bytes of it become gigabytes before the first of them can be counted.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1
_CYRILLIC = re.compile(r"[\u0400-\u04ff№–—]")
# What all but the last small letters of cp1251 look like in cp866. Of these alone hardly a name is made.
_SMALL_IN_1251 = re.compile(r"(?=.*[р-яЁёЄєЇїЎў])[\x00-\x7fр-яЁёЄєЇїЎў]*")
_MIXED = re.compile(r"[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]")
_DRIVE = re.compile(r"[A-Za-z]:")
_MAGIC = {b"Rar!": "RAR", b"7z\xbc\xaf": "7z", b"\x1f\x8b": "gzip"}


class NotAnArchive(Exception):
    """It cannot be opened as a zip; `why` says what it is instead."""

    def __init__(self, why: Message) -> None:
        super().__init__(why.template)
        self.why = why


@dataclass(frozen=True)
class Entry:
    """A file in an archive."""

    path: tuple[str, ...]
    date: tuple[int, int, int, int, int, int]
    read: Callable[[], bytes]

    def moment(self, zone: tzinfo) -> datetime | None:
        """Return its time; an archive says no zone."""
        try:
            moment = datetime(*self.date, tzinfo=zone)
        except ValueError:
            return None
        # What packs without a time writes the first one that there is.
        return moment if moment.year > 1980 else None


@dataclass(frozen=True)
class Archive:
    entries: tuple[Entry, ...]
    left: tuple[tuple[str, Message], ...]


def open_archive(file: BinaryIO) -> Archive:
    """Return what is in a zip; the file stays open for as long as entries are read.

    Raises:
        NotAnArchive: where it is none, is damaged, or lists more than anybody hands in.
        OSError: where it cannot be read.
    """
    start = file.read(4)
    for magic, kind in _MAGIC.items():
        if start.startswith(magic):
            raise NotAnArchive(say("{kind} archives are not read; unpack it, or pack it as a zip", kind=kind))
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT))
    end = file.read()
    at = end.rfind(_END)
    if at < 0:
        raise NotAnArchive(say("it is not a zip archive, or it is cut off"))
    if int.from_bytes(end[at + 12 : at + 16], "little") > _MOST_LISTED and b"PK\x06\x07" not in end:
        raise NotAnArchive(say("it lists too many files"))
    try:
        archive = zipfile.ZipFile(file)
    except DAMAGED as error:
        raise NotAnArchive(say("it is damaged: {words}", words=str(error))) from None
    entries: list[Entry] = []
    left: list[tuple[str, Message]] = []
    for info in archive.infolist():
        name = _name(info)
        why = _refused(info, name)
        if why is not None:
            left.append((name, why))
        elif not info.is_dir() and not name.endswith("\\"):
            entries.append(Entry(_parts(name), info.date_time, partial(_read, archive, info)))
    return Archive(tuple(entries), tuple(left))


def open_inner(content: bytes, most: int) -> Archive:
    """Return what is in a zip that lies in another one.

    Raises:
        NotAnArchive: as `open_archive`, and where it lists more than `most` names.
    """
    # Looked at before they are listed: each takes far more memory then.
    if content.count(_LISTED) > most:
        raise NotAnArchive(say("it lists too many files"))
    return open_archive(io.BytesIO(content))


def _refused(info: zipfile.ZipInfo, name: str) -> Message | None:
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or _DRIVE.match(name) or "\0" in name:
        return say("its name leads out of the archive")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return say("links are not followed")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return say("it is not a plain file")
    if info.flag_bits & _ENCRYPTED:
        return say("it is locked with a password")
    if info.compress_type not in _METHODS:
        return say("it is packed by a method that is not read here; unpack it, and pack it as an ordinary zip")
    return None


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Return the bytes of an entry, at most one more than may be handed in, whatever it claims to hold."""
    try:
        with archive.open(info) as file:
            return file.read(_MOST_READ)
    except DAMAGED as error:
        raise OSError(0, str(error)) from None


def _name(info: zipfile.ZipInfo) -> str:
    """Return an entry's name in the encoding that its bytes are in, where nothing says which."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    for encoding, is_likely in _UNMARKED.items():
        try:
            name = info.orig_filename.encode("cp437").decode(encoding)
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
        if is_likely(name):
            return name
    return info.filename


def _is_russian(name: str) -> bool:
    """Whether each word is written in Latin or in Cyrillic letters, and all else is what a keyboard has."""
    return all(sign.isascii() or _CYRILLIC.fullmatch(sign) for sign in name) and not _MIXED.search(name)


# Windows packs names in what the country's consoles had, and other programs in what its windows had.
_UNMARKED: Mapping[str, Callable[[str], bool]] = {
    "utf-8": lambda _: True,
    "cp866": lambda name: _is_russian(name) and not _SMALL_IN_1251.fullmatch(name),
    "cp1251": _is_russian,
}


def _parts(name: str) -> tuple[str, ...]:
    name = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    return tuple(part for part in name.replace("\\", "/").split("/") if part not in ("", "."))
