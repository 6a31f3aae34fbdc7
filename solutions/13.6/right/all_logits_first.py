import math

import torch
from torch import nn


class Decoder(nn.Module):
    def __init__(self, vocab, d):
        super(Decoder, self).__init__()
        self.vocab = vocab
        self.embedding = nn.Embedding(vocab, d)
        self.cell = nn.GRUCell(input_size=d, hidden_size=d)
        self.linear = nn.Linear(d * 2, vocab)

    def attend(self, h, states, seen):
        energy = torch.bmm(h.unsqueeze(1), states.transpose(1, 2)) / math.sqrt(h.size(1))
        energy = energy.masked_fill(seen.unsqueeze(1) == 0, float("-inf"))
        return torch.bmm(energy.softmax(dim=-1), states).squeeze(1)

    def step(self, word, h, states, seen):
        new_h = self.cell(self.embedding(word), h)
        context = self.attend(new_h, states, seen)
        return self.linear(torch.cat((new_h, context), 1)), new_h

    def forward(self, y, h, states, seen):
        outputs = []
        for t in range(y.size(1) - 1):
            out, h = self.step(y[:, t], h, states, seen)
            outputs.append(out)
        outputs = torch.stack(outputs, dim=1)
        return nn.CrossEntropyLoss()(outputs.view(-1, self.vocab), y[:, 1:].reshape(-1))
