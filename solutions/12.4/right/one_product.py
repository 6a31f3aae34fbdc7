import torch


def lstm_step(x, h, c, W, U, b):
    m = h.shape[1]
    z = torch.cat([x, h], dim=1) @ torch.cat([W, U], dim=0) + b
    gates = torch.sigmoid(z)
    # tanh(a) = 2 sigmoid(2a) - 1
    g = 2 * torch.sigmoid(2 * z[:, 2 * m : 3 * m]) - 1
    new_c = gates[:, m : 2 * m].mul(c).addcmul(gates[:, :m], g)
    return gates[:, 3 * m :] * new_c.tanh(), new_c
