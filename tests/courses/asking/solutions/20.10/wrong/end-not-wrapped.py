from torch import arange, where


def outer(a, b):
    return a[:, None] * b


def diag(a):
    return a[arange(len(a)), arange(len(a))]


def cumsum(a):
    return where(arange(len(a))[:, None] >= arange(len(a)), 1.0, 0.0) @ a


def roll(a, i):
    return a[where(arange(i) + 1 < i, arange(i) + 1, i - 1)]


def bincount(a, j):
    return where(arange(j)[:, None] == a, 1, 0) @ where(a == a, 1, 0)
