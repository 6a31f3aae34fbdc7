import torch
from torch import nn


def positions(n, d):
    angles = torch.arange(1, n + 1)[:, None] / 10000 ** (torch.arange(0, d, 2) / d)
    return torch.stack([torch.sin(angles), torch.cos(angles)], dim=2).flatten(1)


class Words(nn.Module):
    def __init__(self, vocab, d, longest=50):
        super().__init__()
        self.embedding = nn.Embedding(vocab, d)
        self.register_buffer("table", positions(longest, d))

    def forward(self, x):
        vectors = self.embedding(x) * self.embedding.embedding_dim**0.5
        return vectors + self.table[: x.shape[1]]
