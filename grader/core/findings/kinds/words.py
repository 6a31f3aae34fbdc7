"""Answers in words: which one was judged, what is wrong with it, and how many more may follow."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.words.message import Message, say

SENTENCES: Mapping[str, Message] = {
    "option-chosen": say("You chose: {text}"),
    "answer-written": say("Your answer: {found}"),
    "option-unknown": say("{where}: there is no choice {found}; the choices are {names}"),
    "option-by-letter": say(
        "{where}: {found} is a letter of one student's own list. Write the name of the choice; there are {names}"
    ),
    "one-option-wanted": say("{where}: give one choice for {name}"),
    "answer-too-long": say("{where}: an answer has at most {most} characters"),
    "answer-no-text": say("{where}: write the answer to {name} in one line"),
    "attempts-left": say("Attempts left: {count}"),
    "attempts-used": say(
        "Attempts that count: {most}. They are used up, so an earlier answer stays the one that counts."
    ),
    "recorded-not-judged": say(
        "Recorded, not judged: this copy of the course does not know what is right. Your teacher's copy does."
    ),
    "why-option-is-wrong": say("{text}: {what}"),
    "alphabets-mixed": say("One word has letters of two alphabets that look alike. Type it again with one keyboard."),
    "formula-differs": say("Your formula gives another number than the right one at {inputs}."),
    "formula-without-value": say(
        "Your formula has no value at nearly all inputs: look for a division by 0, log or sqrt."
    ),
}
