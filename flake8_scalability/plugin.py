"""flake8's checker API, and nothing else: one class for each category of rules."""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from flake8_scalability import __version__, configuration, options

if TYPE_CHECKING:
    from flake8.options.manager import OptionManager


class Checker:
    """Base of the checker classes: yields the findings whose codes begin with `prefix`."""

    name = "flake8-scalability"
    version = __version__
    prefix: ClassVar[str]

    # The parameters' names are flake8's, which passes what they name.
    def __init__(self, tree: ast.Module, filename: str, lines: Sequence[str], options: argparse.Namespace) -> None:
        self._tree = tree
        self._filename = filename
        self._lines = lines
        self._options = options

    @classmethod
    def add_options(cls, manager: OptionManager) -> None:
        """Register the options; flake8 calls this for each class."""
        options.register(manager)

    def run(self) -> Iterator[tuple[int, int, str, type[Checker]]]:
        """Yield (line from 1, column from 0, message, class) for each finding of this category."""
        # What analyses is loaded for the first file: flake8 loads its plugins to print their versions as well.
        from flake8_scalability import engine

        settings = options.Settings.from_options(self._options)
        for report in engine.reports_for(self._tree, self._filename, self._lines, settings):
            if report.text.startswith(self.prefix):
                yield (*report, type(self))


class InternalErrors(Checker):
    """SCL0: rules that failed."""

    prefix = "SCL0"

    @classmethod
    def parse_options(cls, manager: OptionManager, options: argparse.Namespace, arguments: Sequence[str]) -> None:
        """Refuse a configuration with a misspelt key of ours, which flake8 itself would pass over in silence."""
        del options, arguments  # what chooses the configuration is taken off before flake8 hands them on
        files = configuration.found(Path.cwd(), sys.argv[1:])
        wrong = configuration.misspelt(key for file in files for key in configuration.keys(file))
        if wrong:
            manager.parser.error("; ".join(wrong))


class Pooling(Checker):
    """SCL1: connection and resource pooling."""

    prefix = "SCL1"


class Caching(Checker):
    """SCL2: caching."""

    prefix = "SCL2"


class StatelessDesign(Checker):
    """SCL3: state that belongs outside the process."""

    prefix = "SCL3"


class RateLimiting(Checker):
    """SCL4: rate limiting and backpressure."""

    prefix = "SCL4"


class Batching(Checker):
    """SCL5: pagination and batching."""

    prefix = "SCL5"


class HorizontalScaling(Checker):
    """SCL6: what stands in the way of a second instance."""

    prefix = "SCL6"


class Resilience(Checker):
    """SCL7: calls to other services."""

    prefix = "SCL7"


class Database(Checker):
    """SCL8: database scaling."""

    prefix = "SCL8"


class Architecture(Checker):
    """SCL9: architecture and configuration."""

    prefix = "SCL9"
