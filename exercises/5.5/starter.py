import torch
from torch import nn


def train(x, y):
    model = nn.Linear(2, 1)
    # Maʼlumotlarni tayyorlash, xatolik, optimizator, sikl / prepare the data; loss, optimizer, loop
    ...
    return model
