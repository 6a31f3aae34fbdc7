"""Imports the judge's own modules from the box and asks them for the reference.

Expect: forward=error|fail loss=error|fail loop=error
"""

from pathlib import Path
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def expected():
    from grader.grading.judge.reference import ReferenceObserver
    from grader.store.course.course_files import find_course
    files = find_course(Path("<course>"))
    exercise = files.exercise("4.5")
    observer = ReferenceObserver(exercise, files.solution("4.5"), "solution.py", b"")
    return observer.checks(lambda jobs: [])


def forward(x):
    return expected()["forward"].expected[0]


def loss(y_pred, y):
    return expected()["loss"].expected[0]


print(expected())
