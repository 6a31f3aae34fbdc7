def row_means(m):
    return [sum(row) / len(row) for row in m]
