"""Which rule of the exercise a program breaks."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.words.message import Message, say

SENTENCES: Mapping[str, Message] = {
    "rule-without": say("This exercise is solved without {name}; {where} uses it: {code}"),
    "rule-only": say("This exercise allows only a few names, and {name} is not one of them; {where}: {code}"),
    "rule-lines": say(
        "{where}: {function} has {count} statements with those of the functions that it calls; at most {most} are "
        "allowed."
    ),
    "rule-unreadable": say(
        "This exercise has rules about what a program may use, and what {name} does cannot be read in the program; "
        "write it without {name}. {where}: {code}"
    ),
    "rule-operators": say("This exercise is solved without operators such as + and ==; {where} has one: {code}"),
    "rule-indexing": say("This exercise is solved without indexing; {where} has an index: {code}"),
    "rule-loops": say(
        "This exercise is solved without loops, and for, while, comprehensions and functions such as map are loops; "
        "{where} has one: {code}"
    ),
    "rule-branches": say("This exercise is solved without if; {where} has a branch: {code}"),
    "rule-recursion": say(
        "This exercise is solved without recursion; at {where} a function comes back to itself: {code}"
    ),
    "rule-classes": say("This exercise is solved without classes of your own; {where} has one: {code}"),
    "rule-imports": say("This exercise is solved without imports; {where} has one: {code}"),
}
