import torch
from torch.utils.data import Dataset


class GradesDataset(Dataset):
    def __init__(self, table):
        ...

    def __len__(self):
        return 0

    def __getitem__(self, i):
        ...
