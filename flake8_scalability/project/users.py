"""Whether loaded code of a project uses what one of its modules defines: by name, as text."""

from __future__ import annotations

import re
from pathlib import Path

from flake8_scalability.project import imports, texts

#: Lists of what a package hands on are no use of it.
_EXPORTED = re.compile(r"^__all__\b[^\[(]*[\[(][^\])]*[\])]", re.MULTILINE)
_COMMENT = re.compile(r"#.*")


def is_used_elsewhere(name: str, filename: str) -> bool:
    """Whether another loaded module of the project uses a name that this one defines, or a deployment names it.

    True where too little of the project is in sight.  An import alone is no use.  A module that defines the name itself
    and imports none uses its own, but for what it spells below an object or in a text.
    """
    seen = imports.sight(filename)
    return seen is None or name in seen.deployment or _is_used(name, Path(filename).absolute())


@texts.believed
def _is_used(name: str, own: Path) -> bool:
    seen = imports.sight(str(own))
    loaded = seen.loaded.items() if seen is not None else ()
    return any(path != own and texts.has_word(text, name) and _uses(name, path, text) for path, text in loaded)


def _uses(name: str, path: Path, text: str) -> bool:
    """Whether a text that has a name does more with it than to define or to import it."""
    spelled = re.escape(name)
    text = _COMMENT.sub("", _EXPORTED.sub("", text) if path.stem == "__init__" else text)
    definition = re.compile(rf"\b(?:def|class)[ \t]+{spelled}\b")
    names = [imported for _, imported, _ in imports.IMPORT.findall(text) if texts.has_word(imported, name)]
    is_its_own = not names and definition.search(text) is not None
    rest = definition.sub("", imports.IMPORT.sub("", text))
    if re.search(rf"[.\"']{spelled}\b" if is_its_own else rf"\b{spelled}\b", rest) is not None:
        return True
    aliases = [alias for each in names for alias in re.findall(rf"\b{spelled}[ \t]+as[ \t]+(\w+)", each)]
    return any(texts.has_word(rest, alias) for alias in aliases)


def is_said(beginning: str, filename: str) -> bool:
    """Whether a loaded module makes names that begin so, as a text with something more behind it: `f"on_{event}"`."""
    seen = imports.sight(filename)
    if seen is None:
        return True
    made = (f'"{beginning}', f"'{beginning}")
    return any(each in text for text in seen.loaded.values() for each in made)
