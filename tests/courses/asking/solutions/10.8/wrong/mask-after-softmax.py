import torch
from torch import nn


class MultiHeadAttention(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, num_heads, qkv_bias=False):
        super().__init__()
        self.num_heads = num_heads
        self.head_dim = d_out // num_heads
        self.W_query = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.W_key = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.W_value = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.out_proj = nn.Linear(d_out, d_out)
        self.dropout = nn.Dropout(dropout)
        ones = torch.ones(context_length, context_length)
        self.register_buffer("mask", torch.triu(ones, diagonal=1).bool())

    def forward(self, x):
        b, tokens, _ = x.shape
        queries = self.W_query(x).view(b, tokens, self.num_heads, self.head_dim).transpose(1, 2)
        keys = self.W_key(x).view(b, tokens, self.num_heads, self.head_dim).transpose(1, 2)
        values = self.W_value(x).view(b, tokens, self.num_heads, self.head_dim).transpose(1, 2)
        scores = queries @ keys.transpose(2, 3) / self.head_dim**0.5
        weights = torch.softmax(scores, dim=-1).masked_fill(self.mask[:tokens, :tokens], 0.0)
        weights = self.dropout(weights)
        heads = weights @ values
        return self.out_proj(heads.transpose(1, 2).reshape(b, tokens, -1))
