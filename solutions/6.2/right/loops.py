import math

import numpy as np


def sigmoid(z):
    return np.array([1 / (1 + math.exp(-v)) for v in z])


def bce(z, y):
    jami = 0
    for i in range(len(z)):
        p = 1 / (1 + math.exp(-z[i]))
        if y[i] == 1:
            jami -= math.log(p)
        else:
            jami -= math.log(1 - p)
    print("xatolik:", jami / len(z))
    return jami / len(z)


def gradient(z, y):
    natija = np.zeros(len(z))
    for i in range(len(z)):
        p = 1 / (1 + math.exp(-z[i]))
        dloss_dp = (p - y[i]) / (p * (1 - p))
        dp_dz = p * (1 - p)
        natija[i] = dloss_dp * dp_dz / len(z)
    return natija
