"""From the packages that a course names to the modules that a program may import."""

from grader.core.course.packages import modules_of


def test_numpy_and_torch_are_always_among_them() -> None:
    assert set(modules_of(())) >= {"numpy", "torch"}


def test_packages_are_known_by_the_names_that_pip_knows() -> None:
    assert {"sklearn", "PIL", "mpl_toolkits", "torch_geometric"} <= set(
        modules_of(("scikit-learn", "Pillow", "matplotlib", "torch-geometric"))
    )
