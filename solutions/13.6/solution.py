import torch
from torch import nn


class Decoder(nn.Module):
    def __init__(self, vocab, d):
        super().__init__()
        self.embedding = nn.Embedding(vocab, d)
        self.cell = nn.GRUCell(d, d)
        self.linear = nn.Linear(2 * d, vocab)

    def step(self, word, h, states, seen):
        h = self.cell(self.embedding(word), h)
        scores = (states @ h[:, :, None]).squeeze(2) / h.shape[1] ** 0.5
        weights = torch.softmax(scores.masked_fill(~seen, -torch.inf), dim=1)
        context = (weights[:, :, None] * states).sum(dim=1)
        return self.linear(torch.cat([h, context], dim=1)), h

    def forward(self, y, h, states, seen):
        losses = []
        for word, following in zip(y.T[:-1], y.T[1:]):
            logits, h = self.step(word, h, states, seen)
            losses.append(nn.functional.cross_entropy(logits, following))
        return torch.stack(losses).mean()
