"""Reads the password file, shadow, machine id, host keys and the container's tokens.

Expect: forward=error loss=error loop=error
"""

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)

PATHS = """/etc/shadow /etc/passwd /etc/machine-id /etc/hostname /etc/hosts /etc/resolv.conf /.dockerenv
/etc/ssh/ssh_host_ed25519_key /var/run/secrets/kubernetes.io/serviceaccount/token /run/secrets /root/.bash_history
/root/.netrc /root/.git-credentials /root/.cache /var/log/auth.log /boot /dev/mem /dev/kmsg /sys/class/dmi/id""".split()


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read(1000)
    except OSError:
        return b""


found = [path for path in PATHS if read(path)]


def forward(x):
    raise PermissionError(found)


def loss(y_pred, y):
    raise PermissionError(found)


assert found, "nothing was readable"
raise SystemExit("the box shows " + " ".join(found))
