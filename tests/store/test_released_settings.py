"""The students' copy knows the settings that the prompt says, and is read as anything is that a student can write."""

from __future__ import annotations

import hashlib
import zlib

import pytest

from grader.core.diagnose.settings import Asked
from grader.core.program.rewriting.settings import Setting
from grader.store.release.files import NotAsReleased, Released, pack, unpack

BARE = Released(1, "2.0", "0" * 64, b"seed", [], (), {})
ASKED = {Setting.EPOCHS: Asked(10.0, said=True), Setting.ORDER: Asked(None, said=True)}
MAGIC = b"course-observations-2\n"


def changed(before: bytes, after: bytes) -> bytes:
    released = Released(1, "2.0", "0" * 64, b"seed", [], (), {}, ASKED)
    body = zlib.decompress(pack(released)[len(MAGIC) + 32 :]).replace(before, after)
    return MAGIC + hashlib.sha256(body).digest() + zlib.compress(body)


def test_settings_come_back_as_they_were_released() -> None:
    released = Released(1, "2.0", "0" * 64, b"seed", [], (), {}, ASKED)
    assert unpack(pack(released)).settings == ASKED


def test_a_copy_of_before_has_none() -> None:
    assert b"settings" not in zlib.decompress(pack(BARE)[len(MAGIC) + 32 :])
    assert unpack(pack(BARE)).settings == {}


@pytest.mark.parametrize("value", [b"1e300", b'"10"', b"true", b"[10]"])
def test_what_somebody_wrote_into_it_is_not_believed(value: bytes) -> None:
    with pytest.raises(NotAsReleased):
        unpack(changed(b'"epochs":10.0', b'"epochs":' + value))


def test_a_setting_that_is_not_known_is_not_believed() -> None:
    with pytest.raises(NotAsReleased):
        unpack(changed(b'"epochs"', b'"epoch"'))
