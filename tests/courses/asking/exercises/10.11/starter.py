import torch
import torch.nn.functional as F
from torch import nn


def make_context_vector(context, word_to_ix):
    ...


class CBOW(nn.Module):
    ...
