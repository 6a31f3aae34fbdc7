"""Compiles the message catalogues into every build; all else stands in pyproject.toml."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithCatalogues(build_py):
    """Builds the package with each grader.po compiled to the grader.mo beside it."""

    def run(self) -> None:
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        for source in Path("grader/locale").glob("*/LC_MESSAGES/grader.po"):
            with source.open("rb") as text, source.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, read_po(text, locale=source.parts[2]))
        super().run()


setup(cmdclass={"build_py": BuildWithCatalogues})
