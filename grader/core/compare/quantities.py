"""What is recorded at each backward call, as people call it."""

from collections.abc import Mapping

from grader.core.words.message import Message, say

QUANTITIES: Mapping[str, Message] = {"loss": say("loss"), "gradient": say("gradient"), "parameter": say("parameter")}
AT_A_STEP: Mapping[str, Message] = {
    "loss": say("the loss at a backward call"),
    "gradient": say("the gradient at a backward call"),
    "parameter": say("the parameter at a backward call"),
}
