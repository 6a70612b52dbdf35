"""The results as SARIF 2.1.0, for code-scanning services."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any
from urllib.parse import quote

from flake8_scalability import __version__
from flake8_scalability.options import Severity
from flake8_scalability.report.escape import visible
from flake8_scalability.report.run import FAILURES, Result, Run, rules
from flake8_scalability.rule import CATEGORIES, SECTIONS, Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
#: What code-scanning services call the levels in a rule's properties.
PROBLEM = {"error": "error", "warning": "warning", "note": "recommendation"}


def document(run: Run, show_source: bool = False) -> str:
    """Return the run as one JSON document of ASCII characters, without a line break at its end."""
    others = sorted({result.code for result in run.results} - rules().keys())
    index = {code: number for number, code in enumerate([*rules(), *others])}
    lines: Counter[tuple[str, str, str]] = Counter()
    results = []
    for result in run.results:
        same = (result.path, result.code, " ".join(result.source.split()) or result.message)
        lines[same] += 1
        results.append(_result(result, index[result.code], f"{_hash(same)}:{lines[same]}", show_source))
    driver = {
        "name": "flake8-scalability",
        "semanticVersion": __version__,
        "rules": [*map(_rule, rules().values()), *({"id": code} for code in others)],
    }
    invocation = {
        # Where another plugin brings flake8 down, no file is handed out; a service must not take that for a clean run.
        "executionSuccessful": bool(run.files or run.tools),
        "toolExecutionNotifications": [_notification(result) for result in run.failures],
    }
    whole = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": "flake8-scalability/"},
        "invocations": [invocation],
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [whole]}, indent=2)


def _rule(rule: type[Rule]) -> dict[str, Any]:
    level = LEVELS[rule.severity]
    folder, _ = CATEGORIES[rule.code[3]]
    tags = ["scalability", folder, *(["second-instance"] if rule.second_instance else [])]
    parts = [(section, rule.section(section)) for section in SECTIONS]
    return {
        "id": rule.code,
        "name": rule.slug,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": _unlinked(" ".join(rule.summary().split()))},
        "helpUri": rule.references[0],
        "help": {
            "text": _unlinked(f"Impact: {rule.impact}\nFix: {rule.fix}"),
            "markdown": "\n\n".join(f"## {title}\n\n{text}" for title, text in parts),
        },
        "defaultConfiguration": {"level": level},
        "properties": {"severity": rule.severity.name.lower(), "problem.severity": PROBLEM[level], "tags": tags},
    }


def _result(result: Result, index: int, fingerprint: str, show_source: bool) -> dict[str, Any]:
    rule = rules().get(result.code)
    level = ("error" if result.code in FAILURES else "warning") if rule is None else LEVELS[rule.severity]
    return {
        "ruleId": result.code,
        "ruleIndex": index,
        "level": level,
        "message": {"text": _unlinked(result.message)},
        "locations": [_location(result, show_source)],
        # The name under which code-scanning services look for it.
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
    }


def _location(result: Result, show_source: bool = False) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": max(1, result.line), "startColumn": max(1, result.column)}
    if show_source and result.source:
        region["snippet"] = {"text": visible(result.source.expandtabs(1))}
    # A path's bytes that are no UTF-8 are in it as surrogates.
    uri = quote(result.path.encode("utf-8", "surrogateescape"))
    return {"physicalLocation": {"artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"}, "region": region}}


def _notification(result: Result) -> dict[str, Any]:
    return {
        "descriptor": {"id": result.code},
        "level": "error",
        "message": {"text": _unlinked(result.text)},
        "locations": [_location(result)],
    }


def _unlinked(text: str) -> str:
    """Return a text as a message, in which `[a](b)` would be a link."""
    return visible(text).replace("](", "] (")


def _hash(parts: tuple[str, ...]) -> str:
    """Return what stays the same when lines above are added: of the path, the code and the line's own text."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
