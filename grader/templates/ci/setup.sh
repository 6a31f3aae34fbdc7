#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image.
set -euo pipefail
root=${AUTOGRADER_ROOT:-/autograder}
export DEBIAN_FRONTEND=noninteractive

apt-get update
apt-get install -y --no-install-recommends bubblewrap libseccomp2 util-linux
# Ubuntu 22.04 and 24.04 have one of these.
for python in python3.13 python3.12 python3.11; do
    if apt-get install -y --no-install-recommends "$python" "$python-venv"; then break; fi
done
"$python" -m venv "$root/venv"
"$root/venv/bin/python" -m pip install --no-cache-dir -r "$root/source/requirements.txt"
# Only the grader may read the solutions and the secret.
chmod -R go-rwx "$root/source"
