"""`python -m flake8_scalability doctor`: is the plugin in force where flake8 runs, and if not, what silences it?"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from pathlib import Path

import flake8
from flake8.exceptions import ExecutionError
from flake8.options.parse_args import parse_args
from flake8.style_guide import Decision, DecisionEngine

from flake8_scalability import __version__, configuration
from flake8_scalability.rule import all_rules


def examine(arguments: Sequence[str]) -> int:
    """Print what the configuration of the working directory means for the rules; return 1 where something is wrong.

    arguments: options of flake8, as its command line would get them (`--config`, `--select`, …)
    """
    files = configuration.found(Path.cwd(), arguments)
    codes = [rule.code for rule in all_rules()]
    keys = [key for file in files for key in configuration.keys(file)]
    print(f"flake8 {flake8.__version__}, flake8-scalability {__version__}, {len(codes)} rules")
    print(f"configuration: {', '.join(file.name for file in files) or 'none'}")
    problems = configuration.misspelt(keys) or _silences(arguments, keys, codes)
    print(*problems or ["every rule is in force"], sep="\n")
    return 1 if problems else 0


def _silences(arguments: Sequence[str], keys: Sequence[configuration.Key], codes: Sequence[str]) -> list[str]:
    """Return a sentence for each key or option that makes flake8 leave codes of ours out."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            _, options = parse_args(list(arguments))
    except (SystemExit, ValueError, OSError, ExecutionError) as error:
        why = said.getvalue().strip().splitlines()[-1:] or [str(error)]
        return [f"flake8 does not start with these options: {why[0]}"]
    engine = DecisionEngine(options)
    silent = [code for code in codes if engine.decision_for(code) is not Decision.Selected]
    told = configuration.reasons(keys, silent, len(codes))
    if silent and not told:
        some = f"{len(silent)} of {len(codes)} rules: {', '.join(silent)}"
        return [f"the options switch off {'every rule' if len(silent) == len(codes) else some}"]
    return told
