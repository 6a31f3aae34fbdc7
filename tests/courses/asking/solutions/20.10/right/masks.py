from torch import arange, where


def outer(a, b):
    return where(b == b, a[:, None] * b, 0.0)


def diag(a):
    return a[arange(len(a)), arange(len(a))]


def cumsum(a):
    return (a * where(arange(len(a))[:, None] < arange(len(a)), 0.0, 1.0)) @ where(a == a, 1.0, 1.0)


def roll(a, i):
    return a[where(arange(i) + 1 < i, arange(i) + 1, 0)]


def bincount(a, j):
    return where(a == arange(j)[:, None], 1, 0) @ where(a < 0, 0, 1)
