def search(w_list, x_soat, y_baho):
    eng_yaxshi = None
    eng_kichik = float("inf")
    losses = []
    for w in w_list:
        l_sum = 0
        for x_val, y_val in zip(x_soat, y_baho):
            y_pred = x_val * w
            l_sum += (y_pred - y_val) ** 2
        mse = l_sum / len(x_soat)
        print("w=", w, "MSE=", mse)
        losses.append(mse)
        if mse < eng_kichik:
            eng_kichik, eng_yaxshi = mse, w
    return eng_yaxshi, losses
