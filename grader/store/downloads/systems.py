"""Which system a download is of: a literal table, asked from the top; the last one takes whatever is left."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

from grader.core.people.clues import whose
from grader.store.downloads import blackboard, canvas, folders, github, gradescope, moodle, nbgrader, teams
from grader.store.downloads.download import Download, Hints, System
from grader.store.downloads.tree import Tree, read_tree

SYSTEMS: tuple[System, ...] = (
    gradescope.SYSTEM,
    moodle.SYSTEM,
    canvas.SYSTEM,
    blackboard.SYSTEM,
    github.SYSTEM,
    nbgrader.SYSTEM,
    teams.SYSTEM,
    folders.SYSTEM,
)
# A zip often holds one folder that holds everything, and that one another.
_WRAPPED = 2


def read_download(source: Path, hints: Hints) -> Download:
    """Return what a download tells, whatever system it is of.

    Raises:
        UsageFault: where it cannot be read.
    """
    tree = read_tree(source, hints.zone)
    system, tree = recognised(tree)
    if system is not folders.SYSTEM:
        return system.read(tree, hints)
    return _folders(tree, hints)


def recognised(tree: Tree) -> tuple[System, Tree]:
    """Return the system that a tree is laid out by, and the tree without the folders around everything."""
    inner: Tree | None = tree
    for _ in range(_WRAPPED + 1):
        if inner is None:
            break
        found = next((system for system in SYSTEMS[:-1] if system.recognises(inner)), None)
        if found is not None:
            return found, inner
        inner = inner.below_one()
    return SYSTEMS[-1], tree


def _folders(tree: Tree, hints: Hints) -> Download:
    """Return what folders by person tell: below one folder around everything, where several students lie in that.

    Drive packs an assignment's folder so. One folder alone may also be one person's, with whatever is in it.
    """
    found = download = folders.SYSTEM.read(tree, hints)
    inner: Tree | None = tree
    for _ in range(_WRAPPED):
        inner = inner and inner.below_one()
        if inner is None or _students(found, hints):
            break
        found = folders.SYSTEM.read(inner, hints)
        if len(_students(found, hints)) > 1:
            return found
    return download


def _students(download: Download, hints: Hints) -> Set[str]:
    return set(whose({each.key: each.person for each in download.handed_in}, hints.students).sure.values())


def title_of(word: str) -> System:
    """Return the system of this word."""
    return next(system for system in SYSTEMS if system.word == word)
