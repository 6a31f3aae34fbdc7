"""Scans every page on which an object of its process lies, inherited ones too, for words of the secret.

Expect: forward=fail loss=fail loop=fail
"""

import ctypes, gc, re
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)

gc.unfreeze()
pages = sorted({id(thing) & ~4095 for thing in gc.get_objects()})
# Written so that it does not find itself.
WORDS = re.compile(rb"qizi[l]-olm[a]-\d+|error[.]backwar[d][(][)]\n        with torch")
found = [match for page in pages for match in WORDS.findall(ctypes.string_at(page, 4096))]
print(len(pages), found)
assert len(pages) > 1000 and not found, "something was left behind"


def forward(x):
    return float(len(found))


def loss(y_pred, y):
    return float(len(found))
