"""The report as Markdown, in the order and the words that the reference guide prescribes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from flake8_scalability.options import Severity
from flake8_scalability.report.checklist import State, checklist
from flake8_scalability.report.escape import code, fence, name, prose
from flake8_scalability.report.estimate import (
    NAMED,
    Ceiling,
    assumptions_of,
    ceiling_of,
    described,
    estimate,
    rounded,
)
from flake8_scalability.report.priority import held_back, recommendations
from flake8_scalability.report.run import Result, Run, rules
from flake8_scalability.rule import Rule


def report(run: Run, show_source: bool = False) -> str:
    """Return the whole report, without a line break at its end."""
    lines = [f"## Scalability Analysis: {name(run.title)}"]
    lines += _failures(run.failures)
    findings = run.findings
    if not findings:
        lines += ["", _clean(run)]
    for severity in sorted(Severity, reverse=True):
        of_severity = [(rule, result) for rule, result in findings if rule.severity is severity]
        if of_severity:
            lines += ["", f"### {severity.name}"]
            for rule, result in of_severity:
                lines += _bullet(rule, result, show_source)
    lines += ["", "### Summary", *_summary(run)]
    lines += ["", "### Scaling Checklist", *_checklist(run)]
    if run.others:
        lines += ["", "### Other findings", "", *_others(run.others, show_source)]
    return "\n".join(lines)


def statistics(lines: Iterable[str], heading: str = "Statistics") -> str:
    """Return what flake8 prints of a run besides its findings as a section of the report."""
    return "\n".join(["", f"### {heading}", "", *fence(lines, "text")])


def place(result: Result) -> str:
    """Return where a result stands, as the report prints it."""
    return f"**{name(result.path)}:{result.line}**"


def _bullet(rule: type[Rule], result: Result, show_source: bool) -> Iterator[str]:
    subject = f" ({code(result.subject)})" if result.subject else ""
    yield f"- {place(result)}: {prose(rule.title)}{subject} · {rule.code}"
    yield f"  - Impact: {prose(rule.impact)}"
    yield f"  - Fix: {prose(rule.fix)}"
    if show_source and result.source.strip():
        yield from ("", *fence([result.source.strip()], "python", "  "), "")


def _failures(failures: Sequence[Result]) -> Iterator[str]:
    if failures:
        yield from ("", "### Not analysed")
    for result in failures:
        yield f"- {place(result)}: {result.code} {code(result.text)}"


def _clean(run: Run) -> str:
    tools = f" ({_number(run.tools)} passed over: tests or tools)" if run.tools else ""
    if not run.files:
        return f"No file was checked{tools}."
    return f"No scalability issues found in {_number(run.files)}{tools}."


def _number(files: Sequence[str]) -> str:
    return "1 file" if len(files) == 1 else f"{len(files)} files"


def _summary(run: Run) -> Iterator[str]:
    findings = run.findings
    counts = Counter(rule.severity for rule, _ in findings)
    yield f"- Critical issues: {counts[Severity.CRITICAL]}"
    rest = [severity for severity in sorted(Severity, reverse=True) if severity is not Severity.CRITICAL]
    if findings:
        yield "  - " + " · ".join(f"{severity.name.capitalize()}: {counts[severity]}" for severity in rest)
    yield from _ready(run)
    yield from _load(run)
    assumptions = assumptions_of(run.settings)
    advice = recommendations(findings, assumptions)
    yield f"- Recommendations priority:{'' if advice else ' none'}"
    for number, entry in enumerate(advice, 1):
        times = "once" if entry.times == 1 else f"{entry.times} times"
        where = f"at {place(entry.first)}" if entry.times == 1 else f"first at {place(entry.first)}"
        yield (f"  {number}. {prose(entry.rule.title)} ({entry.rule.code}, {times}, {where}): {prose(entry.step)}")
    first = held_back(advice, assumptions)
    if first is not None:
        entry = advice[first]
        left = rounded(ceiling_of(entry.rule, assumptions))
        yield f"  - By load alone, begin with {first + 1}: it leaves ~{left} requests/second ({entry.rule.code})"


def _ready(run: Run) -> Iterator[str]:
    """Whether a second instance may be started, and what that is known from."""
    decisive = {code: rule for code, rule in rules().items() if rule.second_instance and rule.severity >= Severity.HIGH}
    blocking = Counter(rule.code for rule, _ in run.findings if rule.code in decisive)
    off = sorted(decisive.keys() - run.in_force)
    alone = run.settings.single_instance
    if not run.files:
        yield "- Horizontal scaling ready: No (no file was checked)"
    elif blocking:
        yield "- Horizontal scaling ready: No"
        yield "  - Because of " + ", ".join(f"{code} ({count})" for code, count in sorted(blocking.items()))
    elif alone:
        yield "- Horizontal scaling ready: Yes (under the single-instance constraint, so nothing was asked)"
    elif off or run.failures:
        yield "- Horizontal scaling ready: Yes (as far as it was checked)"
    else:
        yield "- Horizontal scaling ready: Yes"
    if alone:
        yield "  - Single-instance constraint: rules that matter from the second instance on were silent"
    elif off:
        which = ", ".join(off) if len(off) <= 8 else f"{len(off)} of the {len(decisive)} rules that decide it"
        yield f"  - Not checked: {which}"
    if run.single_instance and not alone:
        yield "  - Single-instance constraint, by comment: " + ", ".join(map(name, run.single_instance))


def _load(run: Run) -> Iterator[str]:
    """The estimate, what sets it, and what it assumes."""
    given = estimate(run.findings, assumptions_of(run.settings))
    if not run.files:
        yield "- Load estimate before issues: not known"
        return
    yield f"- Load estimate before issues: ~{rounded(given.value)} requests/second"
    if not given.ceilings:
        yield "  - Set by: one query a request, `W·T/q`; no finding bounds it further"
    for index, ceiling in enumerate(given.ceilings[:NAMED]):
        yield f"  - {'Then' if index else 'Set by'}: {_ceiling(ceiling, bool(index))}"
    yield f"  - Assumed, for one instance: {described(given.assumptions)}. A model, not a measurement"


def _ceiling(ceiling: Ceiling, with_value: bool) -> str:
    value = f"~{rounded(ceiling.value)}, " if with_value else ""
    condition = f" {ceiling.formula.condition}" if ceiling.formula.condition else ""
    title = f"{prose(ceiling.rule.title)} ({ceiling.rule.code})"
    return f"{value}{title} at {place(ceiling.first)}, `{ceiling.formula.text}`{condition}"


def _checklist(run: Run) -> Iterator[str]:
    for line in checklist(run):
        box = "[x]" if line.state is State.DONE else "[ ]"
        missing = f": {line.missing}" if line.missing else ""
        note = f" (not checked{missing})" if line.state is State.NOT_CHECKED else ""
        yield f"- {box} {line.text}{note}"


def _others(others: Sequence[Result], show_source: bool) -> list[str]:
    """What other plugins found, as flake8 prints it."""
    lines = []
    for result in others:
        lines.append(f"{result.path}:{result.line}:{result.column}: {result.code} {result.text}")
        if show_source and result.source:
            lines += [result.source, " " * (result.column - 1) + "^"]
    return fence(lines, "text")
