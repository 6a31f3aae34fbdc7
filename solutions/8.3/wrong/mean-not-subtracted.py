def prepare(x, y, order, n):
    train, test = order[:n], order[n:]
    std = x[train].std(axis=0)
    return x[train] / std, y[train], x[test] / std, y[test]
