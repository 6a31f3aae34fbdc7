"""Looks for the solution's source where a sibling of the same fork server might have left it: caches and modules.

Expect: forward=fail|error loss=fail|error loop=fail
"""

import linecache, sys
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)

ours = __file__
found = {name: entry for name, entry in linecache.cache.items() if name != ours and "<frozen" not in name}
others = [name for name, module in sys.modules.items() if "solution" in str(getattr(module, "__file__", ""))]
print(found.keys(), others)


def forward(x):
    names = {}
    for entry in found.values():
        if "x_soat" in "".join(entry[2]):
            exec("".join(entry[2]), names)
    return names["forward"](x)


def loss(y_pred, y):
    return sys.modules[others[0]].loss(y_pred, y)
