from torch import arange, where


def outer(a, b):
    return a[:, None] @ b[None, :]


def diag(a):
    return a[arange(len(a)), arange(len(a))]


def cumsum(a):
    return a @ where(arange(len(a))[:, None] <= arange(len(a)), 1.0, 0.0)


def roll(a, i):
    return a[where(arange(i) == i - 1, 0, arange(i) + 1)]


def bincount(a, j):
    return where(a >= 0, 1, 0) @ where(a[:, None] == arange(j), 1, 0)
