"""The rule framework: `Rule`, `Finding`, `Example`, and the registry of all rules."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from flake8_scalability.catalog.load import FORMULAS
from flake8_scalability.options import Severity

if TYPE_CHECKING:
    from flake8_scalability.model.sites import CallSite
    from flake8_scalability.model.source import SourceFile

MESSAGE_WIDTH = 120
#: A name that has to be cut keeps at least so many characters.
SHORTEST_NAME = 6
#: The class or module before a function that is named in words: `on every call of Orders.send()`.
_OWNER = re.compile(r"(?<![\w.])(?:\w+\.)+(?=\w+\(\))")

#: The categories by their digit: the folder of their rules, and their title.
CATEGORIES = {
    "1": ("pooling", "Connection and resource pooling"),
    "2": ("caching", "Caching"),
    "3": ("stateless", "Stateless design"),
    "4": ("limits", "Rate limiting and backpressure"),
    "5": ("batching", "Pagination and batching"),
    "6": ("scaling", "Horizontal scaling blockers"),
    "7": ("resilience", "External service resilience"),
    "8": ("database", "Database scaling"),
    "9": ("architecture", "Architecture and configuration"),
}
REQUIRED = ("code", "slug", "severity", "since", "message", "short", "title", "impact", "fix", "references", "examples")
SECTIONS = ("What it does", "Why it does not scale", "How to fix it", "Known limits")


class Finding(NamedTuple):
    """A defect at a node, in the rule's words.

    `names` fill the rule's message template; `via` is the handler through which the place was reached.
    """

    node: ast.AST
    names: dict[str, str]
    via: str = ""

    @classmethod
    def at(cls, site: CallSite, **names: str) -> Finding:
        """A finding at a call, with its callee, its function and the way there as names."""
        return cls(site.node, {"callee": site.callee, "function": site.function_name, **names}, site.via)


class Example(NamedTuple):
    """A snippet whose trailing comments say what is found in it.

    `# SCL101` marks a line on which exactly that code is expected (several codes: `# SCL101, SCL701`),
    `# todo: SCL101` a defect that is known to be missed.  `path` is the name under which the snippet is analysed.
    """

    source: str
    why: str = ""
    path: str = "service.py"


class Bad(Example):
    """An example in which the rule speaks."""


class Good(Example):
    """An example in which no rule speaks."""


class Rule:
    """Base of all rules; a subclass is refused at its definition where its metadata is incomplete or contradictory."""

    code: ClassVar[str]
    slug: ClassVar[str]
    severity: ClassVar[Severity]
    since: ClassVar[str]
    message: ClassVar[str]
    #: A terser wording for findings whose names do not fit into the first.
    short: ClassVar[str]
    title: ClassVar[str]
    impact: ClassVar[str]
    fix: ClassVar[str]
    references: ClassVar[tuple[str, ...]]
    examples: ClassVar[tuple[Example, ...]]
    #: Whether the defect shows only once a second instance runs (the catalogue's mark).
    second_instance: ClassVar[bool] = False
    #: Whether it takes many callers at once, whom a program that belongs to one machine does not have.
    many_callers: ClassVar[bool] = False
    #: The formula of the load estimate that the defect brings into force, by its name; "" where it bounds no load.
    load: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        problems = list(_problems(cls))
        if problems:
            raise TypeError(f"{cls.__name__}: " + "; ".join(problems))

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the findings of this rule in one file."""
        raise NotImplementedError

    @classmethod
    def words(cls) -> frozenset[bytes] | None:
        """Return words of which a file has at least one wherever this rule has something to say; None: any file may.

        They are compared with the words of the whole text, each spelled as there (`vocabulary.words` makes them), so
        that the engine leaves the rule out without a call.  Asked once for a process.
        """
        return None

    @classmethod
    def section(cls, name: str) -> str:
        """Return the text of one of the docstring's sections."""
        parts = re.split(r"^(.+)\n-+\n", inspect.cleandoc(cls.__doc__ or ""), flags=re.MULTILINE)
        sections: dict[str, str] = dict(zip(parts[1::2], (text.strip() for text in parts[2::2])))
        return sections.get(name, "")

    @classmethod
    def summary(cls) -> str:
        """Return the first paragraph of the docstring."""
        return inspect.cleandoc(cls.__doc__ or "").partition("\n\n")[0]

    @classmethod
    def render(cls, finding: Finding) -> str:
        """Return the one line that flake8 prints: code, severity, what and what to do, at most 120 characters."""
        head = f"{cls.code} [{cls.severity.name}] "
        tail = f" (reached from {finding.via})" if finding.via else ""
        room = MESSAGE_WIDTH - len(head)
        for template in (cls.message, cls.short):
            text = template.format(**finding.names) + tail
            if len(text) <= room:
                return head + text
        return head + _elided(cls.short, finding, room)


