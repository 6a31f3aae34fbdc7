import numpy as np


class CosineScheduler:
    def __init__(self, max_update, base_lr=0.01, final_lr=0, warmup_steps=0, warmup_begin_lr=0):
        self.args = max_update, base_lr, final_lr, warmup_steps, warmup_begin_lr

    def __call__(self, epoch):
        T, high, low, warm, begin = self.args
        if epoch < warm:
            share = epoch / warm
            return (1 - share) * begin + share * high
        angle = np.pi / 2 * min(1, (epoch - warm) / (T - warm))
        return high * np.cos(angle) ** 2 + low * np.sin(angle) ** 2
