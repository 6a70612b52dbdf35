"""How clients ask for a page: where handlers read what was asked for, what bounds it, and what takes it.

Sources: https://fastapi.tiangolo.com/tutorial/query-params-str-validations/, https://docs.litestar.dev/latest/usage/routing/parameters.html,
https://www.django-rest-framework.org/api-guide/pagination/, https://flask.palletsprojects.com/en/stable/api/#flask.Request.args,
https://use-the-index-luke.com/no-offset
"""

from __future__ import annotations

import re

#: Names of how many items are asked for.
_SIZES = (
    "limit|lim|per_?page|page_?size|page_?limit|size|take|rows|max_?results|num_?results|n_?results|results_per_page|"
    "items_per_page|count|length|first|page_length|max_items|max_count"
)
SIZES = re.compile(rf"^_?({_SIZES})$", re.IGNORECASE)
#: The same, each as it may be spelled in a text: `page_size`, `PAGE_SIZE`, `pagesize`, `pageSize`, `PageSize`.
SIZE_NAMES = frozenset(
    begin + spelled
    for name in _SIZES.split("|")
    for begin in ("", "_")
    for parts in (re.split("_[?]?", name),)
    for joint in ("", "_")
    for spelled in (
        joint.join(parts),
        joint.join(parts).upper(),
        joint.join(parts).capitalize(),
        joint.join([parts[0], *(part.capitalize() for part in parts[1:])]),
        joint.join(part.capitalize() for part in parts),
    )
)
#: Those of them that are sizes of pictures and texts too, unless it is said where a page begins.
AMBIGUOUS = frozenset({"size", "count", "length", "first", "rows", "take"})
#: Names of where a page begins.
STARTS = re.compile(r"^_?(offset|skip|start|page|page_?(num(ber)?|no|index)?|start_?index|from_?)$", re.IGNORECASE)

#: Frameworks that give a handler's parameters the values of the query.
BY_PARAMETER = frozenset({"fastapi", "litestar", "django-ninja", "blacksheep"})
#: Defaults that declare a parameter of the query, and arguments of theirs that bound it.
DECLARING = frozenset({"Query", "Parameter", "Field", "Param", "Form", "Body"})
BOUNDS = frozenset({"le", "lt", "max_value", "maximum"})
#: Annotations that hold a bound, or a few values.
BOUNDED_TYPES = re.compile(r"^(conint|Literal|Enum|Interval|Le|Lt|Meta|PositiveSmall\w*)$")

#: Mappings of a request that hold what the client asked for, by their last names.
MAPPINGS = frozenset({
    "args", "GET", "query_params", "values", "query", "rel_url", "params", "json", "get_json", "data", "form", "POST",
    "queryStringParameters", "body", "payload",
})  # fmt: skip
#: Those of them whose values are texts.
TEXTS = frozenset({"args", "GET", "query_params", "values", "form", "POST", "queryStringParameters"})
#: What those are attributes of.
REQUESTS = re.compile(r"^(self|request|req|_request|flask|event|http_request)$")
#: Methods that read one value of such a mapping.
GETTERS = frozenset({"get", "pop"})
#: Methods of a handler or a request that read a value by its name, and arguments that bound it.
ARGUMENT_METHODS = frozenset({
    "get_argument", "get_query_argument", "get_param", "get_param_as_int", "getvalue", "get_arg", "get_int",
})  # fmt: skip
#: Calls that make a number of a text.
CONVERTING = frozenset({"int", "float", "str", "abs"})

#: Calls that keep a number within bounds, or look whether it is.
CAPPING = re.compile(
    r"(?i)^(min|clamp|clip|cap|bound(ed)?|limit_to|median)$|clamp|valid|check|sanit|restrict|normali[sz]e|parse_"
)
#: Methods of queries that take so many rows.
LIMITING = frozenset({"limit", "fetch", "to_list", "top"})
#: Methods that page and cap the size by themselves.
CAPPED_METHODS = frozenset({"paginate", "Params", "LimitOffsetParams"})
#: Calls with which a function takes so many rows and no more.
TAKING = frozenset({"limit", "paginate", "paginate_queryset"})
#: Classes that cut pages out of a query.
PAGINATORS = frozenset({"Paginator", "InfinitePaginator", "AsyncPaginator"})
#: Functions that do a piece of work for each of so many: their callers say how much is done at once.
JOBS = re.compile(r"^_*(run|process|sync|crawl|refresh|backfill|enrich|rebuild|generate|import|reindex|sweep)(_|$)")
#: Calls that a size is handed to without being used as one.
HARMLESS = re.compile(
    r"(?i)^(int|str|float|len|range|print|dict|max|abs|ceil|floor|round|url_for|build_url|jsonify|isinstance|sleep|repr|"
    r"divmod|format|timedelta|Query|Depends|HTTPException|model_dump|randint|append|debug|info|warning|error|exception|"
    r"log|update|setdefault|loads|dumps|join|hash|sha\w+|md5|encode|set|delay|apply_async|send_task|enqueue)$|"
    r"(?-i:Response|Error|Meta|Page|Pagination|Result|Schema|Out|Request|Params|Filters?|Context|Config|Input)$|"
    r"cache|key|template|render|log|metric"
)
#: Arguments of a call that is handed a page that was read, and tells how large it is.
OF_PAGE = frozenset({"total", "total_count", "total_items", "items", "has_next", "has_more", "next_cursor"})
#: Base classes of Django REST framework that let the client choose, and the attributes that bound them.
SIZE_PARAMETER = "page_size_query_param"
SIZE_BOUND = "max_page_size"
LIMIT_OFFSET = "LimitOffsetPagination"
LIMIT_OFFSET_PATH = "rest_framework.pagination.LimitOffsetPagination"
LIMIT_BOUND = "max_limit"
SETTING = "DEFAULT_PAGINATION_CLASS"

