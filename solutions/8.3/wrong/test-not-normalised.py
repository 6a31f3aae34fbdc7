def prepare(x, y, order, n):
    train, test = order[:n], order[n:]
    mean, std = x[train].mean(axis=0), x[train].std(axis=0)
    return (x[train] - mean) / std, y[train], x[test], y[test]
