import torch
import torch.nn.functional as F


def attention(q, k, v, mask=None):
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)


def causal_mask(n):
    places = torch.arange(n)
    return places[None, :] <= places[:, None]


def padding_mask(lengths, m):
    rows = [[[place < length for place in range(m)]] for length in lengths.tolist()]
    return torch.tensor(rows)
