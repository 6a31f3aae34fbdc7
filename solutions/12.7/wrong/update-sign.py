import torch
from torch import nn


class NextLetter(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(4, 8)
        self.rnn = nn.RNN(8, 24, batch_first=True)
        self.linear = nn.Linear(24, 4)

    def forward(self, x):
        states, _ = self.rnn(self.embedding(x))
        return self.linear(states)


def train(x):
    model = NextLetter()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    for _ in range(50):
        logits = model(x[:, :-1])
        loss = -nn.functional.cross_entropy(logits.flatten(0, 1), x[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model
