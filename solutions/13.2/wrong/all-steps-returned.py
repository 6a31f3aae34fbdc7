import torch
from torch import nn


class Classifier(nn.Module):
    def __init__(self, vocab, size, hidden, classes):
        super().__init__()
        self.embedding = nn.Embedding(vocab, size)
        self.rnn = nn.GRU(size, hidden, batch_first=True)
        self.linear = nn.Linear(hidden, classes)

    def forward(self, x, lengths):
        states, _ = self.rnn(self.embedding(x))
        return self.linear(states)
