"""Grades submissions of five lectures, right and wrong, in both languages; fails where a result is another."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent

# Arguments of `course`, and the exit code that they must give: 0 is full marks, 1 is not.
SHOWN = [
    (["list", "--lang", "uz"], 0),
    (["show", "4.1", "--lang", "uz"], 0),
    (["submit", "4.1", "--answer", "-8", "--lang", "uz"], 0),
    (["submit", "4.1", "--answer", "−4", "--lang", "uz"], 1),
    (["submit", "4.2", "--answer", "dL_dx=15", "--answer", "dL_dy=15", "--lang", "en"], 1),
    (["submit", "4.5", "demo/right.py", "--lang", "uz"], 0),
    (["submit", "4.5", "demo/not_zeroed.py", "--lang", "en"], 1),
    (["submit", "4.5", "demo/cut.py", "--lang", "uz"], 1),
    (["submit", "4.5", "demo/brace.py", "--lang", "en"], 1),
    (["submit", "2.3", "solutions/2.3/wrong/square-of-mean.py", "--lang", "uz"], 1),
    (["submit", "3.3", "solutions/3.3/wrong/not-simultaneous.py", "--lang", "en"], 1),
    (["submit", "3.5", "solutions/3.5/wrong/learning-rate-too-large.py", "--lang", "uz"], 1),
    (["submit", "5.2", "solutions/5.2/wrong/broadcast-target.py", "--lang", "en"], 1),
    (["submit", "6.4", "solutions/6.4/wrong/sigmoid-twice.py", "--lang", "uz"], 1),
]


def main() -> int:
    for arguments, expected in SHOWN:
        print(f"\n$ course {' '.join(arguments)}", flush=True)
        command = [sys.executable, "-m", "grader", *arguments]
        if arguments[0] == "submit":
            command += ["--student", "demo"]
        code = subprocess.run(command, cwd=HERE.parent, check=False).returncode
        if code != expected:
            print(f"demo: exit code {code}, expected {expected}", file=sys.stderr)
            return 1
    print(f"\n{len(SHOWN)} commands, all as expected.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
