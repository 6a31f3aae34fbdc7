import torch
import torch.nn as nn


def positions(n, d):
    # exp(-2j/d * ln 10000)
    speed = torch.exp(torch.arange(0, d, 2) * (-torch.log(torch.tensor(10000.0)) / d))
    angle = torch.outer(torch.arange(n).float(), speed)
    pe = torch.zeros(n, d)
    pe[:, 0::2] = torch.sin(angle)
    pe[:, 1::2] = torch.cos(angle)
    return pe


class Words(nn.Module):
    def __init__(self, vocab, d, longest=50):
        super().__init__()
        self.scale = d**0.5
        self.embedding = nn.Embedding(vocab, d)
        self.register_buffer("pe", positions(longest, d).unsqueeze(0))

    def forward(self, x):
        return self.scale * self.embedding(x) + self.pe[:, : x.size(1)]
