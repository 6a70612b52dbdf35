"""What the settings of Django REST framework say of the pages of its lists, and which views ask them."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.catalog import answers as known
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.model.queries.growth import is_looked_up, is_mass_named
from flake8_scalability.project import mentions, texts

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


def settings_without_pages(source: SourceFile) -> tuple[ast.AST, str] | None:
    """Return where settings configure Django REST framework without a default of its pages, None where they do not.

    With it stands a view that lists without pages; where no project is in sight, the framework's own.
    """
    if b"REST_FRAMEWORK" not in source.vocabulary:
        return None
    bindings = source.module.bindings.get("REST_FRAMEWORK", [])
    if "INSTALLED_APPS" not in source.module.bindings:
        return None  # a part of the settings, of which others may say more
    if not bindings or not isinstance(bindings[0].value, ast.Dict) or None in bindings[0].value.keys:
        return None
    if source.text_says(Fact.REST_PAGES) or source.project_says(Fact.REST_PAGES):
        return None
    view = view_by_default(source)
    if view is None:
        return None
    if view and not (is_mass_named(view) and _lists_whole(view, source)):
        return None  # what it lists stays small, as far as its name tells, or is narrowed
    return bindings[0].node, view or "ListAPIView"


def _lists_whole(view: str, source: SourceFile) -> bool:
    """Whether the project's class of a view has a query of all rows, and no method that makes another of it."""
    body = re.compile(rf"^class {view}\(.*\n(?:[ \t]*\n|[ \t]+\S.*\n|\).*\n)*", re.MULTILINE)
    bodies = (body.search(texts.text(file)) for file in mentions.files_with(view, source.filename))
    found = next((each[0] for each in bodies if each is not None), "")
    whole = known.WHOLE.search(found)
    if whole is None or "def get_queryset" in found:
        return False
    listed = _class_named(known.LISTED.findall(whole[0])[-1], source)
    return listed is None or not is_looked_up(listed)


def _class_named(name: str, source: SourceFile) -> ast.ClassDef | None:
    """Return the project's class of a name, None where it has none or several of which the first can't be read."""
    header = re.compile(rf"^class {name}\b", re.MULTILINE)
    for file in mentions.files_with(name, source.filename):
        text = texts.text(file)
        if header.search(text) is not None:
            try:
                tree = ast.parse(text)
            except (SyntaxError, ValueError):
                return None
            return next((each for each in tree.body if isinstance(each, ast.ClassDef) and each.name == name), None)
    return None


def view_by_default(source: SourceFile) -> str | None:
    """Return the name of a view whose pages the settings of Django REST framework decide; "" where none is in sight.

    None where its views have pages of their own or list by hand, or nothing comes to them.
    """
    if source.project_says(Fact.REST_VIEW_PAGES):
        return None
    view = source.named_by_project(Fact.REST_LISTS)
    if not view and source.project_says(Fact.REST_ROUTED):
        view = source.named_by_project(Fact.REST_VIEWSETS)
    return view or (None if source.project_says(Fact.REST_VIEWS) else "")
