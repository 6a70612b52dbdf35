"""Statements of SQL in a text: verb, table, conditions, order and limit, by a tokenizer of our own.

No grammar: what is asked of a statement are a few words and what stands beside them.  A part that is put in at run
time is a `?` where a value or a name stands, and makes the statement `dynamic` where it could be any clause.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

#: What stands for a part that is put in at run time.
HOLE = "\x00"

_TOKEN = re.compile(
    r"""
    \s+ | --[^\n]* | /\*.*?\*/
    | (?P<text>'(?:[^']|'')*')
    | (?P<name>"(?:[^"])*" | `[^`]*` | \[[A-Za-z_ ]+\] | [A-Za-z_][\w$]*)
    | (?P<hole>\x00|%\(\w+\)s|%s|%d|:\w+|\$\d+|\?|@\w+)
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<sign><=|>=|<>|!=|==|\|\||::|[-+*/%=<>(),.;~!&|^#{}\[\]:@$?\\'"`])
    """,
    re.VERBOSE | re.DOTALL,
)
_HOLES = re.compile(r"[\x00%:$?@]")
_VERBS = frozenset({"select", "insert", "update", "delete", "with", "replace", "merge", "call", "explain", "create",
                    "drop", "alter", "truncate", "show", "pragma", "set", "begin", "commit", "rollback", "lock",
                    "vacuum", "analyze", "grant", "use", "declare", "copy", "describe", "listen",
                    "notify"})  # fmt: skip
_AGGREGATES = frozenset({"count", "sum", "avg", "min", "max", "exists", "bool_or", "bool_and", "coalesce"})
_RANDOM = frozenset({"random", "rand", "newid", "dbms_random"})
_COMPARING = frozenset(
    {"=", "==", "<", ">", "<=", ">=", "<>", "!=", "like", "ilike", "in", "is", "between", "~", "regexp", "match"}
)
#: Words after which something put in is a value or a name, not a clause.
_TAKING = frozenset({
    "from", "join", "into", "update", "table", "=", "==", "<", ">", "<=", ">=", "<>", "!=", "(", ",", "like",
    "ilike", "in",
    "by", "limit", "offset", "and_", "between", ".", "+", "-", "*", "/", "%", "||", "interval", "as", "then",
    "else", "when",
    "select", "distinct", "values", "set", "top", "first", "::", "only", "exists", "not", "pragma", "'",
})  # fmt: skip


class Condition(NamedTuple):
    """A comparison in a `WHERE`: the column without its table, the operator in lower case, and a text if it is one."""

    column: str
    operator: str
    text: str | None = None


class Statement(NamedTuple):
    """What a text of SQL says.

    verb: in lower case, that of the outermost query for `WITH`
    table: the first table, without quotes and schema
    columns: the columns that a `SELECT` names first, in lower case, `*` for all
    conditions: the comparisons after its `WHERE`, those of subqueries left out
    limited: it has a `LIMIT`, `TOP`, `FETCH FIRST` or `ROWNUM`
    aggregate: it gives one row: aggregates without a `GROUP BY`, or no table at all
    grouped: it has a `GROUP BY` or a `DISTINCT ON`, which give a row for each of something, or joins what a
        subquery leaves
    ordered_at_random: it sorts the rows by a random number
    sampled: it has a `TABLESAMPLE`
    locks: it has a `FOR UPDATE`
    joined: it has a `JOIN`
    dynamic: a part that is put in at run time may be any clause
    chooses: it has a `WHERE`, of whatever conditions
    """

    verb: str
    table: str = ""
    columns: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    limited: bool = False
    aggregate: bool = False
    grouped: bool = False
    ordered_at_random: bool = False
    sampled: bool = False
    locks: bool = False
    joined: bool = False
    dynamic: bool = False
    chooses: bool = False


class _Token(NamedTuple):
    kind: str
    text: str
    depth: int


@lru_cache(maxsize=512)
def parse(text: str) -> Statement | None:
    """Return what a text says, None where it is no statement."""
    if len(text) > 20_000:
        return None
    tokens = everything = _tokens(text)
    if not tokens or tokens[0].text not in _VERBS:
        return None
    verb = tokens[0].text
    if verb == "with":
        tokens = _after_with(tokens)
        verb = tokens[0].text if tokens else "with"
    if verb not in ("select", "insert", "update", "delete", "replace", "merge"):
        return Statement(verb)
    top = [token for token in tokens if token.depth == tokens[0].depth]
    words = [token.text for token in top]
    return Statement(
        verb,
        _table(verb, words),
        _columns(words),
        tuple(_conditions(top)),
        _limited(words, [token.text for token in tokens]),
        verb == "select" and _is_aggregate(words),
        "group" in words or words[1:3] == ["distinct", "on"] or _joins_subquery(words),
        _at_random([token.text for token in tokens]),
        "tablesample" in words,
        any(pair in (("for", "update"), ("for", "share"), ("for", "no")) for pair in zip(words, words[1:])),
        "join" in words,
        # What a common table expression has chosen, the last query's own conditions do not say.
        _is_dynamic(everything) or everything is not tokens,
        "where" in words,
    )


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    depth = 0
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            position += 1
            continue
        position = match.end()
        kind = match.lastgroup
        if kind is None:
            continue
        value = match.group()
        if kind == "name":
            value = value.strip('"`[]') if value[:1] in '"`[' else value.lower()
        if value == "(" and not found:
            continue
        if value == ")":
            depth -= 1
        found.append(_Token(kind, value, depth))
        if value == "(":
            depth += 1
    return found


def _after_with(tokens: list[_Token]) -> list[_Token]:
    """Return the outermost query after its common table expressions."""
    base = tokens[0].depth
    for number, token in enumerate(tokens):
        if number and token.depth == base and token.text in ("select", "insert", "update", "delete"):
            return tokens[number:]
    return []


def _table(verb: str, words: list[str]) -> str:
    before = {
        "select": "from",
        "delete": "from",
        "insert": "into",
        "replace": "into",
        "update": "update",
        "merge": "into",
    }
    if before[verb] not in words:
        return ""
    rest = [word for word in words[words.index(before[verb]) + 1 :] if word not in ("only", "ignore", "low_priority")][
        :4
    ]
    if verb == "select" and rest[1:2] == ["("]:
        return ""  # a function that gives rows
    if not rest or rest[0] == "(" or _HOLES.match(rest[-1] if rest[1:2] == ["."] else rest[0]):
        return ""
    return rest[2] if len(rest) > 2 and rest[1] == "." and rest[2] != HOLE else rest[0]


def _joins_subquery(words: list[str]) -> bool:
    """Whether rows are asked for that a subquery has a partner for; an outer join leaves all of them."""
    pairs = zip(["", *words], words, words[1:])
    return any(word == "join" and after == "(" and before not in ("left", "outer") for before, word, after in pairs)


def _columns(words: list[str]) -> tuple[str, ...]:
    if "from" not in words or words[0] != "select":
        return ()
    return tuple(word for word in words[1 : words.index("from")] if word not in (",", "."))


def _conditions(tokens: list[_Token]) -> list[Condition]:
    """Return the comparisons after `WHERE`; one that an `OR` stands beside narrows nothing, and is left out."""
    words = [token.text for token in tokens]
    joined = _joined_by_value(tokens, words)
    if "where" not in words:
        return joined
    start = words.index("where") + 1
    end = next(
        (
            n
            for n in range(start, len(words))
            if words[n] in ("group", "order", "limit", "union", "returning", "having")
        ),
        len(words),
    )
    inside = tokens[start:end]
    if any(token.text == "or" for token in inside):
        return joined
    found = joined
    for number, token in enumerate(inside):
        if token.text in _COMPARING and number and inside[number - 1].kind in ("name", "hole"):
            before = inside[number - 1]
            negated = before.text == "not"
            column = inside[number - 2].text if negated and number > 1 else before.text
            after = inside[number + 1] if number + 1 < len(inside) else None
            value = after.text[1:-1] if after is not None and after.kind == "text" else None
            operator = "not " + token.text if negated else token.text
            found.append(Condition(column if before.kind == "name" else "", operator, value))
    return found


def _joined_by_value(tokens: list[_Token], words: list[str]) -> list[Condition]:
    """Return the columns that an inner join compares with a value that is put in: `JOIN b ON b.c = ?`."""
    found = []
    outer = inside = False
    for number, token in enumerate(tokens):
        if token.text in ("where", "group", "order", "limit"):
            break
        if token.text == "join":
            outer = any(word in ("left", "right", "full", "outer") for word in words[max(0, number - 2) : number])
            inside = False
        elif token.text == "on":
            inside = True
        elif token.text == "=" and inside and not outer:
            kinds = [each.kind for each in tokens[number - 1 : number + 2]]
            if kinds[::2] == ["name", "hole"]:
                found.append(Condition(tokens[number - 1].text, "="))
    return found


def _limited(words: list[str], everything: list[str]) -> bool:
    if "limit" in words or "rownum" in everything:
        return True
    pairs = set(zip(words, words[1:]))
    if ("fetch", "first") in pairs or ("fetch", "next") in pairs:
        return True
    return "top" in words[1:3]


def _is_aggregate(words: list[str]) -> bool:
    if "group" in words:
        return False
    if "from" not in words:
        return True
    chosen = words[1 : words.index("from")]
    # Of a call at this depth only its name and brackets are left.
    columns: list[list[str]] = [[]]
    for word in chosen:
        if word == ",":
            columns.append([])
        else:
            columns[-1].append(word)
    return all(len(column) > 1 and column[0] in _AGGREGATES and column[1] == "(" for column in columns)


def _at_random(words: list[str]) -> bool:
    for number, word in enumerate(words[:-2]):
        if word == "order" and words[number + 1] == "by":
            return words[number + 2] in _RANDOM
    return False


def _is_dynamic(tokens: list[_Token]) -> bool:
    """Whether a part that is put in stands where a clause could stand."""
    return any(token.text == HOLE and before.text not in _TAKING for before, token in zip(tokens, tokens[1:]))
