"""What of a file cannot be read as a program."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.words.message import Message, say

SENTENCES: Mapping[str, Message] = {
    "files-missing": say("{names} is missing: this exercise is handed in as several files."),
    "files-not-asked": say("{names} is not among the files of this exercise, or is there twice. Leave it out."),
    "file-empty": say(
        "{file} is empty (0 bytes): nothing was saved or uploaded. Save it again, or hand in the right file."
    ),
    "conflict-marks": say(
        "{where}: git merged two versions here and could not decide between them. Keep the right lines, and take out "
        "those that begin with <<<<<<<, ======= and >>>>>>>."
    ),
    "line-for-jupyter": say(
        "{where}: only Jupyter understands this line. Take it out, or hand in the notebook itself (.ipynb):\n    {code}"
    ),
    "notebook-as-program": say(
        "{file} is a notebook under the name of a Python file. Hand it in under a name that ends in .ipynb."
    ),
    "not-utf8": say("{file} is not UTF-8. Save it again with the encoding UTF-8."),
    "null-bytes": say("{file} is not a Python source file: it contains null bytes. Save it again as plain UTF-8 text."),
    "too-large": say("{file} is larger than {most} KiB; a solution to this exercise is much shorter."),
    "too-costly": say(
        "The grader needed more than {seconds} s or {most} MiB to read {file}, without running it. "
        "Leave out what the exercise does not need."
    ),
    "nested-too-deeply": say("{file} is nested too deeply to be read as a program."),
    "number-too-long": say(
        "{where}: this whole number is too long to be read; it may have {most} digits. Write it as a power or a "
        "product, such as 2**5000.\n    {code}"
    ),
    "syntax": say("{where}: Python cannot read this line: {words}\n    {code}\n    {caret}"),
    "newer-python": say(
        "{where}: this line is written for Python {since} or newer, and it was graded with Python {python}. {instead}\n"
        "    {code}\n    {caret}"
    ),
    "newer-f-string": say(
        "In the braces of an f-string, use other quotes than around it, and no backslash, comment or line break."
    ),
    "newer-template": say("Write an f-string in place of the t-string."),
    "newer-type": say("Write X = … in place of type X = …."),
    "newer-generics": say("Leave out the brackets behind the name."),
    "newer-except": say("Put the exceptions in parentheses: except (A, B):"),
    "newer-lazy": say("Leave out lazy."),
    "newer-unpacking": say("Write a second for in place of the asterisk."),
    "too-many-cells": say("{file}: only the first {most} cells were read."),
    "no-code": say("{file} contains no code."),
    "cell-unreadable": say("{file}: cell {cell} is not a valid Jupyter cell and was skipped."),
    "line-of-cell": say("cell {cell}, line {line}: {code}"),
    "line-of-file": say("line {line}: {code}"),
    "jupyter-only": say("{file}: lines that only Jupyter understands were not run ({parts})"),
    "start-of-cell": say("cell {cell}: {code}"),
    "foreign-cells": say("{file}: cells that are not Python were not run ({parts}). Functions in them are not found."),
    "other-language": say("{file} declares the language {language}, but only Python is read. {fault}"),
    "notebook-too-large": say("{file} is larger than {most} MiB. Clear its outputs in Jupyter and save it again."),
    "notebook-nested-too-deeply": say("{file} is nested too deeply to be read as a notebook."),
    "notebook-without-cells": say("{file} is not a notebook: it has no cells. Save it again in Jupyter."),
    "notebook-not-json": say("{file} is not a notebook: it is not JSON. Save it again in Jupyter."),
}
