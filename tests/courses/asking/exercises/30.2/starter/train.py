from net import loss_fn


def train(model, optimizer, X, y, steps):
    ...
