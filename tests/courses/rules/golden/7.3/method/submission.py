def row_means(m):
    return m.mean(axis=1)
