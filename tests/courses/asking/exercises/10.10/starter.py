import torch


def lstm(inputs, state, params):
    ...


def gru(inputs, state, params):
    ...
