# 12.5: layer-sizes, sizes-swapped
import torch
from torch import nn


def one_hot(word, letters):
    numbers = torch.tensor([letters.index(letter) for letter in word])
    return nn.functional.one_hot(numbers, len(letters)).float()


class NextLetter(nn.Module):
    def __init__(self, letters, hidden):
        super().__init__()
        self.rnn = nn.RNN(letters, hidden, batch_first=True)
        self.linear = nn.Linear(letters, hidden)

    def forward(self, x, h=None):
        states, h = self.rnn(x, h)
        return self.linear(states), h


def sequence_loss(logits, y):
    return nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten())
