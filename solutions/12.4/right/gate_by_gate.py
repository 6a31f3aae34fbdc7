import torch
import torch.nn.functional as F
from torch.autograd import Variable


def darvoza(x, h, W, U, b, k):
    m = h.size(1)
    joy = slice(k * m, (k + 1) * m)
    return x.mm(W[:, joy]) + h.mm(U[:, joy]) + b[joy]


def lstm_step(x, h, c, W, U, b):
    kirish = F.sigmoid(darvoza(x, h, W, U, b, 0))
    unutish = F.sigmoid(darvoza(x, h, W, U, b, 1))
    nomzod = F.tanh(darvoza(x, h, W, U, b, 2))
    chiqish = F.sigmoid(darvoza(x, h, W, U, b, 3))
    print("unutish darvozasi:", unutish.data)
    yangi_c = unutish * c + kirish * nomzod
    yangi_h = chiqish * F.tanh(yangi_c)
    return yangi_h, yangi_c


x = Variable(torch.zeros(1, 2))
h = Variable(torch.zeros(1, 3))
print(lstm_step(x, h, h, torch.randn(2, 12), torch.randn(3, 12), torch.zeros(12)))
