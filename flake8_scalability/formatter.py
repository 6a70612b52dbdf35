"""flake8's formatter API, and nothing else: collects what flake8 hands out, and prints a report of it at the end."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from flake8 import style_guide, utils
from flake8.formatting.base import BaseFormatter

from flake8_scalability.options import Settings
from flake8_scalability.report import markdown, sarif, sources
from flake8_scalability.report.run import Result, Run, rules, shown_path, title_of

if TYPE_CHECKING:
    from flake8.statistics import Statistics
    from flake8.violation import Violation


class _Report(BaseFormatter):
    """Base of both formatters: keeps the results of the run, and prints them once, after the last file."""

    def after_init(self) -> None:
        """Begin with nothing."""
        self._folder = os.getcwd()
        self._files: list[str] = []
        self._results: list[tuple[str, Violation]] = []
        self._printed = False
        self._last_read: tuple[str, bytes | None] = ("\0", None)  # the name of no file

    def start(self) -> None:
        """Open the output file: anew, and as UTF-8 wherever this runs."""
        if self.filename:
            os.makedirs(os.path.dirname(os.path.abspath(self.filename)), exist_ok=True)
            self.output_fd = open(self.filename, "w", encoding="utf-8", newline="\n")  # noqa: SIM115

    def beginning(self, filename: str) -> None:
        """Take note of a file, of which nothing may be found."""
        self._files.append(filename)

    def handle(self, error: Violation) -> None:
        """Take note of a finding."""
        self._results.append((error.filename, error))

    def stop(self) -> None:
        """Print the report, and close the output file."""
        self._print()
        super().stop()

    def text(self, run: Run) -> str:
        """Return the report of a run, without a line break at its end."""
        raise NotImplementedError

    def _print(self) -> None:
        """Print the report, once: what flake8 prints besides the findings comes after it."""
        if self._printed:
            return
        self._printed = True
        text = self.text(self._run())
        if self.output_fd is not None:
            # With -v flake8 logs into this file too; what was logged so far goes.
            self.output_fd.truncate(0)
        self._write(text)

    def _run(self) -> Run:
        settings = Settings.from_options(self.options)
        guides = style_guide.StyleGuideManager(self.options, self)
        in_force = self._in_force(guides, settings)
        parsing = guides.decider.decision_for("E999") is not style_guide.Decision.Selected
        spoken_of = {filename for filename, _ in self._results}
        results = [self._result(error) for _, error in self._results]
        alone = []
        for filename in self._files:
            data, path, silent = self._read(filename), shown_path(filename, self._folder), filename not in spoken_of
            if data is None:
                if silent:
                    results.append(Result(path, 1, 1, "E902", "the file could not be read"))
                continue
            said = sources.said(data, parsing and silent)
            if said.error:
                results.append(Result(path, said.line, said.column, "E999", said.error))
            if said.single_instance:
                alone.append(path)
        results.sort()
        shown = {shown_path(filename, self._folder): filename for filename in self._files}
        tools = sorted(path for path, filename in shown.items() if sources.is_tool(filename, settings))
        files = sorted(shown.keys() - set(tools))
        return Run(title_of(sorted(shown), self._folder), results, files, in_force, settings, alone, tools)

    def _in_force(self, guides: style_guide.StyleGuideManager, settings: Settings) -> frozenset[str]:
        """Return the codes that the user's selection lets through in at least one file of the run."""
        deciders = {id(guide): guide for guide in map(guides.style_guide_for, self._files)}.values()
        return frozenset(
            code
            for code, rule in rules().items()
            if rule.severity >= settings.min_severity
            and not (rule.second_instance and settings.single_instance)
            and any(guide.should_report_error(code) is style_guide.Decision.Selected for guide in deciders)
        )

    def _result(self, error: Violation) -> Result:
        path = shown_path(error.filename, self._folder)
        # An error of the system names the file as it was given.
        text = error.text.replace(error.filename, path) if os.path.isabs(error.filename) else error.text
        return Result(path, max(1, error.line_number), error.column_number, error.code, text, self._line(error))

    def _line(self, error: Violation) -> str:
        """Return the line of a finding: flake8 hands out all lines of a statement or string in one."""
        given = error.physical_line or ""
        if len(given.splitlines()) > 1 or not given:
            data = self._read(error.filename)
            return sources.line_of(data, error.line_number) if data is not None else ""
        return given.rstrip("\r\n")

    def _read(self, filename: str) -> bytes | None:
        # The findings of a file come together.
        if self._last_read[0] != filename:
            self._last_read = (filename, self._read_again(filename))
        return self._last_read[1]

    def _read_again(self, filename: str) -> bytes | None:
        if utils.is_using_stdin(self.options.filenames) and filename == self.options.stdin_display_name:
            return utils.stdin_get_value().encode("utf-8", "surrogatepass")
        return sources.read(filename)


class Markdown(_Report):
    """`--format=scalability`: the report of the reference guide."""

    def text(self, run: Run) -> str:
        """Return the report as Markdown."""
        return markdown.report(run, self.options.show_source)

    def show_statistics(self, statistics: Statistics) -> None:
        """Print the counts as a section of their own."""
        self._print()
        lines = []
        for code in statistics.error_codes():
            counted = list(statistics.statistics_for(code))
            lines.append(f"{sum(entry.count for entry in counted):<5} {code} {counted[0].message}")
        self._write(markdown.statistics(lines))

    def show_benchmarks(self, benchmarks: list[tuple[str, float]]) -> None:
        """Print the benchmarks as a section of their own."""
        self._print()
        self._write(markdown.statistics([f"{value:<10.10g} {name}" for name, value in benchmarks], "Benchmarks"))


class Sarif(_Report):
    """`--format=scalability-sarif`: one JSON document for code-scanning services."""

    def text(self, run: Run) -> str:
        """Return the results as SARIF 2.1.0."""
        return sarif.document(run, self.options.show_source)

    def show_statistics(self, statistics: Statistics) -> None:
        """Print the counts where they do not break the document."""
        for code in statistics.error_codes():
            counted = list(statistics.statistics_for(code))
            print(f"{sum(entry.count for entry in counted):<5} {code} {counted[0].message}", file=sys.stderr)

    def show_benchmarks(self, benchmarks: list[tuple[str, float]]) -> None:
        """Print the benchmarks where they do not break the document."""
        for name, value in benchmarks:
            print(f"{value:<10.10g} {name}", file=sys.stderr)
