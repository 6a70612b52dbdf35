"""Names, messages and lines that try to break out of the report, rendered as a page would render them."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reporting import ENDPOINT, flake8, result, run_of, tokens

from flake8_scalability.report import escape, markdown
from flake8_scalability.report.run import Result

#: Nothing of a report is ever one of these.
FORBIDDEN = {
    "html_block",
    "html_inline",
    "link_open",
    "image",
    "table_open",
    "s_open",
    "blockquote_open",
    "hr",
    "code_block",
}
ATTACKS = [
    "`",
    "a`b``c",
    "``` x",
    "**bold**",
    "_a_ __init__",
    "<script>alert(1)</script>",
    "<!-- ",
    "[a](javascript:alert(1))",
    "![a](https://x.example/p.png)",
    "https://evil.example/a",
    "www.evil.example/a",
    "<https://evil.example>",
    "a@evil.example",
    "a | b\n| --- | --- |",
    "a\n# Heading",
    "a\n\n<img src=x>",
    "\r## CR",
    "~~gone~~",
    "> quoted",
    "&lt;b&gt; &copy;",
    "\\",
    "a\\`b",
    "\x1b[31mred\x1b[0m",
    "\u202egnp.py",
    "\u2028line",
    "\udcff\udc80",
    "\x00",
    "\x85next",
    " ",
    "  ",
    " a ",
    "#",
    "-",
    "1. a",
    "$x$ :tada: @team #1",
    "```\nSCL101\n```",
    "",
]
SPICED = st.one_of(
    st.sampled_from(ATTACKS),
    st.text(alphabet="`*_[]()<>|~\\#&;!:/@w. \t\n\r-=+ab1\u202e\x1b\x00\udcff"),
    st.text(),
    st.lists(st.sampled_from(ATTACKS)).map("".join),
)


def hostile_report(path: str, text: str, source: str, title: str) -> str:
    """A report with all that is foreign in all the places where it can come."""
    run = run_of(
        result("SCL701", 3, path, f"[HIGH] `{text}` waits", source),
        Result(path, 1, 1, "E999", text),
        Result(path, 2, 1, "E501", text, source),
        title=title,
        files=[path],
        single_instance=[path],
    )
    return markdown.report(run, show_source=True) + "\n" + markdown.statistics([text])


@lru_cache(maxsize=2)
def harmless_blocks(with_source: bool) -> list[str]:
    """The blocks of such a report where nothing in it is hostile."""
    report = hostile_report("a.py", "f", "f()" if with_source else "", "app")
    return [token.type for token in tokens(report) if token.block]


def check(path: str, text: str, source: str, title: str) -> None:
    report = hostile_report(path, text, source, title)
    assert all(line.isprintable() for line in report.split("\n"))
    found = tokens(report)
    assert not {token.type for token in found} & FORBIDDEN
    assert [token.type for token in found if token.block] == harmless_blocks(bool(source.strip()))
    headings = [found[i + 1].content for i, token in enumerate(found) if token.type == "heading_open"]
    assert headings[1:] == ["Not analysed", "HIGH", "Summary", "Scaling Checklist", "Other findings", "Statistics"]


@settings(max_examples=60, deadline=None)
@given(SPICED, SPICED, SPICED, SPICED)
@example("a`b.py", "`x` <b>", "```", "# a #")
@example("", "`<A>", "`", "`")
def test_nothing_breaks_out(path: str, text: str, source: str, title: str) -> None:
    check(path, text, source, title)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_breaks_out_anywhere(attack: str) -> None:
    check(attack, attack, attack, attack)


def shown(markdown_text: str) -> str:
    """Return the text that a reader of rendered Markdown sees in one line of it."""
    (line,) = [token for token in tokens(markdown_text) if token.type == "inline"]
    kept = [token.content for token in line.children or () if token.type in ("text", "code_inline", "text_special")]
    return "".join(kept)


@settings(deadline=None)
@given(SPICED.filter(bool))
def test_a_code_span_shows_what_is_in_it(text: str) -> None:
    assert shown(f"x {escape.code(text)} x") == f"x {escape.visible(text)} x"


@given(SPICED)
@example("a_b __init__ *a* <b> [c] & d|e ~~f~~ \\")
def test_prose_shows_what_is_in_it(text: str) -> None:
    words = " ".join(escape.visible(text).split())
    if "//" not in text and "www" not in text.lower() and "@" not in text:  # these are links, and no text of ours
        assert shown(f"x {escape.prose(words)} x") == f"x {words} x"


@given(SPICED.filter(bool))
@example("app/__init__.py")
@example("app/my_views_2.py")
@example("größe/日本.py")
def test_a_name_shows_what_is_in_it(text: str) -> None:
    assert shown(f"**{escape.name(text)}:3**") == f"{escape.visible(text)}:3"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("app/auth.py", "app/auth.py"),
        ("my_app/views_2.py", "my_app/views_2.py"),
        ("app/__init__.py", r"app/\_\_init__.py"),
        ("a b.py", "a b.py"),
        ("", "` `"),
        ("a`b.py", "``a`b.py``"),
        ("`a`", "`` `a` ``"),
        ("www.evil.example/a.py", "`www.evil.example/a.py`"),
        ("@team/a.py", "`@team/a.py`"),
        ("a\nb.py", r"`a\nb.py`"),
        ("\u202ea.py", r"`\u202ea.py`"),
    ],
)
def test_names(path: str, name: str) -> None:
    assert escape.name(path) == name


@pytest.mark.parametrize(
    ("lines", "block"),
    [
        (["a()"], ["```", "a()", "```"]),
        (["```", "a"], ["````", "```", "a", "````"]),
        (["\tx\r\n", "a\nb"], ["```", "    x", r"a\nb", "```"]),
        ([], ["```", "```"]),
    ],
)
def test_fences(lines: list[str], block: list[str]) -> None:
    assert escape.fence(lines) == block
    assert escape.fence(lines, "python", "  ") == [
        "  ```python".replace("```", block[0]),
        *("  " + b for b in block[1:]),
    ]


NAMES = [
    "a`b<img src=x onerror=alert(1)>.py",
    "a|b|c.py",
    "a\n## Injected\n.py",
    "a\u202eyp.py",
    "a\x1b[31m.py",
    "[a](b).py",
    os.fsdecode(b"a\xff.py"),
]


@pytest.mark.parametrize("form", ["scalability", "scalability-sarif"])
def test_hostile_files_in_the_real_flake8(tmp_path: Path, form: str) -> None:
    for name in NAMES:
        try:
            (tmp_path / name).write_text(ENDPOINT.replace("total_of", "x_`<b>`" if name is NAMES[0] else "total_of"))
        except (OSError, ValueError):
            pytest.skip("this file system has no such names")
    ran = flake8("--select", "SCL,E999", f"--format={form}", "--show-source", ".", folder=tmp_path)
    assert (ran.returncode, ran.stderr) == (1, "")
    assert all(line.isprintable() for line in ran.stdout.split("\n"))
    if form == "scalability":
        assert not {token.type for token in tokens(ran.stdout)} & FORBIDDEN
        headings = re.findall(r"^##+ .*", ran.stdout, re.MULTILINE)
        assert headings == [
            f"## Scalability Analysis: {tmp_path.name}",
            *("### Not analysed", "### CRITICAL", "### HIGH", "### Summary", "### Scaling Checklist"),
        ]
