import torch.nn as nn
import torch.nn.functional as F


def conv3x3(c_in, c_out, stride=1):
    """3x3 konvolyutsiya, padding bilan"""
    return nn.Conv2d(c_in, c_out, kernel_size=3, stride=stride, padding=1)


class Block(nn.Module):
    def __init__(self, c_in, c_out, stride=1):
        super(Block, self).__init__()
        self.conv1 = conv3x3(c_in, c_out, stride)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = conv3x3(c_out, c_out)
        self.shortcut = None
        if stride != 1 or c_in != c_out:
            self.shortcut = nn.Sequential(nn.Conv2d(c_in, c_out, kernel_size=1, stride=stride))

    def forward(self, x):
        residual = x
        out = self.conv1(x)
        out = self.relu(out)
        out = self.conv2(out)
        if self.shortcut is not None:
            residual = self.shortcut(x)
        print("out:", out.shape, "residual:", residual.shape)
        out += residual
        out = self.relu(out)
        return out
