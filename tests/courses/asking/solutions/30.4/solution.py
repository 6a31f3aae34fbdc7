import torch

words = open("names.txt").read().splitlines()


def letters():
    return ["."] + sorted(set("".join(words)))


def counts():
    place = {letter: i for i, letter in enumerate(letters())}
    N = torch.zeros(len(place), len(place), dtype=torch.int64)
    for word in words:
        for one, other in zip("." + word, word + "."):
            N[place[one], place[other]] += 1
    return N


def nll():
    N = counts()
    P = (N + 1) / (N + 1).sum(1, keepdim=True)
    return -(N * P.log()).sum().item() / N.sum().item()


def most_likely(c):
    return letters()[int(counts()[letters().index(c)].argmax())]
