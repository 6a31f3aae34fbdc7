from torch import nn


class Letters(nn.Module):
    """A small model like that of 12.5, which the checks have trained."""

    def __init__(self, letters, hidden):
        super().__init__()
        self.rnn = nn.RNN(letters, hidden, batch_first=True)
        self.linear = nn.Linear(hidden, letters)

    def forward(self, x, h=None):
        states, h = self.rnn(x, h)
        return self.linear(states), h
