"""The fields of findings: one name has one meaning and one type, whatever the kind."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


class Type(Enum):
    """What a field holds, and how JSON has it."""

    TEXT = "text"
    WORDS = "text, or an object from language to text"
    WHOLE = "whole number"
    NUMBER = 'number; "NaN", "inf", "-inf"; "?" where it is not told'
    INTERVAL = "the two ends, as numbers"
    WHOLES = "array of whole numbers"
    TEXTS = "array of texts"
    PAIRS = "array of [name, value as text]"
    FINDING = "a finding"
    FINDINGS = "array of findings"


FIELDS: Mapping[str, tuple[Type, str]] = {
    "quantity": (
        Type.TEXT,
        "what was compared: value, gradient, loss, parameter, final, variable, stores, output, or a variable's name",
    ),
    "id": (Type.TEXT, "of the exercise"),
    "name": (Type.TEXT, "of the variable, function or node that it is about"),
    "parameter": (Type.TEXT, "of a module, by its name there"),
    "result": (Type.WHOLE, "which of several results of a call, counted from 1"),
    "called": (Type.TEXT, "what the exercise calls that result"),
    "part": (Type.TEXT, "which value of the result, as Python reaches it: ['x'], [0]"),
    "index": (Type.WHOLES, "of the element, counted from 0"),
    "step": (Type.WHOLE, "of the training, or which of several values, counted from 1"),
    "steps": (Type.WHOLE, "how many there should be"),
    "actual": (Type.NUMBER, "what came, in the digits that are told"),
    "expected": (Type.NUMBER, "what should have come, in the digits that are told"),
    "accepted": (Type.INTERVAL, "which numbers would have been right"),
    "file": (Type.TEXT, "in which it is"),
    "cell": (Type.WHOLE, "of the notebook, counted from 1"),
    "line": (Type.WHOLE, "of the file, or of the cell where there is one, counted from 1"),
    "column": (Type.WHOLE, "of the line, counted from 1"),
    "caret": (Type.WHOLE, "place in the code to point at, counted from 0"),
    "code": (Type.TEXT, "the text of the line"),
    "call": (Type.TEXT, "what was called"),
    "calls": (Type.TEXTS, "the signatures of which one must hold"),
    "inputs": (Type.PAIRS, "the inputs it was tried with"),
    "causes": (Type.TEXTS, "names of the misconceptions that it tells of"),
    "rows": (Type.FINDINGS, "the steps, or printed lines, around the first one that differs"),
    "printed": (Type.TEXT, "a line that the program printed; absent where it printed none"),
    "asked": (Type.TEXT, "the numbers that are asked for in that line, or in its place"),
    "parts": (Type.FINDINGS, "the first parts of a list"),
    "fault": (Type.FINDING, "what else was found"),
    "text": (Type.WORDS, "what an author or another part of the grader says"),
    "what": (Type.WORDS, "what a reader of files says"),
    "detail": (Type.WORDS, "why we could not judge"),
    "words": (Type.TEXT, "what Python, torch or a test says"),
    "compared": (Type.TEXT, "what an assertion compared"),
    "type": (Type.TEXT, "of the value or the exception"),
    "dtype": (Type.TEXT, "of the tensor"),
    "device": (Type.TEXT, "by torch's name"),
    "expected_dtype": (Type.TEXT, "that it should have"),
    "shape": (Type.TEXT, "of the value"),
    "expected_shape": (Type.TEXT, "that it should have"),
    "count": (Type.WHOLE, "how many there are"),
    "expected_count": (Type.WHOLE, "how many there should be"),
    "most": (Type.WHOLE, "how many there may be"),
    "seconds": (Type.NUMBER, "of the time limit"),
    "signal": (Type.TEXT, "that ended the program"),
    "exit_code": (Type.TEXT, "with which the program ended itself"),
    "function": (Type.TEXT, "that was called"),
    "signature": (Type.TEXT, "parameters of the function"),
    "functions": (Type.TEXTS, "that were found"),
    "names": (Type.TEXTS, "the given names, or the files, that it is about"),
    "beginning": (Type.TEXT, "the first lines of a file"),
    "near": (Type.TEXT, "a name that is nearly the one"),
    "found": (Type.TEXT, "what was written"),
    "made_in": (Type.WHOLE, "the cell that makes the name"),
    "cells": (Type.WHOLES, "of the notebook"),
    "language": (Type.TEXT, "that the notebook names"),
    "since": (Type.TEXT, "the first version of Python that reads it"),
    "python": (Type.TEXT, "the version of Python that graded it"),
    "instead": (Type.FINDING, "what to write in its place"),
    "needed": (Type.TEXT, "the check that has to pass first"),
    "checks": (Type.TEXTS, "that it is said of"),
    "passed": (Type.WHOLE, "cases that hold"),
    "all": (Type.WHOLE, "cases there are"),
    "about": (Type.TEXT, "what is asked"),
    "sources": (Type.TEXTS, "earlier answers that it follows from"),
    "goal": (Type.NUMBER, "of a training"),
    "least": (Type.NUMBER, "up to which a training earns nothing"),
    "percent": (Type.WHOLE, "of the points"),
    "digits": (Type.WHOLE, "significant digits that are asked"),
    "factor": (Type.NUMBER, "by which numbers are off, or which is lost"),
    "value": (Type.NUMBER, "of the node or the derivative"),
    "edge": (Type.TEXT, "of the graph, as a local derivative"),
    "node": (Type.TEXT, "of the graph, or a derivative"),
    "by": (Type.TEXT, "with respect to what the derivative is asked"),
    "of": (Type.TEXT, "of what the derivative is asked"),
    "other": (Type.TEXT, "what was taken instead"),
    "shown": (Type.TEXT, "the expression that it was taken for"),
}
