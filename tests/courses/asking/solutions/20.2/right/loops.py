import numpy as np


def softmax_loss(x, y):
    loss = 0.0
    dx = np.zeros(x.shape)
    for i in range(x.shape[0]):
        scores = x[i] - max(x[i])
        exp = np.exp(scores)
        probs = exp / sum(exp)
        loss += np.log(sum(exp)) - scores[y[i]]
        for j in range(x.shape[1]):
            dx[i, j] = probs[j] - (j == y[i])
    return loss / x.shape[0], dx / x.shape[0]
