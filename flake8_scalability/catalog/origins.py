"""Calls and names that say where a collection comes from."""

from __future__ import annotations

import ast
import re

#: A part of so many items, or fewer, is small.
MOST = 20
#: Expressions whose items are those of their parts.
TRANSPARENT = (ast.IfExp, ast.BinOp, ast.BoolOp, ast.Await, ast.NamedExpr, ast.Starred)
#: Calls that give what a request, an upload or another service has brought.
SENDING = frozenset({
    "json", "get_json", "get_json_body", "load", "loads", "DictReader", "reader", "parse_args",
    "iter_rows", "iterrows", "itertuples", "to_dict", "read_csv", "read_excel", "readlines", "get_payload",
})  # fmt: skip
#: The call that gives the boxes which somebody has ticked on a page, as many as one form of it has.
TICKED = "getlist"
#: Calls that give what a database or a store has, however much it is.
FETCHING = frozenset({
    "fetchall", "fetch_all", "fetch", "mappings", "scalars", "smembers", "lrange", "hgetall", "scan_iter", "zrange",
    "zrangebyscore", "get_paginator", "paginate", "auto_paging_iter", "find", "aggregate",
})  # fmt: skip
#: Calls that give only a part, or as many as the program says.
CUTTING = frozenset({
    "islice", "sample", "choices", "nsmallest", "nlargest", "take", "most_common", "head", "tail", "fetchmany", "range",
})  # fmt: skip
#: Methods that put items into a collection.
ADDING = frozenset({"append", "add", "setdefault", "appendleft", "insert"})
#: Calls that give what they are handed.
HANDING = frozenset({
    "filter", "map", "chain", "from_iterable", "zip", "cast", "unique", "uniq", "groupby", "Counter", "deepcopy",
    "iter", "sorted", "gather", "dict", "OrderedDict", "fromkeys",
})  # fmt: skip
#: Calls that make a collection that is filled later, where they are handed nothing or what it begins with.
MAKING = frozenset({"list", "set", "dict", "OrderedDict", "Counter", "deque"})
#: Methods that give what their receiver has, or a part of it.
TAKING = frozenset({
    "get", "split", "splitlines", "union", "difference", "intersection", "copy", "strip", "pop",
    "model_dump", "dict", "getall", "tolist", "to_list", "all", "iterator", "lower", "replace", "symmetric_difference",
})  # fmt: skip
#: Calls that take a text apart, which may be one of the function's own.
TAKING_APART = frozenset({"loads"})
#: Attributes of a form that hold what somebody has chosen and typed there, as a page of HTML lets them.
FILLED_IN = frozenset({"cleaned_data"})
#: Attributes of a request that hold what it has brought.
REQUESTED = frozenset({"validated_data", "initial_data", "POST", "GET", "query_params", "form", "args", "request"})
#: Attributes of a page that are its items, and names of pages.
PAGE_ITEMS = frozenset({"items", "object_list", "results", "data"})
PAGE = re.compile(r"(^|_)(page|pagination|paginator|paginated)(_|$)", re.IGNORECASE)
#: Names of functions that list rows, and of what.
LISTING = re.compile(
    r"^_*(?:(?P<all>list_|all_|(?:get|find|fetch|load)_(?:all|list)(?:_|$))|(?:get|find|fetch|load|search)_)(?P<what>\w*)$"
)
#: Names of functions that are made for many, and of arguments that say nothing but that there are several.
OF_MANY = re.compile(r"(^|_)(bulk|batch|many|mass|sync|import)(_|$)")
LISTS = re.compile(r"(^|_)(rows|records|batch)$|^(ids|pks|keys|items|objects|objs|values|entries)$")
#: States that a row leaves as soon as what is done with it is done.
UNDER_WAY = re.compile(r"(^|_)(pending|waiting|queued|running|processing|in_?progress)$", re.IGNORECASE)
#: This moment, by a name or by what is called for it.
NOW = re.compile(r"(^|[._])(now|utcnow|utc_now|now_utc)$")
#: What annotations call the rows of a query.
QUERIES = re.compile(r"\b\w*(QuerySet|Query)\b")
#: Names of objects whose attributes are parts of the program, not data that somebody gives.
TOOLS = re.compile(r"^(self|cls|app|bot|client|conf|config|settings|ctx|context|current_app|frappe)$")
#: Steps of a query that take columns of its rows.
TAKING_COLUMNS = frozenset({"values", "values_list"})
#: Operators of conditions that leave the rows with one value.
EQUAL = ("exact", "eq", "iexact")
#: Names of columns of which many rows have the same.
KINDS = re.compile(r"(^|_)(type|kind|status|state|category|country|language|currency|year|month|task_name|queue)$")
#: Columns by which a person is known, so that few rows have the same value.
PERSONAL = re.compile(r"^(e_?mail|email_address|username|login)$")
#: Names of the addresses that one thing has.
ADDRESSES = re.compile(r"(^|_)(e_?mails?|e_?mail_address(es)?|recipients?)$")
#: Names of collections of keys, and of what they are keys.
KEYS_OF = re.compile(r"^(?P<what>\w+?)_((id|pk|uuid|name|code|slug|key)(s|es|_list)|list)$")
#: Names of the few people who are in charge of one thing.
IN_CHARGE = re.compile(r"(^|_)(admins?|administrators|owners|managers|maintainers|moderators|leaders|supervisors)$")
#: What the head of a class says whose members the program writes down.
ENUMERATION = re.compile(r"\b(Str|Int)?(Enum|TextChoices|IntegerChoices)\b")
