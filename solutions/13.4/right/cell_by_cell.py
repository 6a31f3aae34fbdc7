import math

import torch
from torch import nn
from torch.autograd import Variable


def positions(n, d):
    jadval = []
    for i in range(n):
        satr = []
        for k in range(d):
            burchak = i / math.pow(10000, (k - k % 2) / d)
            if k % 2 == 0:
                satr.append(math.sin(burchak))
            else:
                satr.append(math.cos(burchak))
        jadval.append(satr)
    print("jadval tayyor:", n, "x", d)
    return torch.tensor(jadval)


class Words(nn.Module):
    def __init__(self, vocab, d, longest=50):
        super(Words, self).__init__()
        self.d = d
        self.embedding = nn.Embedding(vocab, d)
        self.jadval = Variable(positions(longest, d), requires_grad=False)

    def forward(self, x):
        natija = self.embedding(x) * math.sqrt(self.d)
        for t in range(x.size(1)):
            natija[:, t] = natija[:, t] + self.jadval[t]
        return natija
