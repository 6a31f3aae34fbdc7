def forward(x, w, b):
    return x * w + b


def gradient(w, b, x, y):
    """Zanjir qoidasi boʻyicha, tugunma-tugun."""
    y_pred = forward(x, w, b)
    dloss_ds = 2 * (y_pred - y)
    ds_dy_pred = 1
    dy_pred_dw = x
    dy_pred_db = 1
    yuqoridan = dloss_ds * ds_dy_pred
    return [yuqoridan * dy_pred_dw, yuqoridan * dy_pred_db]
