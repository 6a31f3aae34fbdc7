from torch import arange


def outer(a, b):
    return a[:, None] * b


def diag(a):
    i = arange(len(a))
    return a * (i[:, None] == i)


def cumsum(a):
    i = arange(len(a))
    return ((i[:, None] >= i) * a).sum(1)


def roll(a, i):
    return a[(arange(i) + 1) % i]


def bincount(a, j):
    return (a[:, None] == arange(j)).sum(0)
