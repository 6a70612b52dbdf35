"""Every option of the plugin, in one frozen `Settings`.

A field carries its flag, its parser and its help, so that an option is added in one place.
"""

from __future__ import annotations

import argparse
import dataclasses
import enum
import math
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flake8.options.manager import OptionManager


class Severity(enum.IntEnum):
    """How badly a defect ends, worst last, so that severities compare."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


def parse_severity(text: str) -> Severity:
    """Return the severity that `text` names, in any case; raise the argparse error that names a bad value."""
    try:
        return Severity[text.strip().upper()]
    except KeyError:
        names = ", ".join(severity.name.lower() for severity in Severity)
        raise argparse.ArgumentTypeError(f"{text!r} is not a severity (one of: {names})") from None


def parse_number(text: str, least: int = 1) -> int:
    """Return a whole number from `least` on; raise the argparse error that names a bad value."""
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if number < least:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least {least}")
    return number


def parse_count(text: str) -> int:
    """Return a number of several things, 2 or more; raise the argparse error that names a bad value."""
    return parse_number(text, least=2)


def parse_milliseconds(text: str) -> float:
    """Return a time above 0 in milliseconds; raise the argparse error that names a bad value."""
    try:
        time = float(text)
    except ValueError:
        time = 0.0
    if not 0 < time < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time in milliseconds above 0")
    return time


def _option(default: Any, help_text: str, **keywords: Any) -> Any:
    return dataclasses.field(default=default, metadata={"help": help_text, **keywords})


def _count(default: int, what: str) -> Any:
    return _option(default, f"load estimate: {what} (default: {default})", type=parse_number, metavar="N")


def _time(default: int, what: str) -> Any:
    text = f"load estimate: {what}, in milliseconds (default: {default})"
    return _option(float(default), text, type=parse_milliseconds, metavar="MS")


@dataclasses.dataclass(frozen=True)
class Settings:
    """What the user chose; each field is the option `--scl-<name>` and the configuration key of the same name."""

    min_severity: Severity = _option(
        Severity.LOW,
        "report only findings of at least this severity: low, medium, high or critical (default: low)",
        type=parse_severity,
        metavar="SEVERITY",
    )
    include_tools: bool = _option(
        False,
        "report findings in tests, migrations, management commands, scripts and examples too",
        action="store_true",
    )
    single_instance: bool = _option(
        False,
        "this service will never run as a second instance: silence the rules that matter only then",
        action="store_true",
    )

    no_project: bool = _option(
        False,
        "read nothing but the file that is checked: evidence in other files of the project is not looked for",
        action="store_true",
    )
    gateway_limits: bool = _option(
        False,
        "a gateway in front of this service limits its callers: SCL401 is silent",
        action="store_true",
    )

    # What the load estimate of the report assumes (catalog/load.py).
    workers: int = _count(4, "worker processes of one instance")
    threads: int = _count(1, "threads in each worker; an event loop counts as one")
    pool_size: int = _count(15, "connections in the database pool")
    query_ms: float = _time(5, "one query")
    connect_ms: float = _time(20, "one new connection to a database or cache")
    remote_ms: float = _time(200, "one call to another service")
    handshake_ms: float = _time(50, "one TCP and TLS handshake")
    slow_ms: float = _time(2000, "a unit of slow work: a mail, a PDF, an image")
    hang_ms: float = _time(30000, "how long a caller waits on a dead peer")
    items: int = _count(100, "items in a loop")
    rows: int = _count(100000, "rows in an unbounded result")

    coupled_systems: int = _option(
        3,
        "SCL903 reports a request handler that drives so many kinds of external systems in line (default: 3)",
        type=parse_count,
        metavar="NUMBER",
    )
    coupled_applications: int = _option(
        7,
        "SCL903 reports a module that imports the internals of so many sibling applications (default: 7)",
        type=parse_count,
        metavar="NUMBER",
    )

    @classmethod
    def from_options(cls, options: argparse.Namespace) -> Settings:
        """Read the settings out of flake8's parsed options; an option that was never registered has its default."""
        try:
            return _settings(_values(options))  # each file asks once for each checker class
        except AttributeError:
            return _settings(tuple([getattr(options, name, default) for name, default in _defaults()]))


@lru_cache(maxsize=1)
def _defaults() -> tuple[tuple[str, Any], ...]:
    """Return the names under which flake8 has the options, each with its default."""
    return tuple((f"scl_{field.name}", field.default) for field in dataclasses.fields(Settings))


#: Takes the values of all options, where all are registered.
_values = attrgetter(*(f"scl_{field.name}" for field in dataclasses.fields(Settings)))


@lru_cache(maxsize=16)
def _settings(values: tuple[Any, ...]) -> Settings:
    """Make settings of the values of all fields."""
    given: dict[str, Any] = {}
    for field, value in zip(dataclasses.fields(Settings), values):
        # Other tools that build the options themselves hand on what the configuration says, unparsed.
        parse = field.metadata.get("type")
        given[field.name] = parse(value) if parse is not None and isinstance(value, str) else value
    return Settings(**given)


def register(manager: OptionManager) -> None:
    """Add the options to flake8's manager, once: a second registration of the same name ends flake8."""
    present = {option.long_option_name for option in manager.options}
    for field in dataclasses.fields(Settings):
        flag = f"--scl-{field.name.replace('_', '-')}"
        if flag in present:
            continue
        keywords = dict(field.metadata)
        manager.add_option(flag, default=field.default, parse_from_config=True, help=keywords.pop("help"), **keywords)
