"""Who in a project asks a function for a page that begins late: its calls, and the calls of what hands a start on.

The files are searched as text; those that spell a call are parsed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Union

from flake8_scalability.catalog import operators, paging
from flake8_scalability.project import mentions, root, texts, word_index

_Function = Union[ast.FunctionDef, ast.AsyncFunctionDef]
#: So many functions hand a start on, from one to the next; what is called at the end of a longer way is believed.
WAY = 3


class Asked(NamedTuple):
    """A function that is given where to begin: its name, its class ("" for none), its parameters and its file."""

    name: str
    owner: str
    parameters: tuple[str, ...]
    file: Path


def are_asked_for(name: str, owner: str, parameters: tuple[str, ...], filename: str) -> bool:
    """Whether somebody asks a function for pages that begin late, and not only those who run the service.

    True where no project is in sight.
    """
    if root.of(filename) is None:
        return True
    return _is_asked(Asked(name, owner, parameters, Path(filename).absolute()), WAY)


def is_called(name: str, owner: str, filename: str) -> bool:
    """Whether a file that speaks of a class, or of its module, calls a method of this name; True without a project."""
    if root.of(filename) is None:
        return True
    ways = (Asked(name, each, (), Path(filename).absolute()) for each in (owner, ""))
    return any(f".{name}(" in text for asked in ways for _, text in _speaking(asked))


def _is_asked(asked: Asked, way: int) -> bool:
    if not way:
        return True
    for path, text in _speaking(asked):
        if _is_of_operators(path, text):
            continue
        for function, owner in _functions(text):
            for call in ast.walk(function):
                value = _start(call, asked) if isinstance(call, ast.Call) else None
                if value is None or operators.LETS_IN.search(head(function)) or operators.PAGES.search(function.name):
                    continue
                if function.decorator_list or not _is_handed_on(value, function):
                    return True
                names = tuple(each.arg for each in _arguments(function))
                if _is_asked(Asked(function.name, owner, names, path), way - 1):
                    return True
    return False


def head(function: _Function) -> str:
    """Return the decorators and the signature of a function as text."""
    return "\n".join(ast.unparse(each) for each in (*function.decorator_list, function.args))


def _speaking(asked: Asked) -> Iterator[tuple[Path, str]]:
    """Yield the files that may call a function: of a name that several have, those that name its class."""
    start = root.of(str(asked.file))
    assert start is not None
    has_others = len(mentions.functions_named(asked.name, str(asked.file))) > 1
    word = asked.owner or asked.file.stem
    for path, text in word_index.files_having(asked.name, start):
        if f"{asked.name}(" not in text or root.is_test(path, start):
            continue
        if path == asked.file or not has_others or texts.has_word(text, word):
            yield path, text


def _is_of_operators(path: Path, text: str) -> bool:
    return operators.PAGES.search(path.stem) is not None or is_router_of_operators(text)


@lru_cache(maxsize=64)
def is_router_of_operators(text: str) -> bool:
    """Whether the routers of a file are for those who run the service, by their prefix or what they depend on."""
    if "Router(" not in text and "Blueprint(" not in text:
        return False
    routers = re.findall(r"\b(?:\w*Router|Blueprint)\(([^()]*(?:\([^()]*\)[^()]*)*)\)", text)
    return bool(routers) and all(operators.LETS_IN.search(each) for each in routers)


@lru_cache(maxsize=64)
def _functions(text: str) -> tuple[tuple[_Function, str], ...]:
    """Return the functions of a file with the names of their classes; none where it cannot be parsed."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return ()
    owners = {
        function: each.name for each in ast.walk(tree) if isinstance(each, ast.ClassDef) for function in each.body
    }
    return tuple(
        (each, owners.get(each, ""))
        for each in ast.walk(tree)
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))
    )


def _start(call: ast.Call, asked: Asked) -> ast.expr | None:
    """Return where a call of a function lets its page begin; None where it is another's, or written out or left out."""
    callee = call.func
    name = callee.attr if isinstance(callee, ast.Attribute) else callee.id if isinstance(callee, ast.Name) else ""
    if name != asked.name:
        return None
    parameters = (
        asked.parameters[1:] if asked.owner and asked.parameters[:1] in (("self",), ("cls",)) else (asked.parameters)
    )
    given = [(each.arg, each.value) for each in call.keywords]
    given += [
        (None if isinstance(each, ast.Starred) else parameter, each) for parameter, each in zip(parameters, call.args)
    ]
    for parameter, value in given:
        is_start = parameter is None or paging.STARTS.match(parameter) is not None
        if is_start and any(isinstance(part, (ast.Name, ast.Attribute)) for part in ast.walk(value)):
            return value
    return None


def _is_handed_on(value: ast.expr, function: _Function) -> bool:
    """Whether a start is made of what a function is given as one."""
    starts = {each.arg for each in _arguments(function) if paging.STARTS.match(each.arg)}
    return any(isinstance(part, ast.Name) and part.id in starts for part in ast.walk(value))


def _arguments(function: _Function) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
