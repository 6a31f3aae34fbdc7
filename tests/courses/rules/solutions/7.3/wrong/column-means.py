def row_means(m):
    return m.sum(axis=0) / m.shape[0]
