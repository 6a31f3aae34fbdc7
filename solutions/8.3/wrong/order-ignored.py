def prepare(x, y, order, n):
    mean, std = x[:n].mean(axis=0), x[:n].std(axis=0)
    return (x[:n] - mean) / std, y[:n], (x[n:] - mean) / std, y[n:]
