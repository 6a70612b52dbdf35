"""What names say of reads that are worth to be kept, of code that keeps them, and of code that changes something.

Sources: https://docs.djangoproject.com/en/stable/topics/cache/, https://learn.microsoft.com/azure/architecture/best-practices/caching,
https://jinja.palletsprojects.com/en/stable/api/, https://docs.python.org/3/library/json.html
"""

from __future__ import annotations

import re

#: Calls that cut a page out of rows: numbers beside a listing follow what the caller looks for.
PAGING = frozenset({"Paginator", "paginate", "paginate_queryset", "paginate_by"})

#: Words of code that keeps what it has read, or tells the client to.
KEEPING = re.compile(
    r"(?i)cach|memoi|\blru|redis|memcache|\betag|last_modified|not_modified|(^|[^a-z])ttl|stale|precomputed|materiali[sz]ed|snapshot"
)
#: Methods that read, by the word they begin with.
READING = re.compile(
    r"^a?_?(get|fetch|find|load|read|list|query|select|search|look_?up|retrieve|scan|count|all|one|first|scalar|execute|"
    r"exec|aggregate|hget|hgetall|mget|post|request|send)"
)
#: Methods that change something, by the word they begin with.
WRITING = re.compile(
    r"^a?_?(save|create|update|delete|destroy|insert|remove|commit|flush|upsert|bulk|put|post|patch|publish|send|enqueue|"
    r"delay|apply_async|increment|incr|mark|store|persist|write|archive|approve|submit|register|merge)(_|$)|_or_create$"
)
#: Methods of plain mappings, sets and templates that are spelled like those.
HARMLESS = frozenset({"update", "remove", "insert", "write", "put", "merge", "register"})
#: Names of what those are methods of, where they do write.
STORES = re.compile(
    r"(^|_)(db|session|objects|repo\w*|dao|crud|conn\w*|client|store|storage|service|queue|table|s3|api)$"
)

#: Functions that make something of what was read.
COMPUTING = re.compile(
    r"^_*(compute|calculate|calc|aggregate|summari[sz]e|derive|evaluate|score|rank|analy[sz]e|estimate|build_(tree|graph|matrix|index))(_|$)"
)
#: Functions that answer what somebody may do, or how something is set up: asked again and again, and changed seldom.
LOOKING_UP = re.compile(
    r"^_*(get|load|fetch|list|read)_((?!(\w+_)?(for|by|of|with|in)_)\w+_)?"
    r"(permissions|roles|privileges|entitlements|settings|preferences|feature_flags|features|navigation|acl)"
    r"(_(for|of|by)(_\w+)?)?$"
)
#: Expressions of whoever sends the request.
CALLER = re.compile(
    r"\b(request|req|info\.context|context|ctx|g)\.(user|me|account|profile|member)\b|\bcurrent_?user(_?id)?\b|\bsession\[|"
    r"\bget_jwt_identity\b|\bget_(request|current)_\w+\(|\b(request|req)\.state\.user\b"
)
#: Handlers and functions that answer with numbers over many rows.
COUNTING = re.compile(
    r"(^|_)(stats?|statistics|dashboard|summary|summaries|overview|metrics|analytics|insights|leaderboard|ranking|totals|"
    r"counts|report|reports|trends|trending|kpis?|home|index|landing)(_|$)"
)
#: Functions that give somebody a file to take away: seldom asked for, and meant to hold what is true now.
EXPORTING = re.compile(r"(^|_)(exports?|exporting|download|as_(csv|xlsx|pdf)|to_(csv|xlsx|pdf))(_|$)")
#: Numbers that are other ones in a moment, and are asked for because they are.
CHANGING = re.compile(r"(^|_)(jobs?|queues?|tasks?|workers?)(_|$)")
#: Methods and functions that reckon one number of many rows.
AGGREGATES = frozenset({
    "count", "acount", "aggregate", "aaggregate", "sum", "avg", "average", "count_documents",
    "estimated_document_count",
})  # fmt: skip

#: Methods that run a statement, which may hold such a function.
RUNNING = frozenset({"scalar", "scalar_one", "execute", "fetchval", "fetchone", "scalar_one_or_none", "exec", "one"})

#: Tables that operators fill: settings, menus, flags.  One that users fill is none, however small.
SETUP_TABLES = re.compile(
    r"(^|_)(settings?|config|configs|configuration|options?|preferences|feature|features|flag|flags|menu|menus|banner|"
    r"banners|announcement|announcements|category|categories|currency|currencies|language|languages|country|countries|"
    r"theme|themes|navigation|footer|permission|permissions|role|roles)$"
)

#: Calls that parse a file which they are given open, by their paths, and take long to do it.  JSON and TOML that come
#: with a program are small, and read in less than a millisecond.
PARSERS = (
    "{yaml,ruamel.yaml}.{load,safe_load,full_load,load_all,safe_load_all} csv.{reader,DictReader} "
    "{pickle,cPickle,dill}.load plistlib.load "
    "xml.etree.ElementTree.parse lxml.etree.parse"
)
#: Calls that parse a text, which may come from a file.
TEXT_PARSERS = (
    "{yaml,ruamel.yaml}.{load,safe_load,full_load} {jinja2.,}Template jinja2.Environment().from_string "
    "django.template.Template"
)
#: Calls that parse a file by its name.
PATH_PARSERS = (
    "{pandas,polars}.{read_csv,read_excel,read_json,read_parquet} {openpyxl.,}load_workbook "
    "configparser.ConfigParser().read xml.etree.ElementTree.parse lxml.etree.parse"
)
#: Objects that keep parsed templates for as long as they live themselves.
TEMPLATE_HOLDERS = "{jinja2.,jinja2.environment.}Environment mako.lookup.TemplateLookup"
#: The argument that says where their templates are.
TEMPLATE_FOLDERS = ("loader", "directories")

#: Words of an address whose answer is another one each time.
LIVE = re.compile(
    r"(?i)health|ping|status|ready|alive|random|queue|progress|\bnow\b|\blive|latest|token|session|current|/me\b|"
    r"/(orders?|payments?|customers?|users?|members?|messages?|notifications?|transactions?|jobs?|tasks?|carts?|"
    r"shipments?|events?|logs?|reviews?|staff|managers?|alerts?|balances?|positions?|trades?)(/|$|[?#\s])"
)
#: Addresses of a sibling service, which may keep its answers itself: by a word, or by a host without a domain.
SIBLING = re.compile(r"(?i)service_|[_-]service\b|internal|upstream|https?://[a-z0-9_-]+(:\d+)?(/|\s|$)")
#: Functions that fetch what is new elsewhere: an answer that was kept would make them useless.
GATHERING = re.compile(
    r"(^|_)(discover|crawl|scan|scrape|sync|synchroni[sz]e|import|ingest|harvest|refresh|update|collect|monitor)(_|$)"
)
#: Calls that only put an address or the name of a file together.
JOINING = frozenset({
    "join", "Path", "str", "format", "getenv", "get", "resolve", "absolute", "dirname", "abspath", "joinpath",
    "urljoin", "FileSystemLoader", "PackageLoader", "rstrip", "lstrip", "strip", "realpath", "with_name", "files",
    "PurePath", "expanduser", "config", "env",
})  # fmt: skip
#: Names of what keeps files that users and jobs put there, and no files of the program.
STORAGES = re.compile(r"(?i)storage|bucket|blob|(^|_)(fs|s3|gcs)$")
