import torch
import torch.nn as nn
from torch.autograd import Variable


class Classifier(nn.Module):
    def __init__(self, vocab, size, hidden, classes):
        super(Classifier, self).__init__()
        self.hidden_size = hidden
        self.embedding = nn.Embedding(vocab, size)
        self.rnn = nn.GRU(size, hidden)
        self.linear = nn.Linear(hidden, classes)

    def forward(self, x, lengths):
        natijalar = []
        for jumla, uzunlik in zip(x, lengths.tolist()):
            h = Variable(torch.zeros(1, 1, self.hidden_size))
            sozlar = self.embedding(jumla[:uzunlik]).view(uzunlik, 1, -1)
            out, h = self.rnn(sozlar, h)
            natijalar.append(self.linear(h.view(1, -1)))
        return torch.cat(natijalar)
