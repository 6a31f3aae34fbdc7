"""What is recorded at each backward call, as people call it."""

from collections.abc import Mapping

from grader.core.words.message import Message, say

QUANTITIES: Mapping[str, Message] = {"loss": say("loss"), "gradient": say("gradient"), "parameter": say("parameter")}
