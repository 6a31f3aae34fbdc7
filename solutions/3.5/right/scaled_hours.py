import numpy as np


def train(x, y):
    orta, tarqoq = np.mean(x), np.std(x)
    z = (x - orta) / tarqoq
    w = 0.0
    b = 0.0
    for epoch in range(300):
        y_pred = w * z + b
        dw = np.mean(2 * (y_pred - y) * z)
        db = np.mean(2 * (y_pred - y))
        w -= 0.05 * dw
        b -= 0.05 * db
        if epoch % 100 == 0:
            print(epoch, np.mean((y_pred - y) ** 2))

    def predict(x):
        return w * (x - orta) / tarqoq + b

    return predict
