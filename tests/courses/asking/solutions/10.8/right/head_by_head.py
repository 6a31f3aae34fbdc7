import math

import torch
import torch.nn as nn


class MultiHeadAttention(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, num_heads, qkv_bias=False):
        super().__init__()
        assert d_out % num_heads == 0
        self.size = d_out // num_heads
        self.out_proj = nn.Linear(d_out, d_out)
        self.W_query = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.W_key = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.W_value = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.dropout = nn.Dropout(p=dropout)

    def forward(self, x):
        T = x.shape[1]
        future = torch.ones(T, T).tril() == 0
        parts = zip(
            self.W_query(x).split(self.size, dim=-1),
            self.W_key(x).split(self.size, dim=-1),
            self.W_value(x).split(self.size, dim=-1),
        )
        results = []
        for q, k, v in parts:
            att = q.bmm(k.mT) / math.sqrt(self.size)
            att = att.masked_fill(future, float("-inf")).softmax(-1)
            results.append(self.dropout(att).bmm(v))
        return self.out_proj(torch.cat(results, -1))
