"""What is remembered while expressions are resolved, and how names that are bound in circles come to an end.

A name that is bound to something made of itself (`query = query.filter(x)`) is what its other bindings give, and what
becomes of that.  Names that are bound to each other are unknown.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Literal, TypeVar

from flake8_scalability.model.language.alternatives import UNKNOWN, Value, gathered
from flake8_scalability.model.language.scopes import Scope

MAX_DEPTH = 60

_Part = TypeVar("_Part")
#: What a question is about: an expression, an annotation, what a function returns, or what it returns or yields.
Question = tuple[ast.AST, Literal["value", "annotation", "returned", "yielded"]]
#: A name in a scope, or with `True` an attribute of a class.
Name = tuple[Scope, str, bool]


class _Open:
    """A name whose bindings are being resolved.

    assumed: what the name is taken for where one of its own bindings reads it
    used: whether one did
    answers: answers that hold only as long as that is assumed
    """

    def __init__(self, name: Name) -> None:
        self.name = name
        self.assume(UNKNOWN)

    def assume(self, values: tuple[Value, ...]) -> None:
        """Take the name for `values` from here on."""
        self.assumed = values
        self.used = False
        self.answers: dict[Question, tuple[Value, ...]] = {}


class Memory:
    """The answers for one file, the names that are being resolved, and the depth of the question."""

    def __init__(self) -> None:
        #: What is known of expressions, which are asked for most.
        self.values: dict[ast.AST, tuple[Value, ...]] = {}
        self._answers: dict[Question, tuple[Value, ...]] = {}
        self._names: dict[Name, tuple[Value, ...]] = {}
        self._open: list[_Open] = []
        self._depth = 0

    def answer(self, question: Question, compute: Callable[[], tuple[Value, ...]]) -> tuple[Value, ...]:
        """Answer from memory, or compute; an annotation or function that leads back to itself is unknown there."""
        node, about = question
        is_value = about == "value"
        if is_value:
            if node in self.values:
                return self.values[node]
        elif question in self._answers:
            return self._answers[question]
        current = self._open[-1] if self._open else None
        if current is not None and question in current.answers:
            current.used = True
            return current.answers[question]
        if self._depth > MAX_DEPTH:
            return UNKNOWN
        if not is_value:  # a circle of expressions always leads through a name
            self._answers[question] = UNKNOWN
        used_before = current is not None and current.used
        if current is not None:
            current.used = False
        self._depth += 1
        try:
            found = compute()
        finally:
            self._depth -= 1
            if not is_value:
                self._answers.pop(question, None)
        if current is not None and current.used:
            current.answers[question] = found
        else:
            if is_value:
                self.values[node] = found
            else:
                self._answers[question] = found
            if current is not None:
                current.used = used_before
        return found

    def known(self, name: Name) -> tuple[Value, ...] | None:
        """Return what is known of a name, None where it has not been asked for."""
        return self._names.get(name)

    def learn(self, name: Name, values: tuple[Value, ...]) -> tuple[Value, ...]:
        """Remember, and return, what a name is whose bindings read no other."""
        self._names[name] = values
        return values

    def name(
        self, name: Name, parts: list[_Part], resolve: Callable[[_Part], tuple[Value, ...] | None]
    ) -> tuple[Value, ...]:
        """Return what the bindings (`parts`) of a name give together; `resolve` gives None for one that adds nothing.

        First comes what does not read the name itself, and then, taking the name for that, what does.
        """
        if name in self._names:
            return self._names[name]
        if self._open and self._open[-1].name == name:
            self._open[-1].used = True
            return self._open[-1].assumed
        if any(outer.name == name for outer in self._open):
            return UNKNOWN
        current = _Open(name)
        self._open.append(current)
        try:
            given, from_itself = [], []
            for part in parts:
                current.assume(UNKNOWN)
                found = resolve(part)
                if current.used:
                    from_itself.append(part)
                elif found is not None:
                    given.append(found)
            if from_itself and UNKNOWN not in given:
                current.assume(gathered(given))
                given += [found for part in from_itself if (found := resolve(part)) is not None]
        finally:
            self._open.pop()
        self._names[name] = gathered(given)
        return self._names[name]
