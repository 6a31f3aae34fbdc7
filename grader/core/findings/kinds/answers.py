"""Stated answers: what cannot be read of them, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.words.message import Message, say

SENTENCES: Mapping[str, Message] = {
    "answers-not-by-line": say("{where}: answers are written one a line, as {name}: -8"),
    "answer-not-asked": say("{where}: {found} is not asked; did you mean {near}?"),
    "answers-unreadable": say("{where}: {what}"),
    "answer-not-a-number": say("{where}: {found} is not a number; write it as -8, 0.5 or 1e-2"),
    "answer-not-one-number": say("{where}: one number is expected for {name}"),
    "follows-from-own": say("The method is right: it follows from your own {sources}."),
    "no-answer": say("No answer is given for {about}."),
    "answer-nan": say("NaN is not a value of {about}: a finite number is asked."),
    "answer-infinite": say("{about} is a finite number; yours is infinite, or too large to be read."),
    "answer-wrong": say("{actual} is not {about} at {inputs}."),
    "answer-accepted": say("Accepted: {interval}"),
    "answer-close": say(
        "It is close. {digits} significant digits are asked: do not round on the way, only at the end."
    ),
    "answer-unexplained": say(
        "No single slip that is known gives this number: go through the graph once more, step by step."
    ),
}
