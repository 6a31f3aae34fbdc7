"""The files of a course's plugins, on which its exercises rest as they do on the grader's own."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path


def plugin_places(modules: Iterable[str]) -> tuple[Path, ...]:
    """Return where the modules are: the folder of a whole package, or a file with those beside it, which it may import.

    What is installed beside it is not the course's.
    """
    places: list[Path] = []
    for top in dict.fromkeys(module.partition(".")[0] for module in modules):
        spec = find_spec(top)
        if spec is not None and spec.submodule_search_locations:
            places += map(Path, spec.submodule_search_locations)
        elif spec is not None and spec.has_location and spec.origin:
            file = Path(spec.origin)
            beside = () if file.parent.name in ("site-packages", "dist-packages") else sorted(file.parent.glob("*.py"))
            places += (file, *beside)
    return tuple(dict.fromkeys(place.resolve() for place in places))


def plugin_files(modules: Iterable[str]) -> list[Path]:
    """Return the files of the modules and of their packages."""
    return [
        path
        for place in plugin_places(modules)
        for path in (sorted(place.rglob("*.py")) if place.is_dir() else [place])
        if path.is_file()
    ]
