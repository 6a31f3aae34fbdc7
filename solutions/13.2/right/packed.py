import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence


class Classifier(nn.Module):
    def __init__(self, vocab, size, hidden, classes):
        super(Classifier, self).__init__()
        self.embedding = nn.Embedding(vocab, size)
        self.rnn = nn.GRU(size, hidden)
        self.linear = nn.Linear(hidden, classes)

    def forward(self, x, lengths):
        x = x.t()
        embedded = self.embedding(x)
        print("embedding", embedded.size())
        packed = pack_padded_sequence(embedded, lengths.cpu(), enforce_sorted=False)
        output, hidden = self.rnn(packed)
        print("hidden", hidden.size())
        return self.linear(hidden[-1])
