def prepare(x, y, order, n):
    train, test = order[:n], order[n:]
    mean, std = x[train].mean(), x[train].std()
    return (x[train] - mean) / std, y[train], (x[test] - mean) / std, y[test]
