"""Names, ids and e-mail addresses as they are compared: however they are typed, in whatever order and script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set

# People type the Uzbek letters oʻ and gʻ with whatever apostrophe their keyboard has.
_APOSTROPHES = dict.fromkeys(map(ord, "ʻʼ‘’`´ʹ′"), "'")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфхцыэқҳ", "abvgdeziiklmnoprstufxsieqh", strict=True)),
        "ё": "yo",
        "ж": "j",
        "ч": "ch",
        "ш": "sh",
        "щ": "sh",
        "ъ": "",
        "ь": "",
        "ю": "yu",
        "я": "ya",
        "ў": "o",
        "ғ": "g",
    }
)
# What two scripts, and the two ways from one to the other (Uzbek and Russian), write differently.
_ALIKE = (
    *(("dzh", "j"), ("dj", "j"), ("zh", "j"), ("kh", "x"), ("h", "x"), ("cx", "ch"), ("sx", "sh"), ("q", "k")),
    *(("shch", "sh"), ("ks", "x")),
    *(("ts", "s"), ("ye", "e"), ("yo", "e"), ("io", "e"), ("yu", "u"), ("iu", "u"), ("ya", "a"), ("ia", "a")),
    *(("y", "i"), ("w", "v"), ("ii", "i")),
)
_PARTS = re.compile(r"[\s,]+")
_SHORTEST = 3


def plain(text: str) -> str:
    """Return text as it is compared: without case, kinds of apostrophe, invisible marks and doubled spaces."""
    text = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    # Case folding can leave what is not normal any more.
    return unicodedata.normalize("NFKC", " ".join(text.split()).casefold())


def in_order(name: str) -> Set[str]:
    """Return a name as it stands, and `Last, First` turned."""
    last, _, first = plain(name).partition(",")
    return {plain(name), plain(f"{first} {last}")} - {""}


def in_any_order(name: str) -> Set[str]:
    """Return the parts of a name, sorted, as one key."""
    return {" ".join(sorted(_parts(name)))} - {""}


def without_marks(name: str) -> Set[str]:
    """Return the sorted parts of a name without accents and apostrophes: Gʻulom as Gulom."""
    return {" ".join(sorted(filter(None, map(_bare, _parts(name)))))} - {""}


def across_scripts(name: str) -> Set[str]:
    """Return the sorted parts of a name as they sound, whether it is written in Cyrillic or in Latin letters.

    The keys of the two scripts differ from those of one script only: `compared_across` says which may be compared.
    """
    return {" ".join(sorted(filter(None, map(_sound, _parts(name)))))} - {""}


def spellings(name: str) -> Set[str]:
    """Return every key of a name in any order: enough to see that a column holds names, not whose a line is."""
    return {*in_any_order(name), *without_marks(name), *across_scripts(name)}


def is_cyrillic(name: str) -> bool:
    """Return whether a name is written in Cyrillic letters."""
    return bool(_CYRILLIC.search(name))


def joined(name: str) -> Set[str]:
    """Return a name as one word, beginning with any of its parts: Canvas' downloads have no more of it."""
    parts = _parts(name)
    turned = (parts[place:] + parts[:place] for place in range(len(parts)))
    return frozenset[str]().union(*(one_word("".join(each)) for each in turned))


def joined_without_marks(name: str) -> Set[str]:
    """Return the same without accents: not every system keeps them."""
    return frozenset[str]().union(*(one_word(_bare(word)) for word in joined(name)))


def joined_across_scripts(name: str) -> Set[str]:
    """Return the same as it sounds, whether it is written in Cyrillic or in Latin letters."""
    return {_sound(word) for word in joined(name)}


def one_word(text: str) -> Set[str]:
    """Return what was joined by somebody else, as it is compared."""
    word = "".join(filter(str.isalnum, plain(text)))
    return {word} if len(word) >= _SHORTEST else set()


def name_parts(name: str) -> Set[str]:
    """Return the parts of a name that can speak for somebody, in both scripts: no initials."""
    return {sound for part in _parts(name) if len(part.strip(".")) >= _SHORTEST and (sound := _sound(part))}


def email_key(address: str) -> Set[str]:
    """Return an e-mail address as it is compared; nothing for what is none."""
    return {plain(address)} if "@" in address else set()


def email_parts(address: str) -> Set[str]:
    """Return what stands before the @; for a login, the login."""
    return {plain(address).partition("@")[0]} - {""}


def id_key(text: str) -> Set[str]:
    """Return an id as it is compared: exactly."""
    return {unicodedata.normalize("NFC", text.strip())} - {""}


def login_key(text: str) -> Set[str]:
    """Return a login as it is compared: without case."""
    return {plain(text)} - {""}


def _parts(name: str) -> list[str]:
    return [part for part in _PARTS.split(plain(name)) if part]


def _bare(part: str) -> str:
    apart = unicodedata.normalize("NFKD", part)
    return "".join(sign for sign in apart if unicodedata.category(sign) != "Mn" and sign != "'")


def _sound(part: str) -> str:
    # й and ё are letters of their own, so Cyrillic is read before accents are taken off.
    sound = _bare(unicodedata.normalize("NFC", part).translate(_LATIN))
    for written, heard in _ALIKE:
        sound = sound.replace(written, heard)
    return re.sub(r"(.)\1+", r"\1", sound)
