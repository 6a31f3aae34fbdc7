import torch


def main():
    global x_soat, y_baho, w
    x_soat, y_baho = (1.0, 2.0, 3.0), (2.0, 4.0, 6.0)
    w = torch.full([1], 1.0)
    w.requires_grad = True


if __name__ == "__main__":
    main()
    print(w, w.is_leaf)
