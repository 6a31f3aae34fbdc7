"""What an author's tests came to."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.words.message import Message, say

SENTENCES: Mapping[str, Message] = {
    "tests-not-here": say("Not checked: its tests are not in the students' copy."),
    "test-did-not-end": say("The test did not finish with this program. Please tell its author."),
    "test-ran-out": say(
        "The test was stopped: with what this program returns, it takes far longer or far more memory than with the "
        "solution."
    ),
    "tests-unreadable": say("The tests could not be loaded together with this program: {words}"),
    "test-line": say("{where}: {code}"),
    "author-says": say("{text}"),
    "test-could-not-go-on": say("The test could not continue: {type}: {words}"),
    "test-not-done": say("The test was not run: {words}"),
    "test-gives-a-part": say("The test gives part of the points."),
    "test-misses-name": say("There is no {name} at the top level of the program."),
    "assertion-compared": say("This is not true: {compared}"),
    "assertion-failed": say("The test fails."),
    "hidden-test-fails": say("A test that students do not see fails."),
    "cases-held": say("{passed} of {all} cases pass."),
}
