from collections import Counter
import math
import torch

with open("names.txt", encoding="utf-8") as file:
    names = [line.strip() for line in file if line.strip()]
pairs = Counter((a, b) for name in names for a, b in zip(f".{name}", f"{name}."))
alphabet = sorted({letter for pair in pairs for letter in pair}, key=lambda letter: (letter != ".", letter))


def letters():
    return tuple(alphabet)


def counts():
    return torch.tensor([[pairs[a, b] for b in alphabet] for a in alphabet])


def nll():
    smooth = counts() + 1
    total = 0.0
    for (a, b), count in pairs.items():
        row = smooth[alphabet.index(a)]
        total -= count * math.log(row[alphabet.index(b)] / row.sum())
    return total / sum(pairs.values())


def most_likely(c):
    return max(alphabet, key=lambda b: pairs[c, b])
