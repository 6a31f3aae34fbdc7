# 9.3: numpy-in-graph
import numpy as np
from torch import nn


def batch_loss(model, x, y):
    return nn.CrossEntropyLoss()(model(x), y)


def predict(model, x):
    return np.argmax(model(x).numpy(), axis=1)


def accuracy(model, x, y):
    return float((predict(model, x) == y.numpy()).mean())
