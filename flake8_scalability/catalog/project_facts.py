"""Facts of a whole project that one file of it does not show, and how its text, in whatever file, states them.

A row says in which files a fact may stand and how it is spelled there; a fact may have several rows.  `words` are a
cheap test before the patterns: a text that has none of them, in lower case, is not searched any further.
Facts only ever silence a finding or make it more exact, so that a pattern may be generous.
"""

from __future__ import annotations

import enum
from typing import NamedTuple


class Fact(enum.Enum):
    """What can be known of a project as a whole."""

    LIMITS_ALL_CALLERS = "a rate limit holds for every endpoint of the application"
    OWN_LIMITER = "the project has a function or object that limits callers, of this name"
    LIMITS_LOGINS = "tries to log in are counted"
    LIMITS_DOORS = "the server in front limits the pages of logins, passwords and accounts"
    LOGIN_FOR_ALL = "an endpoint that says nothing of its callers wants them logged in"
    OBJECT_STORAGE = "files of users are kept in an object store"
    FILE_FIELDS = "models of the database have files of users"
    SERVER_DATABASE = "the database is a server"
    SERVER_DRIVER = "the client of a database server is among the requirements"
    LOCAL_DATABASE = "the database is a file"
    ASKING_BOT = "a bot asks its platform for news, of which there can be one at a time"
    BODY_LIMIT = "the size of a request's body is limited for every endpoint"
    UPLOAD_LIMIT = "the settings say how large a file may be"
    PRODUCTION_SERVER = "a server for production imports the application"
    LIMITER_STORE = "a store for the counts of rate limiters is named in the configuration"
    CACHE_CHOSEN = "the settings of Django choose a cache"
    REST_PAGES = "lists of Django REST framework are paged by default"
    REST_VIEW_PAGES = "views of Django REST framework have pages of their own"
    REST_LISTS = "views of Django REST framework inherit their lists"
    REST_VIEWSETS = "sets of views of Django REST framework inherit their lists"
    REST_ROUTED = "sets of views of Django REST framework have routes"
    REST_VIEWS = "there are views of Django REST framework"
    REST_INSTALLED = "Django REST framework is installed by settings in sight"
    REST_SETTINGS = "settings configure Django REST framework"
    SOCKET_CHANNEL = "the servers of Socket.IO speak to each other"
    SESSION_STORE = "a setting keeps sessions on a server"
    CHANNEL_LAYER_USED = "something sends or hears what goes over the layer of Django Channels"
    BOT_STATE_USED = "a bot keeps the states of its conversations, or data with them"
    QUEUES_MEASURED = "it is asked how full a queue is before something is put into it"
    REPLICA = "there is a replica of the database"
    READS_REPLICA = "something sends reads to a replica"
    MYSQL = "the database is MySQL"
    SCHEMA = "the project makes the tables of its database"
    SCALED_OUT = "a deployment runs several of a process, or as many as a parameter or the load says"
    TEXT_INDEX = "texts are searched by an index made for it"


class FactRow(NamedTuple):
    """One way in which a project states a fact.

    files: globs of the names of files (`*.py`, `Dockerfile*`), without folders
    words: words of which one has to stand in the text, in lower case
    patterns: regular expressions, of which one has to be found; `.` stops at the end of a line, `^` is any line's begin
    """

    fact: Fact
    files: tuple[str, ...]
    words: tuple[str, ...]
    patterns: tuple[str, ...]


_PYTHON = ("*.py",)
_DEPLOYMENT = (
    "*.conf", "*.conf.*", "*.template", "*.tmpl", "*.j2", "nginx*", "Caddyfile*", "*.cfg", "*.yml", "*.yaml", "*.toml",
    "*.tf", "*.json", "nginx/*", "sites-available/*", "sites-enabled/*",
)  # fmt: skip
_MANIFESTS = ("requirements*.txt", "pyproject.toml", "Pipfile", "setup.cfg")
#: The header of a location of nginx that has logins and passwords in it.
_OF_DOORS = r"\s*location\b[^\n]*(?i:log-?_?in|sign-?_?in|password|auth)"
_LIMIT = r"(?i:rate_?limit|throttl|(?<!de)limiter)"

