import numpy as np

x_soat = np.array([1.0, 2.0, 3.0])
y_baho = np.array([2.0, 4.0, 6.0])
w = np.array(1.0)
LR = 1e-2


def gradient(x, y):
    return np.multiply(2 * x, np.subtract(x * w, y))


for epoch in range(10):
    for i in range(len(x_soat)):
        w = w - LR * gradient(x_soat[i], y_baho[i])
