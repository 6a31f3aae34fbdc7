# 2-maʼruza: bashorat va xatolik
w = 1.0  # taxminiy qiymat
b = 0.0


def forward(x):
    y_pred = w * x
    y_pred = y_pred + b
    return y_pred


def loss(x, y):
    y_pred = forward(x)
    xato = y - y_pred
    return xato * xato


for soat, baho in [(2, 10), (5, 12)]:
    print("soat:", soat, "baho:", baho, "bashorat:", forward(soat), "xatolik:", loss(soat, baho))