#: What cuts a collection in memory, and what says that it is read from elsewhere.
CUT = re.compile(
    r"(?i)\[[^\[\]\n]*:[^\[\]\n]*(limit|size|count|max_\w+|end|stop)\w*\s*\]|\[-(limit|size|count):\]|most_common\(|islice\("
)
READING = re.compile(
    r"(?i)\bawait\b|select(?!(ed|ion)\b|ed_)|query|execute|objects\b|session|fetch|find\(|filter\(|cursor|requests?\.|http|client|redis|"
    r"\bdb\b|repo"
)
#: A call to which a function hands the size that it was given, by the name of what is called.
HANDED_ON = re.compile(r"(?i)\b(\w+)\((?:[^()]*,\s*)?(?:\w+=\s*)?(?:limit|size|count)\w*\s*[,)]")
#: What says in a function of another file that it bounds what it is handed, or lets a library do so.
BOUNDING = re.compile(
    r"(?i)\bmin\(|\bmax_|_max\b|paginate\(|clamp|\ble=|(limit|size|page|count)\w* *(>=?|not in) *(?![01]\b)[\w.]+|"
    r"(limit|size|count)\w* *<=? *(\d\d+|\w*max)"
)

#: A query that gives one row for each value of a column (`DISTINCT ON`): few, however many rows there are.
ONE_OF_EACH = re.compile(r"\.distinct\(\s*\w")

#: Methods of queries that leave rows out at the beginning.
SKIPPING = frozenset({"offset", "skip"})
#: Tables whose rows come with use, so that there are ever more of them.
GROWING = re.compile(
    r"(^|_)(events?|logs?|messages?|notifications?|transactions?|orders?|payments?|audits?|activit(y|ies)|history|"
    r"histories|comments?|posts?|articles?|visits?|metrics?|records?|entry|entries|readings?|measurements?|runs?|tickets?|"
    r"photos?|images?|videos?|tracks?|items?|invoices?|clicks?|alerts?|tweets?|statuses|reviews?|scans?|requests?|"
    r"conversations?|chats?|documents?|files?|emails?|mails?|deliver(y|ies)|submissions?|attempts?|bookings?|trips?|books?|"
    r"products?|users?|members?|contacts?|leads?|executions?|traces?|calls?|votes?|likes?|follows?|observations?|"
    r"sightings?|samples?|snapshots?)$"
)
#: Those of them of which one conversation, device or account gets ever more.
STREAMS = re.compile(
    r"(^|_)(events?|logs?|messages?|notifications?|transactions?|audits?|activit(y|ies)|history|histories|visits?|metrics?|"
    r"readings?|measurements?|clicks?|traces?|executions?|observations?|frames?|entry|entries|runs?|detections?)$"
)
#: Columns that tell one talk from the next, which ends before it is long, and states of the few rows that went wrong.
TALKS = re.compile(r"(?i)(^|_)(session|conversation|dialog(ue)?|interview)(_?(id|uuid|pk))?$")
FAILED = re.compile(r"(?i)fail|dead|error|reject|unresolved")
#: Columns by whose order a key would do: the last one that was seen.
KEYED = re.compile(
    r"(?i)^_?(id|pk|uuid|\w*_id|.*(created|updated|date|time|timestamp|stamp|sent|published|added|posted)\w*|(\w+_)?(at|on)|when|ts)$"
)
#: Words of an offset that is not one of a page.
RANDOM = re.compile(r"(?i)rand|choice|sample|shuffle")
#: Steps that give rows a column of the query's own.
COMPUTING = frozenset({"annotate", "alias", "extra"})
#: Expressions of an order that are reckoned of many rows: no index has them.
RECKONING = frozenset({"Count", "Sum", "Avg", "Max", "Min", "Random", "count", "sum", "avg"})
