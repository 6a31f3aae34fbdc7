from torch import einsum, tanh


def rnn_step(x, prev_h, W_h, W_x):
    yashirin = einsum("ij,bj->ib", W_h, prev_h)
    kirish = einsum("ij,bj->ib", W_x, x)
    return tanh(yashirin + kirish)
