import torch
import torch.nn as nn
from torch.autograd import Variable


def one_hot(word, letters):
    x = torch.zeros(len(word), len(letters))
    for i, harf in enumerate(word):
        x[i][letters.index(harf)] = 1
    return x


class NextLetter(nn.Module):
    def __init__(self, letters, hidden):
        super(NextLetter, self).__init__()
        self.hidden_size = hidden
        self.rnn = nn.RNNCell(letters, hidden)
        self.linear = nn.Linear(hidden, letters)

    def init_hidden(self, batch):
        return Variable(torch.zeros(batch, self.hidden_size))

    def forward(self, x, h=None):
        batch_size, seq_len, input_size = x.size()
        if h is None:
            h = self.init_hidden(batch_size)
        else:
            h = h.view(batch_size, self.hidden_size)
        outputs = []
        for t in range(seq_len):
            h = self.rnn(x[:, t, :], h)
            print("qadam", t, "holat", h.size())
            outputs.append(self.linear(h))
        return torch.stack(outputs, dim=1), h.view(1, batch_size, self.hidden_size)


def sequence_loss(logits, y):
    criterion = nn.CrossEntropyLoss()
    loss = 0
    for t in range(y.size(1)):
        loss += criterion(logits[:, t], y[:, t])
    return loss / y.size(1)
