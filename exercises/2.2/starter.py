w = 1.5
b = 4.0


def forward(x):
    # Bashorat / the prediction
    ...


def loss(x, y):
    # Xatolik / the loss
    ...
