import numpy as np


def nn_epoch(X, y, W1, W2, lr=0.1, batch=100):
    num_examples = X.shape[0]
    k = W2.shape[1]
    for i in range(num_examples // batch):
        X_b = X[i * batch:(i + 1) * batch]
        y_b = y[i * batch:(i + 1) * batch]
        Z1 = X_b @ W1
        Z1[Z1 < 0] = 0
        logits = Z1 @ W2
        Z = np.exp(logits - logits.max(1, keepdims=True))
        S = Z / np.sum(Z, axis=1, keepdims=True)
        I_y = np.eye(k)[y_b]
        G2 = S - I_y
        G1 = (Z1 > 0).astype(X.dtype) * (G2 @ W2.T)
        grad_1 = X_b.T @ G1 / batch
        grad_2 = Z1.T @ G2 / batch
        W1[:] = W1 - lr * grad_1
        W2[:] = W2 - lr * grad_2
