"""Options of a command, declared as the fields of a frozen dataclass: name, type, default and help in one place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, get_type_hints

from grader.core.words.message import Message

_HELP = "help"


@dataclass(frozen=True)
class Option:
    """One option as a command line offers it.

    Attributes:
        field: the field of the dataclass that takes its value.
        kind: the field's type, which is what the value is converted to; bool is a flag.
        metavar: the placeholder for the value in the help; None for a flag.
        required: whether the field has no default.
    """

    field: str
    kind: object
    help: Message
    metavar: Message | None
    required: bool
    default: object

    @property
    def flag(self) -> str:
        """Return the option as it is typed, such as --id-column."""
        return "--" + self.field.replace("_", "-")


def option(help: Message, metavar: Message | None = None, **default: Any) -> Any:
    """Return a field that is an option; it is required unless `default=...` is given."""
    return field(metadata={_HELP: (help, metavar)}, **default)


def options_of(declared: type[Any]) -> Iterator[Option]:
    """Yield the options that a dataclass declares, in its order."""
    kinds = get_type_hints(declared)
    for each in fields(declared):
        help, metavar = each.metadata[_HELP]
        required = each.default is MISSING
        yield Option(each.name, kinds[each.name], help, metavar, required, None if required else each.default)
