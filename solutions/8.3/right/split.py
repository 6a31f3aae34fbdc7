import numpy as np


class Scaler:
    def fit(self, x):
        self.m = x.sum(axis=0) / len(x)
        self.s = np.sqrt(((x - self.m) ** 2).sum(axis=0) / len(x))
        return self

    def transform(self, x):
        return (x - self.m) / self.s


def prepare(x, y, order, n):
    a, b = np.split(np.array(order), [n])
    scaler = Scaler().fit(x[a])
    return scaler.transform(x[a]), y[a], scaler.transform(x[b]), y[b]
