import torch


def pointwise(x, w, b):
    n, c, h, w_ = x.shape
    d = w.size(0)
    natijalar = []
    for i in range(n):
        rasm = x[i].view(c, h * w_)
        print("rasm:", rasm.shape)
        aralash = torch.mm(w, rasm)
        aralash = aralash + b.unsqueeze(1)
        print("aralash:", aralash.shape)
        natijalar.append(aralash.view(d, h, w_))
    y = torch.stack(natijalar)
    print(y.size())
    return y


def global_average(x):
    kanallar = x.view(x.size(0), x.size(1), -1)
    return kanallar.sum(2) / kanallar.size(2)
