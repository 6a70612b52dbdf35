"""What shows that there are many of something: calls that fetch rows, answers and input; and those that give a part."""

from __future__ import annotations

import re

#: Calls that give what a database, another service or a client has sent, however much it is.
FETCHING = frozenset({
    "fetchall", "fetch_all", "fetch", "mappings", "scalars", "json", "get_json", "getlist", "read_csv", "iterrows",
    "itertuples", "smembers", "lrange", "hgetall", "scan_iter", "zrange", "zrangebyscore", "DictReader", "iter_rows",
    "get_paginator", "paginate", "auto_paging_iter", "find", "aggregate",
})  # fmt: skip
#: Functions that fetch several, by their names: `fetch_subscribers()`, `get_incidents_by_alert()`, `user_list()`.
FETCHER = re.compile(
    r"^(?!.*(default|config|setting))_*a?(get|fetch|list|find|load|query|read|search|select|collect|retrieve|all|iter)_(\w*[a-z])?s(_|$)|_list$"
)
#: Calls that give only a part, or as many as the program says.
CUTTING = frozenset({
    "islice", "sample", "choices", "nsmallest", "nlargest", "take", "most_common", "head", "tail", "fetchmany", "range",
})  # fmt: skip
#: Calls that hand on what they are given first, or what they are called on.
SAME = frozenset({
    "enumerate", "zip", "sorted", "reversed", "list", "tuple", "set", "frozenset", "iter", "items", "keys", "values",
    "copy", "tqdm", "chain", "from_iterable", "loads", "dict", "to_list", "get", "pop", "union", "difference", "all",
    "split", "unique", "fromkeys", "deepcopy", "as_completed", "iterator", "strip", "splitlines",
})  # fmt: skip
#: Calls of which the last argument is handed on.
LAST = frozenset({"filter", "map", "cast"})
#: Attributes of a request that hold what its client has sent.
SENT = frozenset({
    "json", "form", "files", "POST", "GET", "data", "query_params", "args", "values", "validated_data", "cleaned_data",
})  # fmt: skip
