import torch
import torch.nn.functional as F
from torch import nn


def make_context_vector(context, word_to_ix):
    return torch.tensor([word_to_ix[word] for word in context])


class CBOW(nn.Module):
    def __init__(self, vocab_size, embedding_dim):
        super().__init__()
        self.embeddings = nn.Embedding(vocab_size, embedding_dim)
        self.linear = nn.Linear(embedding_dim, vocab_size)

    def forward(self, inputs):
        total = self.embeddings(inputs).mean(dim=0)
        scores = self.linear(total).view(1, -1)
        return F.log_softmax(scores, dim=1)
