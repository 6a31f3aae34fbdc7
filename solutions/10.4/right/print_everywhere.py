import numpy as np

def conv_gradients(x, w, dy):
    C, H, W = x.shape
    D, C, k, l = w.shape
    D, H2, W2 = dy.shape
    dx = np.zeros((C, H, W)); dw = np.zeros((D, C, k, l)); db = np.zeros(D)
    for d in range(D):
        for i in range(H2):
            for j in range(W2):
                g = dy[d][i][j]
                db[d] = db[d] + g
                for c in range(C):
                    for p in range(k):
                        for q in range(l):
                            dw[d][c][p][q] = dw[d][c][p][q] + g * x[c][i + p][j + q]
                            dx[c][i + p][j + q] = dx[c][i + p][j + q] + g * w[d][c][p][q]
    print('dx', dx.shape, 'dw', dw.shape, 'db', db.shape)
    print(dw)
    return dx, dw, db

def max_pool(x, k):
    C, H, W = x.shape
    natija = []
    for c in range(C):
        kanal = []
        for i in range(0, H, k):
            satr = []
            for j in range(0, W, k):
                eng_katta = x[c][i][j]
                for p in range(k):
                    for q in range(k):
                        if x[c][i + p][j + q] > eng_katta:
                            eng_katta = x[c][i + p][j + q]
                satr.append(eng_katta)
            kanal.append(satr)
        natija.append(kanal)
    print(natija)
    return np.array(natija)

def max_pool_gradient(x, k, dy):
    y = max_pool(x, k)
    dx = np.zeros(x.shape)
    for c in range(x.shape[0]):
        for i in range(x.shape[1]):
            for j in range(x.shape[2]):
                if x[c][i][j] == y[c][i // k][j // k]:
                    dx[c][i][j] = dy[c][i // k][j // k]
    return dx
