"""flake8's configuration files as text: which keys they set, on which line, and which of them nobody knows.

flake8 passes over a key that it does not know without a word, so that a misspelt `scl-…` would have no effect at all.
"""

from __future__ import annotations

import argparse
import dataclasses
import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from flake8_scalability.options import Settings

#: Files in which flake8 looks for its section, in this order (flake8.pycqa.org, "Configuring Flake8").
FILES = ("setup.cfg", "tox.ini", ".flake8")
#: The file that the plugin Flake8-pyproject adds, and the sections of both.
PYPROJECT = "pyproject.toml"
SECTIONS = ("flake8", "tool.flake8")
_SECTION = re.compile(r"\[\s*([^\[\]]+?)\s*\]\s*(?:[#;].*)?$")
_KEY = re.compile(r"([A-Za-z][\w-]*)\s*[=:]\s*(.*)$")
_WORD = re.compile(r"[\w.*/-]+(?::[\w.*/-]+)?")


class Key(NamedTuple):
    """A key of a configuration file; `line` counts from 1, `words` are the parts of its value."""

    file: Path
    line: int
    name: str
    words: tuple[str, ...]


def found(directory: Path, arguments: Sequence[str] = ()) -> list[Path]:
    """Return the files that configure flake8 when it runs in `directory` with these arguments of its command line.

    `--config` is read alone, `--append-config` besides, `--isolated` means none.  Flake8-pyproject puts the
    `pyproject.toml` of the directory, or what `--toml-config` names, in the place of the others if it has the section.
    """
    cli = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    cli.add_argument("--config")
    cli.add_argument("--append-config", action="append", default=[])
    cli.add_argument("--toml-config", default=PYPROJECT)
    cli.add_argument("--isolated", action="store_true")
    given, _ = cli.parse_known_args(arguments)
    if given.isolated:
        return []
    files = [directory / given.config] if given.config else [*_nearest(directory)]
    files += [directory / each for each in given.append_config]
    pyproject: Path = directory / given.toml_config
    return [pyproject] if pyproject.is_file() and keys(pyproject) else files


def _nearest(directory: Path) -> Iterator[Path]:
    """Yield the one file with flake8's section that is nearest, from the directory upwards to the user's home."""
    for folder in (directory, *directory.parents):
        if folder == Path.home() and folder != directory:
            return
        for name in FILES:
            path = folder / name
            if path.is_file() and _has_section(path):
                yield path
                return


def _has_section(path: Path) -> bool:
    return any(section in SECTIONS for section, _, _ in _lines(path))


def keys(path: Path) -> list[Key]:
    """Return the keys of flake8's section of a file; none of a file that can't be read."""
    result: list[Key] = []
    for section, number, line in _lines(path):
        if section not in SECTIONS:
            continue
        match = _KEY.match(line)
        if match is not None:
            result.append(Key(path, number, match[1].lower(), _words(match[2])))
        elif result and line[:1] in (" ", "\t", "]", '"', "'"):
            result[-1] = result[-1]._replace(words=(*result[-1].words, *_words(line)))
    return result


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(re.sub(r"(^|\s)[#;].*", "", text)))


def _lines(path: Path) -> Iterator[tuple[str, int, str]]:
    """Yield (section, line from 1, text) for each line of a file that is no comment."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        header = _SECTION.match(line)
        if header is not None:
            section = header[1]
        if line.strip() and not line.lstrip().startswith(("#", ";")):
            yield section, number, line


def misspelt(given: Iterable[Key]) -> list[str]:
    """Return a sentence for each key that begins like one of ours and is none, naming its file, line and neighbour."""
    known = [f"scl-{field.name.replace('_', '-')}" for field in dataclasses.fields(Settings)]
    sentences = []
    for key in given:
        name = _name(key)
        if not name.startswith("scl") or name in known:
            continue
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"the options are {', '.join(known)}"
        sentences.append(f"{key.file.name}:{key.line}: there is no option {key.name!r}; {hint}")
    return sentences


def reasons(given: Iterable[Key], silent: Sequence[str], total: int) -> list[str]:
    """Return a sentence for each key that can be why flake8 leaves out the codes in `silent`, of `total` in all.

    `select` silences what neither it nor `extend-select` names, `ignore` what begins as one of its words.
    """
    given = list(given)
    added = [word for key in given if _name(key) == "extend-select" for word in key.words]
    sentences = []
    for key in given:
        if _name(key) == "select":
            codes = [code for code in silent if not code.startswith((*key.words, *added))]
            advice = "name SCL there too, or write extend-select in its place"
        elif _name(key) in ("ignore", "extend-ignore"):
            codes = [code for code in silent if code.startswith(key.words)]
            advice = "each word stands for every code that begins with it; name the codes that are meant"
        else:
            continue
        if codes:
            which = "every rule" if len(codes) == total else f"{len(codes)} of {total} rules"
            value = ",".join(key.words)
            sentences.append(f"{key.file.name}:{key.line}: {key.name} = {value} switches off {which}; {advice}")
    return sentences


def _name(key: Key) -> str:
    return key.name.replace("_", "-")
