def row_means(m):
    return m.sum(axis=1)
