import torch
from torch import arange, where


def outer(a, b):
    ...


def diag(a):
    ...


def cumsum(a):
    ...


def roll(a, i):
    ...


def bincount(a, j):
    ...