def _elided(template: str, finding: Finding, room: int) -> str:
    """Fill a template within `room` characters by cutting names; the way is given up before any loses its middle."""
    names = {**finding.names, "via": finding.via}
    ways = ((" (reached from {via})", MESSAGE_WIDTH), ("", SHORTEST_NAME)) if finding.via else (("", SHORTEST_NAME),)
    text = ""
    for way, shortest in ways:
        text = _squeezed(template + way, names, room, shortest)
        if len(text) <= room:
            return text
    return text[: room - 1] + "…"


def _squeezed(template: str, given: dict[str, str], room: int, shortest: int) -> str:
    """Fill a template, if possible within `room` characters.

    Dotted names lose what stands before their last parts, then names lose their middle until they have `shortest`
    characters, what is called last: that is what a reader searches for.  Words of the rule, with blanks in them, stay
    but for the owners of functions in them, and so does code to be copied, with a text in it.
    """
    names = dict(given)
    if " via " in names.get("what", "") and len(template.format(**names)) > room:
        # What stands at the finding is the call of the helper.
        names["what"] = names["what"].partition(" via ")[2]
    for name, kept in (("function", 1), ("via", 1), ("name", 1), ("callee", 2), ("what", 2)):
        parts = names.get(name, "").split(".")
        while len(template.format(**names)) > room and len(parts) > kept and " " not in names[name]:
            del parts[0]
            names[name] = "…" + ".".join(parts)
    for name, text in names.items():
        if " " in text and len(template.format(**names)) > room:
            names[name] = _OWNER.sub("…", text)
    whole = dict(names)
    for group in (names.keys() - {"callee", "what", "name"}, {"callee", "what", "name"} & names.keys()):
        cuttable = [
            name
            for name in sorted(group)
            if " " not in names[name] and '"' not in names[name] and "{" + name + "}" in template
        ]
        while cuttable and len(template.format(**names)) > room:
            longest = max(cuttable, key=lambda name: len(names[name]))
            kept = len(names[longest].replace("…", "")) - 1
            if kept < shortest:
                break
            text = whole[longest]
            names[longest] = text[: kept - kept // 2] + "…" + text[len(text) - kept // 2 :]
    return template.format(**names)


def _problems(cls: type[Rule]) -> Iterator[str]:
    """Say what is missing or contradictory in a rule's metadata."""
    for name in REQUIRED:
        if not getattr(cls, name, None):
            yield f"{name} is missing"
    code, slug = getattr(cls, "code", ""), getattr(cls, "slug", "")
    if not re.fullmatch(r"SCL[1-9]\d\d", code):
        yield f"code {code!r} is not SCL and three digits"
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        yield f"slug {slug!r} is not lower-case words joined by hyphens"
    if not re.fullmatch(r"\d+\.\d+\.\d+", getattr(cls, "since", "")):
        yield "since is not a version"
    folder, module = cls.__module__.split(".")[-2:] if "." in cls.__module__ else ("", cls.__module__)
    if module.startswith("scl") and folder != CATEGORIES.get(code[3:4], ("",))[0]:
        yield f"rules of {code[:4]} do not stand in the folder {folder}"
    if module.startswith("scl") and module != f"{code.lower()}_{slug.replace('-', '_')}":
        yield f"the file is named {module}, not {code.lower()}_{slug.replace('-', '_')}"
    if cls.load and cls.load not in FORMULAS:
        yield f"there is no formula {cls.load!r}"
    for section in SECTIONS:
        if not cls.section(section):
            yield f"the docstring has no section {section!r}"
    examples = getattr(cls, "examples", ())
    if not any(isinstance(example, Bad) for example in examples):
        yield "there is no Bad example"
    if not any(isinstance(example, Good) for example in examples):
        yield "there is no Good example"


def all_rules() -> tuple[type[Rule], ...]:
    """Return every rule of the package in the order of their codes, importing the rule files on the first call."""
    if not _REGISTRY:
        package = importlib.import_module("flake8_scalability.rules")
        for info in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            module = importlib.import_module(info.name)
            found = [value for value in vars(module).values() if isinstance(value, type) and issubclass(value, Rule)]
            _REGISTRY.extend(rule for rule in found if rule.__module__ == info.name)
        _REGISTRY.sort(key=lambda rule: rule.code)
    return tuple(_REGISTRY)


_REGISTRY: list[type[Rule]] = []
