import numpy as np
import torch


def load():
    xy = np.genfromtxt("students.csv", delimiter=",", skip_header=1)
    xy[np.isnan(xy[:, 0]), 0] = np.nanmean(xy[:, 0])
    return torch.from_numpy(xy[:, :2]), torch.from_numpy(xy[:, [2]])
