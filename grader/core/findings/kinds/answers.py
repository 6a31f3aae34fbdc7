"""Stated answers: what cannot be read of them, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.words.message import Message, say

SENTENCES: Mapping[str, Message] = {
    "answers-not-by-line": say("{where}: write one answer per line, such as {name}: -8"),
    "answer-not-asked": say("{where}: {found} is not asked; did you mean {near}?"),
    "answers-unreadable": say("{where}: {what}"),
    "answer-not-a-number": say("{where}: {found} is not a number; write it as -8, 0.5 or 1e-2"),
    "answer-not-one-number": say("{where}: one number is expected for {name}"),
    "follows-from-own": say("The method is right: this follows from your own {sources}."),
    "same-mistake": say("The mistake that explains {about} explains this number, too."),
    "no-answer": say("There is no answer for {about}."),
    "answer-nan": say("NaN cannot be the value of {about}: give a finite number."),
    "answer-infinite": say("{about} is a finite number; yours is infinite or too large."),
    "answer-wrong": say("{actual} is not {about} at {inputs}."),
    "answer-accepted": say("Accepted: {interval}"),
    "answer-close": say("This is close. Give {digits} significant digits, and round only at the end."),
    "answer-unexplained": say("This number matches no known mistake: go through the graph once more, step by step."),
}
