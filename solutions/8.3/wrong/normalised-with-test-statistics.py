def normal(x):
    return (x - x.mean(axis=0)) / x.std(axis=0)


def prepare(x, y, order, n):
    train, test = order[:n], order[n:]
    return normal(x[train]), y[train], normal(x[test]), y[test]
