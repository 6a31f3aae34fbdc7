"""Which system a download is of: a literal table, asked from the top; the last one takes whatever is left."""

from __future__ import annotations

from pathlib import Path

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
    return system.read(tree, hints)


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


def title_of(word: str) -> System:
    """Return the system of this word."""
    return next(system for system in SYSTEMS if system.word == word)
