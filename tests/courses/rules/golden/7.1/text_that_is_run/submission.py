def max_pool(x):
    names = {"x": x}
    exec("import torch; y = torch.max_pool2d(x[None], 2)[0]", names)
    return names["y"]
