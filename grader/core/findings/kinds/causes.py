"""What a program shows by what it writes, where its run shows the same: settings, and lines that do another thing."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.words.message import Message, say

SENTENCES: Mapping[str, Message] = {
    "other-epochs": say("{where}: {found} epochs; {expected} are asked for."),
    "other-epochs-unsaid": say("{where}: {found} epochs are not the number that is asked for."),
    "other-rate": say("{where}: the learning rate is {found}; {expected} is asked for."),
    "other-rate-unsaid": say("{where}: the learning rate {found} is not the one that is asked for."),
    "other-start": say("{where}: the training starts at {found}; it should start at {expected}."),
    "other-start-unsaid": say("{where}: {found} is not the value that the training should start at."),
    "other-order": say("{where}: the data are taken in another order; take them in the order in which they are given."),
}
