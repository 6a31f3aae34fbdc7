def prepare(x, y, order, n):
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    train, test = order[:n], order[n:]
    return x[train], y[train], x[test], y[test]
