import torch
from torch import nn


class Classifier(nn.Module):
    def __init__(self, vocab, size, hidden, classes):
        super().__init__()
        self.embedding = nn.Embedding(vocab, size)
        self.rnn = nn.GRU(size, hidden, batch_first=True)
        self.linear = nn.Linear(hidden, classes)

    def forward(self, x, lengths):
        lengths, order = lengths.sort(descending=True)
        x = x[order]
        states, _ = self.rnn(self.embedding(x))
        last = states[torch.arange(len(x)), lengths - 1]
        return self.linear(last)
