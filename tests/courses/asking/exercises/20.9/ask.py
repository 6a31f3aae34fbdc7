"""A text whose words come in an order that is drawn, again and again. Of six words, seven negative ones hold a repetition."""

import itertools


class Dataset:
    def __init__(self, tokens):
        self._tokens = itertools.cycle(int(token) for token in tokens)

    def sampleTokenIdx(self):
        return next(self._tokens)
