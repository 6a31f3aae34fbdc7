import torch


def greedy(emission, labels):
    indices = torch.unique_consecutive(torch.argmax(emission, dim=-1), dim=-1)
    return "".join([labels[i] for i in indices if i != 0])


def beam_search(probs, k):
    paths, scores = torch.zeros(1, 0, dtype=torch.long), torch.zeros(1)
    for row in probs:
        every = (scores[:, None] + row.log()).flatten()
        scores, at = every.topk(min(k, len(every)))
        paths = torch.cat([paths[at // len(row)], (at % len(row))[:, None]], dim=1)
    return [(path.tolist(), score.item()) for path, score in zip(paths, scores)]
