import torch
from torch.nn.functional import linear


def lstm(inputs, state, params):
    W_x = torch.cat([params[0], params[3], params[6], params[9]], 1)
    W_h = torch.cat([params[1], params[4], params[7], params[10]], 1)
    b = torch.cat([params[2], params[5], params[8], params[11]])
    h, c = state
    hs = []
    for step in range(inputs.shape[0]):
        i, f, o, g = (inputs[step].mm(W_x) + h.mm(W_h) + b).chunk(4, dim=1)
        c = c * f.sigmoid() + g.tanh() * i.sigmoid()
        h = c.tanh() * o.sigmoid()
        hs.append(h)
    return torch.cat(hs) @ params[12] + params[13], (h, c)


def gru(inputs, state, params):
    (h,) = state
    Y = []
    for x in inputs:
        z = (linear(x, params[0].T, params[2]) + linear(h, params[1].T)).sigmoid()
        r = (linear(x, params[3].T, params[5]) + linear(h, params[4].T)).sigmoid()
        candidate = torch.tanh(linear(x, params[6].T, params[8]) + linear(r * h, params[7].T))
        h = candidate + z * (h - candidate)
        Y.append(linear(h, params[9].T, params[10]))
    return torch.vstack(Y), [h]
