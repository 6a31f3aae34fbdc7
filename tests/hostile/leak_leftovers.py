"""Searches its own memory, inherited from the fork server, for what earlier jobs and solutions left there.

Expect: forward=fail loss=fail loop=fail
"""

import gc
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)

gc.unfreeze()
WORDS = ("olma-7391", "error.backward()", "w -= 0.01 * w.gr" + "ad")
texts = [thing for thing in gc.get_objects() if isinstance(thing, dict)]
strings = [value for thing in texts for value in list(thing.values()) if isinstance(value, str) and len(value) < 10**6]
found = [value for value in strings if any(word in value for word in WORDS) and "strings" not in value]
print(found)
assert not found, "something was left behind"


def forward(x):
    return float(len(found))


def loss(y_pred, y):
    return float(len(found))