FACTS = (
    FactRow(
        Fact.REST_PAGES,
        _PYTHON,
        ("paginat",),
        (r"(DEFAULT_PAGINATION_CLASS|[\"']PAGINATE_BY)[\"']?\]?\s*[:=]\s*[\"'\w(]",),
    ),
    FactRow(
        Fact.REST_VIEW_PAGES,
        _PYTHON,
        ("pagination_class",),
        (r"^\s+pagination_class\s*(:[^=\n]+)?=\s*(?!None)\w",),
    ),
    FactRow(
        Fact.REST_LISTS,
        _PYTHON,
        ("rest_framework",),
        (r"^class (\w+)\([^)]*\bList(Create)?APIView\b",),
    ),
    FactRow(
        Fact.REST_VIEWSETS,
        _PYTHON,
        ("rest_framework",),
        (r"^class (\w+)\([^)]*\b(ListModelMixin|(ReadOnly)?ModelViewSet)\b",),
    ),
    FactRow(
        Fact.REST_ROUTED,
        _PYTHON,
        ("register", "as_view"),
        (r"^[^#\n]*\.register\(\s*(prefix\s*=\s*)?[rf]?[\"'][^#]", r"^[^#\n]*\.as_view\(\s*(actions\s*=\s*)?\{"),
    ),
    FactRow(Fact.REST_VIEWS, _PYTHON, ("rest_framework",), (r"^(from rest_framework|import rest_framework)",)),
    FactRow(Fact.REST_INSTALLED, _PYTHON, ("rest_framework",), (r"(^|[\[(,])\s*[\"']rest_framework[\"']\s*[,\])]",)),
    FactRow(Fact.REST_SETTINGS, _PYTHON, ("rest_framework",), (r"^\s*REST_FRAMEWORK(:[^=]+)?\s*=\s*\{",)),
    FactRow(
        Fact.LIMITS_ALL_CALLERS,
        _PYTHON,
        ("limit", "throttl"),
        (
            # Flask-Limiter, slowapi and Quart-Rate-Limiter: limits for every route
            r"\b(default|application)_limits\s*=\s*(?!\[\s*\]|None)",
            r"\bRATELIMIT_(DEFAULT|APPLICATION)\b",
            # Django REST framework: the default of all views
            # (what is read from elsewhere is a decision of whoever deploys it)
            r"DEFAULT_THROTTLE_CLASSES[\"']?\]?\s*[:=]\s*([\[(]\s*[\"'\w]|(?!None\b|list\(\)|tuple\(\))[A-Za-z_])",
            # middleware of ASGI applications, and of Django by its path
            rf"\b(add_middleware|Middleware|register_middleware)\(\s*[\w.]*{_LIMIT}",
            rf"[\"'][\w.]*{_LIMIT}\w*(\.\w+)?Middleware[\"']",
            rf"\bmiddlewares?\s*=\s*\[[^\]]*{_LIMIT}",
            rf"@[\w.]+\.(middleware|before_request|before_app_request|on_request)\b.*\n\s*(async )?def \w*{_LIMIT}",
            rf"\.(before_request|before_app_request)\(\s*[\w.]*{_LIMIT}",
            # one that does so beside other things
            rf"@\w+\.(middleware|before_request|before_app_request)\b.*\n\s*(?:async )?def "
            rf"(?s:(?!\n@|\n(?:async )?def ).){{0,3000}}?\n[^#\n]*{_LIMIT}[\w.]*\(",
            # Litestar, and dependencies of a whole FastAPI application
            r"\bRateLimitConfig\(\s*\S*rate_limit\s*=",
            rf"\bFastAPI\([^()]*dependencies\s*=\s*\[[^\]]*{_LIMIT}",
        ),
    ),
    FactRow(
        Fact.LIMITS_ALL_CALLERS,
        _DEPLOYMENT,
        ("limit", "throttl", "rate"),
        (
            # nginx, and the annotations of its ingress controller
            # (where it stands in the location of logins alone, it holds back those who log in)
            rf"^(?!{_OF_DOORS})[^\n{{}}]*\{{[^{{}}]*^\s*limit_req\s+zone",
            r"(?:\}|\A)[^{}]*^\s*limit_req\s+zone",
            r"nginx\.ingress\.kubernetes\.io/limit-(rps|rpm)",
            # Traefik, Caddy, HAProxy, Envoy, Kong
            r"(?i)\bmiddlewares?\b.*\brate_?limit\b",
            r"^\s*rateLimit:\s*$",
            r"^\s*rate_limit\s*\{",
            r"\b(sc_)?http_req_rate\(",
            r"\benvoy\.filters\.http\.(local_)?ratelimit",
            r"^\s*-?\s*(name:\s*|konghq\.com/plugins:.*)\brate-limiting(-advanced)?\b",
            # gateways and firewalls of the clouds
            r"\b(throttling_rate_limit|ThrottlingRateLimit|throttle_settings|rate_based_statement|RateBasedStatement|"
            r"rateBasedStatement|rate_based_ban|rate-limit-by-key)\b",
        ),
    ),
    FactRow(
        Fact.OWN_LIMITER,
        _PYTHON,
        ("limit", "throttl"),
        (
            # what limits this service's own calls of others takes no request, and what answers 429 is no limiter
            # (nor does every limiter fit another endpoint: one of votes, or one that writes headers)
            r"^(?:async )?def ((?:(?:check|enforce|apply|require|assert|verify)_)?(?:(?:api|user|ip|global|request)_)?"
            r"(?:rate_?limit(?:ed|er)?|throttle[dr]?)(?:_requests?|_callers?|_users?)?)\([^)]*\brequest\b",
            r"^(\w*limiter)\s*(?::[^=\n]+)?=\s*(?:\w+\.)?Limiter\(",
            r"^class ((?:User|Anon\w*|API|Base|Burst|Default|Global|IP|Request|Scoped|Sustained)*RateThrottle)\b",
        ),
    ),
    FactRow(
        Fact.LIMITS_LOGINS,
        _PYTHON,
        ("axes", "defender", "rate_limits", "login_attempts", "login-fail", "login_fail"),
        (
            r"[\"']axes[\"']|\baxes\.middleware\b|[\"']defender[\"']",
            r"\bACCOUNT_(RATE_LIMITS|LOGIN_ATTEMPTS_LIMIT)\s*=",
        ),
    ),
    FactRow(
        Fact.LIMITS_DOORS,
        _DEPLOYMENT,
        ("limit_req",),
        (rf"^{_OF_DOORS}[^\n{{}}]*\{{[^{{}}]*^\s*limit_req\s+zone",),
    ),
    FactRow(
        Fact.LOGIN_FOR_ALL,
        _PYTHON,
        (
            "default_permission_classes",
            "loginrequiredmiddleware",
            "login_exempt",
            "dependencies",
            "before_request",
            "litestar",
            "middleware",
        ),
        (
            # hooks of blueprints, whose handlers stand in other files
            r"\.before_(app_)?request\(\s*[\w.]*(?i:auth|login|user|token|require|verify)",
            r"@\w*(?i:blueprint|bp)\.before_request\b",
            # a middleware of the project's own
            r"^class \w*(Auth|Login|Token|ApiKey|APIKey|Jwt|JWT)\w*Middleware\b",
            # aiohttp
            r"\bApplication\([^()]*middlewares\s*=\s*[\[(][^\])]*(?i:auth|login|user|token|api_?key)",
            r"\b(JWTAuth|JWTCookieAuth|OAuth2PasswordBearerAuth|SessionAuth)(\[[^\]]*\])?\(",
            r"DEFAULT_PERMISSION_CLASSES[\"']?\]?\s*[:=]\s*[\[(]\s*[\"'][\w.]*(?i:auth|permission|admin)",
            r"\bLoginRequiredMiddleware\b",
            # what needs no login is the exception
            r"\bLOGIN_EXEMPT_\w+",
            r"\b(FastAPI|include_router)\([^()]*dependencies\s*=\s*\[[^\]]*(?i:auth|user|token|api_?key|login)",
            r"@\w+\.before_(app_)?request\b.*\n\s*(async )?def \w*(?i:auth|login|user|token)",
        ),
    ),
    FactRow(
        Fact.OBJECT_STORAGE,
        (*_PYTHON, *_MANIFESTS),
        ("storages", "storage", "bucket"),
        (
            r"storages\.backends|\bS3(Boto3?)?Storage\b|S3Boto3Storage|GoogleCloudStorage|\bAzureStorage\b|cloudinary_storage|"
            r"MinioBackend|MinioMediaStorage",
            r"\b(AWS_STORAGE_BUCKET_NAME|AWS_MEDIA_BUCKET_NAME|GS_BUCKET_NAME|S3_BUCKET\w*)\b",
            r"\b(R2|S3|GCS|MINIO|OSS|COS|SPACES)_(\w+_)?BUCKET(_NAME)?\b",
            r"(?i)\bdjango-storages\b",
        ),
    ),
    FactRow(
        Fact.FILE_FIELDS,
        _PYTHON,
        ("filefield", "imagefield", "default_storage", "media_root"),
        (
            r"\bmodels\.\w*(File|Image)Field\(|\b\w*(File|Image)Field\([^)]*\bupload_to\b",
            r"\bdefault_storage\b|\bsettings\.MEDIA_ROOT\b",
        ),
    ),
    FactRow(
        Fact.SERVER_DATABASE,
        (*_PYTHON, *_DEPLOYMENT, "Dockerfile*", "Procfile", "*.env*", ".env*"),
        ("postgres", "mysql", "mariadb", "oracle", "database_url", "db_url", "mssql", "cockroach", "_engine", "heroku"),
        (
            r"\b(django\.db\.backends\.|django\.contrib\.gis\.db\.backends\.)(postgresql|postgis|mysql|oracle)",
            r"(?i)\b(postgres(ql)?|mysql|mariadb|mssql|oracle|cockroachdb)(\+\w+)?://",
            r"\b(django_heroku|django_on_heroku)\.settings\(|\bdj_database_url\b|\benv\.(db|db_url|dj_db_url)\(",
            r"(?i)^\s*image:\s*[\"']?(\S*/)?(postgres|mysql|mariadb|postgis)",
            r"(environ(\.get)?|getenv|config|env)[(\[]\s*[\"'](DATABASE_URL|DB_URL|SQLALCHEMY_DATABASE_UR[IL])[\"']",
            r"(environ(\.get)?|getenv|config|env)[(\[]\s*[\"']\w*(DB|DATABASE|SQL)_ENGINE[\"']",
        ),
    ),
    FactRow(
        Fact.SERVER_DRIVER,
        (*_MANIFESTS, "*.in", "*.lock"),
        ("psycopg", "asyncpg", "mysql", "oracle", "mongo", "motor", "beanie", "mssql", "pyodbc", "mariadb"),
        (
            r"(?i)\b(psycopg(2|2-binary|\[\w+\])?|asyncpg|mysqlclient|pymysql|aiomysql|asyncmy|mariadb|mysql-connector\S*|"
            r"oracledb|cx-oracle|pymssql|pyodbc|pymongo|motor|mongoengine|beanie)\b",
        ),
    ),
    FactRow(
        Fact.LOCAL_DATABASE,
        _PYTHON,
        ("sqlite",),
        (
            r"[\"']sqlite(\+\w+)?://|\bdjango\.db\.backends\.sqlite3|\bSqlite(Ext|Queue)?Database\(",
            r"\b(aio)?sqlite3?\.connect\(",
        ),
    ),
    FactRow(
        Fact.ASKING_BOT,
        _PYTHON,
        ("polling", "discord", "disnake", "nextcord", "pyrogram", "telethon"),
        (
            r"\b(run_polling|start_polling|infinity_polling)\(",
            r"^(?:import|from) (discord|disnake|nextcord|pyrogram|telethon)\b(?s:.*)\b(bot|client|app)\.(run|start)\(",
        ),
    ),
    FactRow(
        Fact.BODY_LIMIT,
        (*_PYTHON, *_DEPLOYMENT),
        (
            "content_length",
            "contentlength",
            "body_size",
            "bodysize",
            "body-size",
            "upload",
            "max_size",
            "request_size",
            "proxy_pass",
            "max_request",
            "middleware",
        ),
        (
            # a middleware of the project's own that refuses a body
            r"(?s:\b(?:def \w*middleware\w*\(|class \w*Middleware\b|@\w+\.middleware\(.{0,80}?def )"
            r"(?:(?!\n(?:async )?def |\n@|\nclass ).){0,3000}?\b413\b)",
            r"\bMAX_CONTENT_LENGTH\b|\b(max_content_length|max_request_body_size|max_body_size|client_max_size)\b",
            r"\b\w*(ContentSizeLimit|UploadSizeLimit|LimitUploadSize|RequestSizeLimit|BodySizeLimit|MaxBodySize|"
            r"MaxRequestSize|SizeLimit)\w*Middleware\b",
            # nginx stops at 1 MiB unless it is told otherwise
            r"\bclient_max_body_size\b|^\s*proxy_pass\s|proxy-body-size",
            r"\bmaxRequestBodyBytes\b|\bmaxAllowedContentLength\b",
        ),
    ),
    FactRow(
        # nginx in front of the service, whose configuration may be in an image
        Fact.BODY_LIMIT,
        ("docker-compose.yml", "docker-compose.yaml", "docker-compose.prod*.y*ml", "compose.yml", "compose.yaml"),
        ("nginx",),
        (r"^ +nginx:[ \t]*$",),
    ),
    FactRow(
        Fact.UPLOAD_LIMIT,
        _PYTHON,
        ("_max_size", "max_file", "max_upload", "max_size"),
        (r"\b\w*(FILE_MAX_SIZE|MAX_FILE_SIZE|UPLOAD_MAX_SIZE|MAX_UPLOAD_SIZE)",),
    ),
    FactRow(
        Fact.SOCKET_CHANNEL,
        _PYTHON,
        ("message_queue", "client_manager"),
        (r"\b(message_queue|client_manager)\b",),
    ),
    FactRow(
        Fact.SESSION_STORE,
        _PYTHON,
        ("session_type", "session_redis"),
        (
            r"\bSESSION_TYPE['\"]?\]?\s*[=:]\s*['\"](redis|memcached|mongodb|sqlalchemy|dynamodb)|"
            r"\bSESSION_REDIS['\"]?\]?\s*[=:]",
        ),
    ),
    FactRow(
        Fact.CHANNEL_LAYER_USED,
        _PYTHON,
        ("channel",),
        (
            r"\bfrom channels(?!\.(?:routing|auth|security|staticfiles)\b)\b|^\s*import channels\b|\bchannel_layer\b|"
            r"\bfrom (?:channels_graphql_ws|djangochannelsrestframework|channels_\w+)\b",
        ),
    ),
    FactRow(
        Fact.QUEUES_MEASURED,
        _PYTHON,
        ("qsize",),
        (
            r"\.qsize\(\)\s*[<>]=?\s*[\w.]*(?i:max|limit|capacity|threshold)",
            r"(?i)\b(\w*size|depth|backlog)\s*=\s*.*\.qsize\(\)\s*\n\s*(if|while)\s+\1\s*>=?\s*[\w.]*(max|limit)",
        ),
    ),
    FactRow(
        Fact.REPLICA,
        (*_PYTHON, "*.env*", "*.yml", "*.yaml", "*.toml", "*.tf"),
        ("replica", "slave", "follower", "reader", "readonly", "read_only"),
        (
            r"(?i)[\"'](read_?)?(replica|slave|follower)(_?\d+|_db|_database)?[\"']\]?\s*[:=]",
            r"(?i)\b(replica|slave|follower|reader|read_?only)_?(db|database|postgres|pg|mysql|sql|dsn|engine|session|pool)"
            r"\w*\s*[:=]",
            r"(?i)\b(database|db|postgres|pg|mysql|sql)\w*_(replica|slave|follower|reader)\w*\s*[:=]",
            r"^resource \"aws_rds_cluster_instance\"|replicate_source_db",
        ),
    ),
    FactRow(
        Fact.MYSQL,
        _MANIFESTS,
        ("mysql", "asyncmy", "mariadb"),
        (r"(?i)^\s*[\"']?(mysqlclient|pymysql|aiomysql|asyncmy|mysql-connector-python|mariadb)\b",),
    ),
    FactRow(
        Fact.SCHEMA,
        (*_PYTHON, "*.sql", "*.ini", "*.toml", "requirements*.txt", "Pipfile"),
        ("create_all", "create table", "create_table", "alembic", "migrat"),
        (
            r"\.create_all\b|(?i:\bcreate table\b)|\bcreate_table\(",
            r"(?i)^\s*\[alembic\]|^\s*[\"']?(alembic|flask-migrate|yoyo-migrations|sqlalchemy-migrate)\b",
            r"\bMigrate\(|^\s*(from|import) alembic\b|(^|[\"' ])script_location\s*=",
        ),
    ),
    FactRow(
        Fact.BOT_STATE_USED,
        _PYTHON,
        ("state", "data"),
        (r"\b(FSMContext|StatesGroup|StateFilter|set_state|get_state|state_proxy|retrieve_data|add_data|wizard\w*)\b",),
    ),
    FactRow(
        Fact.SCALED_OUT,
        _DEPLOYMENT,
        ("autoscal", "scaledobject", "replicas"),
        (
            r"^\s*kind:\s*(HorizontalPodAutoscaler|ScaledObject)\b",
            r"^\s*(?i:(min_?|max_?)?replicas(_?count)?):\s*[\"']?(\$|\{\{|[2-9]|\d\d)",
        ),
    ),
    FactRow(
        Fact.TEXT_INDEX,
        (*_PYTHON, "*.sql"),
        (
            "trgm",
            "trigram",
            "ginindex",
            "searchvector",
            "tsvector",
            "fulltext",
            "match(",
            "fts5",
            "haystack",
            "text_search",
        ),
        (
            r"gin_trgm_ops|gist_trgm_ops|pg_trgm|\bTrigram(Extension|Similarity|WordSimilarity)\b|\bGinIndex\(",
            r"\bSearchVector(Field)?\b|\b(to_)?tsvector\b|TSVECTOR|\bFULLTEXT\b|mysql_prefix=.FULLTEXT|\bfts[345]\b",
            r"[\"']haystack[\"']",
        ),
    ),
    FactRow(
        Fact.READS_REPLICA,
        _PYTHON,
        ("database_routers", "using", "connections"),
        (
            r"\bDATABASE_ROUTERS\b",
            r"(?i)\b(using\(|using\s*=|connections\[)\s*[\w.]*[\"']?\w*(replica|slave|follower|reader|read)",
        ),
    ),
    FactRow(
        Fact.LIMITER_STORE,
        (*_PYTHON, "*.env*", "*.yml", "*.yaml", "*.toml", "*.cfg"),
        ("ratelimit_storage", "storage_ur"),
        (r"\bRATELIMIT_STORAGE_UR[IL]\b", r"\bflask_limiter\.[\w.]*STORAGE_UR[IL]\b"),
    ),
    FactRow(
        Fact.CACHE_CHOSEN,
        _PYTHON,
        ("caches",),
        (r"^\s*CACHES\s*(:[^=\n]+)?=", r"[\"']CACHES[\"']"),
    ),
    FactRow(
        Fact.PRODUCTION_SERVER,
        (
            *_MANIFESTS,
            "*ocker*",
            "Procfile*",
            "*.yml",
            "*.yaml",
            "*.sh",
            "*.service",
            "*.conf",
            "*.ini",
            "*.template",
            "*.j2",
            "Makefile",
            "*.txt",
            "*.toml",
            "start*",
            "entrypoint*",
        ),
        ("wsgi", "gunicorn", "waitress", "uvicorn", "hypercorn", "daphne", "cheroot", "granian", "zappa"),
        (
            r"(?i)\b(gunicorn|uwsgi|waitress|mod_wsgi|hypercorn|daphne|cheroot|granian|zappa|serverless-wsgi|"
            r"wsgidaemonprocess)\b",
            r"\buvicorn[\"',\s]+(?:-\S+\s+)*[\w./]+:\w+",
        ),
    ),
    FactRow(
        Fact.PRODUCTION_SERVER,
        ("wsgi*.py", "asgi*.py", "passenger_wsgi.py", "gunicorn*.py", "uwsgi*.py"),
        ("app", "workers"),
        (r"\bapp(lication)?\b", r"^workers\s*="),
    ),
    FactRow(
        Fact.PRODUCTION_SERVER,
        _PYTHON,
        ("waitress", "wsgi", "gunicorn", "cheroot", "mangum", "hypercorn", "granian", "uvicorn"),
        (
            r"^\s*(?:from|import) (waitress|gevent\.pywsgi|gunicorn|cheroot|mangum|serverless_wsgi|awsgi|hypercorn|"
            r"granian|eventlet\.wsgi|apig_wsgi|a2wsgi)\b",
            r"^\s*from gevent import pywsgi",
            r"#.*\b(gunicorn|uwsgi|waitress|hypercorn)\b",
            r"#.*\buvicorn [\w.]+:\w+",
            # the entry of another file, which takes its workers from somewhere
            r"\buvicorn\.run\(\s*[\"'][\w.]+:\w+[\"'](?s:(?!reload|\n\S).){0,400}?\bworkers\s*=\s*(?![1\"'])",
        ),
    ),
)
