import math

import numpy as np


def softmax(z):
    natija = []
    for satr in z:
        eng_katta = max(satr)
        e = [math.exp(v - eng_katta) for v in satr]
        natija.append([v / sum(e) for v in e])
    return np.array(natija)


def cross_entropy(z, y):
    jami = 0.0
    for p, toifa in zip(softmax(z), y):
        print("ehtimollik:", p[toifa])
        jami += -math.log(p[toifa])
    return jami / len(y)
