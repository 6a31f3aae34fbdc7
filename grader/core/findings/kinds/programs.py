"""What of a file cannot be read as a program."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.words.message import Message, say

SENTENCES: Mapping[str, Message] = {
    "not-utf8": say("{file} is not saved as UTF-8 text. Save it again with the encoding UTF-8."),
    "null-bytes": say("{file} holds null bytes: it is no Python text. Save it again as plain UTF-8 text."),
    "too-large": say("{file} is larger than {most} KiB; a solution of this exercise is much shorter."),
    "nested-too-deeply": say("{file} is nested too deeply to be read as a program."),
    "syntax": say("{where}: Python cannot read this line: {words}\n    {code}\n    {caret}"),
    "too-many-cells": say("{file}: only the first {most} cells are read."),
    "no-code": say("{file} has no code in it."),
    "cell-unreadable": say("{file}, cell {cell}, is not written as Jupyter writes cells, and is not read."),
    "line-of-cell": say("cell {cell}, line {line}: {code}"),
    "jupyter-only": say("{file}: what only Jupyter understands is not run here ({parts})"),
    "start-of-cell": say("cell {cell}: {code}"),
    "foreign-cells": say(
        "{file}: cells that hand their text to something other than Python are not run here ({parts}). "
        "Functions in them are not seen."
    ),
    "other-language": say("{file} says that it is written in {language}; Python is read here. {fault}"),
    "notebook-too-large": say("{file} is larger than {most} MiB. Clear its outputs in Jupyter and save it again."),
    "notebook-nested-too-deeply": say("{file} is nested too deeply to be read as a notebook."),
    "notebook-without-cells": say("{file} is no notebook: it has no cells. Save it again in Jupyter."),
    "notebook-not-json": say("{file} is no notebook: it is not JSON. Save it again in Jupyter."),
}
