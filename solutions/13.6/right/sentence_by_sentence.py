import torch
import torch.nn.functional as F
from torch import nn
from torch.autograd import Variable


class Decoder(nn.Module):
    def __init__(self, vocab, d):
        super(Decoder, self).__init__()
        self.d = d
        self.embedding = nn.Embedding(vocab, d)
        self.cell = nn.GRUCell(d, d)
        self.linear = nn.Linear(2 * d, vocab)

    def step(self, word, h, states, seen):
        h = self.cell(self.embedding(word), h)
        kontekstlar = []
        for i in range(h.size(0)):
            # Faqat haqiqiy soʻzlarning holatlari
            s = states[i][seen[i]]
            ball = s.mv(h[i]) / self.d**0.5
            vazn = F.softmax(ball, dim=0)
            print("vaznlar:", vazn.data)
            kontekstlar.append(vazn @ s)
        c = torch.stack(kontekstlar)
        return self.linear(torch.cat([h, c], dim=-1)), h

    def forward(self, y, h, states, seen):
        xatolik = Variable(torch.zeros(()))
        T = y.size(1)
        for t in range(1, T):
            logits, h = self.step(y[:, t - 1], h, states, seen)
            xatolik = xatolik + F.nll_loss(F.log_softmax(logits, dim=1), y[:, t])
        return xatolik / (T - 1)
