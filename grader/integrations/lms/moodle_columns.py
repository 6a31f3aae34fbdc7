"""Which column of a Moodle grading worksheet is which: its headers are in the language of whoever downloaded it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from grader.core.people.names import plain
from grader.core.words.errors import UsageFault
from grader.core.words.message import Message, say
from grader.integrations.lms.sheet import Row, number_in

# English, Spanish, German, French, Russian, Uzbek, Turkish, Portuguese, Italian.
_HEADERS: Mapping[str, str] = {
    "id": "Identifier|Identificador|ID|Identifiant|Идентификатор|Identifikator|Tanımlayıcı|Identificatore|"
    "Identificativo",
    "grade": "Grade|Calificación|Bewertung|Note|Оценка|Baho|Not|Nota|Valutazione|Voto",
    "maximum": "Maximum Grade|Calificación Máxima|Bestwertung|Bestbewertung|Beste Bewertung|Note maximale|"
    "Максимальная оценка|Maksimal baho|Eng yuqori baho|Maksimum not|Enyüksek not|En yüksek not|Nota máxima|"
    "Valutazione massima|Voto massimo",
    "name": "Full name|Nombre completo|Nombre|Nombre completo del usuario|Vollständiger Name|Nom complet|Полное имя|"
    "Фамилия, имя|Toʻliq ism|Toʻliq ismi|F.I.Sh.|Ism familiya|Tam adı|Tam ad|Adı soyadı|Ad Soyad|Nome completo|"
    "Nominativo",
    "email": "Email address|E-mail address|Email|Dirección de correo|Dirección Email|Dirección de correo electrónico|"
    "Correo electrónico|E-Mail-Adresse|E-Mail|Adresse de courriel|Courriel|Adresse e-mail|Адрес электронной почты|"
    "Электронная почта|Elektron pochta manzili|Elektron pochta|Email manzili|E-posta adresi|E-posta|"
    "Endereço de email|Endereço de e-mail|E-mail|Indirizzo email|Indirizzo e-mail",
    "number": "ID number|Número de ID|ID-Nummer|Numéro d'identification|Индивидуальный номер|ID raqami|"
    "Kimlik numarası|ID numarası|Número de identificação|Número ID|Codice identificativo",
    "changeable": "Grade can be changed|Calificación puede ser cambiada|La calificación puede ser cambiada|"
    "Bewertung kann geändert werden|La note peut être modifiée|Оценка может быть изменена|"
    "Bahoni oʻzgartirish mumkin|Not değiştirilebilir|Nota pode ser alterada|La valutazione può essere modificata",
    "scale": "Scale|Escala|Skala|Barème|Échelle|Шкала|Shkala|Ölçek|Scala",
    "comments": "Feedback comments|Comentarios de retroalimentación|Feedback als Kommentar|Feedback par commentaires|"
    "Commentaires de feedback|Отзыв в виде комментария|Fikr-mulohaza izohlari|Geri bildirim yorumları|"
    "Geribildirim yorumları|Comentários de feedback|Commenti",
}
_KNOWN = {role: frozenset(map(plain, names.split("|"))) for role, names in _HEADERS.items()}
# Some languages put no space between the word and the number.
_PARTICIPANT = re.compile(r"(\D+)\d+")


@dataclass(frozen=True)
class Columns:
    """Numbers of the columns; None where the worksheet has none, or none that we know."""

    id: int
    grade: int
    maximum: int
    name: int | None = None
    email: int | None = None
    number: int | None = None
    comments: int | None = None
    changeable: int | None = None


@dataclass(frozen=True)
class Named:
    """Columns as the teacher names them; None to have them found."""

    id: str | None = None
    grade: str | None = None
    maximum: str | None = None


def find_columns(header: Row, rows: Sequence[Row], shown: str, named: Named = Named()) -> Columns:
    """Return the columns of a worksheet, found by their headers in a known language, otherwise by what they hold.

    Raises:
        UsageFault: with the columns that there are and the option that names one, where one cannot be found.
    """
    search = _Search(header, rows, shown)
    id = search.named(named.id) if named.id else search.known("id", search.is_participants)
    maximum = search.named(named.maximum) if named.maximum else search.known("maximum")
    grade = search.named(named.grade) if named.grade else search.known("grade")
    if grade is None or maximum is None:
        grade, maximum = search.beside(grade, maximum, id)
    if id is None:
        raise search.fault(say("name the column of Participant 1, Participant 2, … with --id-column"))
    if grade is None:
        raise search.fault(say("name the column of the grades with --grade-column"))
    if maximum is None and search.known("scale") is not None:
        raise UsageFault(
            say(
                "{file}: this assignment is graded on a scale. Grade it in points in Moodle's settings of the "
                "assignment, and download the worksheet again",
                file=shown,
            )
        )
    if maximum is None:
        raise search.fault(say("name the column of the maximum grade with --max-column"))
    others = {role: search.known(role) for role in ("name", "email", "number", "comments", "changeable")}
    return Columns(id, grade, maximum, **others)


@dataclass(frozen=True)
class _Search:
    header: Row
    rows: Sequence[Row]
    shown: str

    def named(self, name: str) -> int:
        found = [column for column, title in enumerate(self.header) if plain(title) == plain(name)]
        if len(found) != 1:
            raise self.fault(say("found no column, or several, with the title {name}", name=name))
        return found[0]

    def known(self, role: str, looks_right: Callable[[int], bool] | None = None) -> int | None:
        """Return the one column with a header for this role, else the one that looks right and has no other role."""
        titles = [plain(title) for title in self.header]
        found = [column for column, title in enumerate(titles) if title in _KNOWN[role]]
        if not found and looks_right:
            taken = frozenset[str]().union(*_KNOWN.values())
            found = [column for column, title in enumerate(titles) if title not in taken and looks_right(column)]
        return found[0] if len(found) == 1 else None

    def is_participants(self, column: int) -> bool:
        matches = [_PARTICIPANT.fullmatch(cell.strip()) for cell in self._cells(column)]
        words = {match[1] for match in matches if match}
        return all(matches) and len(words) == 1 and len(set(self._cells(column))) == len(self.rows)

    def beside(self, grade: int | None, maximum: int | None, id: int | None) -> tuple[int | None, int | None]:
        """Return the grade column and the maximum beside it, found by what they hold.

        An unknown column is written to only where Moodle itself puts the grade: right before the maximum.
        """
        maxima = [maximum] if maximum is not None else self._where(self._is_maximum)
        grades = [grade] if grade is not None else self._where(self._is_grade)
        for step in (-1,) if grade is None else (-1, 1):
            pairs = [(most + step, most) for most in maxima if most + step in grades and id not in (most, most + step)]
            if len(pairs) == 1:
                return pairs[0]
            if pairs:
                break
        return grade, maximum

    def fault(self, what: Message) -> UsageFault:
        columns = ", ".join(f"“{title}”" for title in self.header)
        return UsageFault(
            say("{file}: the columns were not recognised: {what}", file=self.shown, what=what),
            say("its columns are {columns}", columns=columns),
        )

    def _where(self, looks_right: Callable[[int], bool]) -> list[int]:
        return [column for column in range(len(self.header)) if looks_right(column)]

    def _is_maximum(self, column: int) -> bool:
        values = {number_in(cell) for cell in self._cells(column)}
        return len(values) == 1 and (values.pop() or 0) > 0

    def _is_grade(self, column: int) -> bool:
        return all(not cell.strip() or number_in(cell) is not None for cell in self._cells(column))

    def _cells(self, column: int) -> list[str]:
        return [row[column] if column < len(row) else "" for row in self.rows]
