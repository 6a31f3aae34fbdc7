from itertools import groupby
from math import log


def greedy(emission, labels):
    best = emission.argmax(dim=-1).tolist()
    return "".join(labels[place] for place, _ in groupby(each for each in best if each != 0))


def beam_search(probs, k):
    sequences = [([], 0.0)]
    for row in probs.tolist():
        candidates = [(seq + [j], score + log(p)) for seq, score in sequences for j, p in enumerate(row)]
        sequences = sorted(candidates, key=lambda pair: pair[1], reverse=True)[:k]
    return sequences
