"""What an author's tests came to."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.words.message import Message, say

SENTENCES: Mapping[str, Message] = {
    "tests-not-here": say("Not looked at: its tests are not in the students' copy."),
    "test-did-not-end": say("The test did not come to its end with this program. Its author should know of it."),
    "tests-unreadable": say("The tests could not be read beside this program: {words}"),
    "test-line": say("{where}: {code}"),
    "author-says": say("{text}"),
    "test-could-not-go-on": say("The test could not go on: {type}: {words}"),
    "test-not-done": say("The test was not done: {words}"),
    "test-gives-a-part": say("The test gives a part of the points."),
    "test-misses-name": say("There is no {name} at the top level of the program."),
    "assertion-compared": say("This does not hold: {compared}"),
    "assertion-failed": say("The test does not hold."),
    "cases-held": say("{passed} of {all} cases hold."),
}
