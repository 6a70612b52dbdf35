"""Limits that hold for a whole project: of callers, of bodies, of queues."""

from __future__ import annotations

from flake8_scalability.catalog.project_facts import DEPLOYMENT, PYTHON, Fact, FactRow

#: The header of a location of nginx that has logins and passwords in it.
_OF_DOORS = r"\s*location\b[^\n]*(?i:log-?_?in|sign-?_?in|password|auth)"
_LIMIT = r"(?i:rate_?limit|throttl|(?<!de)limiter)"

FACTS = (
    FactRow(
        Fact.LIMITS_ALL_CALLERS,
        PYTHON,
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
        DEPLOYMENT,
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
        PYTHON,
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
        PYTHON,
        ("axes", "defender", "rate_limits", "login_attempts", "login-fail", "login_fail", "423_locked"),
        (
            r"[\"']axes[\"']|\baxes\.middleware\b|[\"']defender[\"']",
            r"\bACCOUNT_(RATE_LIMITS|LOGIN_ATTEMPTS_LIMIT)\s*=",
            # the answer to who has tried too often
            r"\braise \w+\([^)]*\bHTTP_423_LOCKED\b",
        ),
    ),
    FactRow(
        Fact.ASKS_CALLERS,
        PYTHON,
        (
            "login",
            "jwt",
            "current_",
            "permission",
            "bearer",
            "httpbasic",
            "apikey",
            "require_",
            "request.user",
        ),
        (
            r"\b(login_required|jwt_required|get_current_\w+|current_user|get_jwt_identity|verify_jwt\w*|JWTAuth)\b",
            r"\b(LoginRequired\w*|PermissionRequired\w*|permission_required|permission_classes|IsAuthenticated\w*)\b",
            r"\b(HTTPBearer|HTTPBasic|OAuth2PasswordBearer|APIKey(Header|Query|Cookie))\b",
            r"\brequire[sd]?_(auth|login|user|admin|permission|role|token)\w*|\brequest\.user\b",
        ),
    ),
    FactRow(
        Fact.LIMITS_DOORS,
        DEPLOYMENT,
        ("limit_req",),
        (rf"^{_OF_DOORS}[^\n{{}}]*\{{[^{{}}]*^\s*limit_req\s+zone",),
    ),
    FactRow(
        Fact.LOGIN_FOR_ALL,
        PYTHON,
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
        Fact.BODY_LIMIT,
        (*PYTHON, *DEPLOYMENT),
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
        PYTHON,
        ("_max_size", "max_file", "max_upload", "max_size"),
        (r"\b\w*(FILE_MAX_SIZE|MAX_FILE_SIZE|UPLOAD_MAX_SIZE|MAX_UPLOAD_SIZE)",),
    ),
    FactRow(
        Fact.QUEUES_MEASURED,
        PYTHON,
        ("qsize",),
        (
            r"\.qsize\(\)\s*[<>]=?\s*[\w.]*(?i:max|limit|capacity|threshold)",
            r"(?i)\b(\w*size|depth|backlog)\s*=\s*.*\.qsize\(\)\s*\n\s*(if|while)\s+\1\s*>=?\s*[\w.]*(max|limit)",
        ),
    ),
    FactRow(
        Fact.LIMITER_STORE,
        (*PYTHON, "*.env*", "*.yml", "*.yaml", "*.toml", "*.cfg"),
        ("ratelimit_storage", "storage_ur"),
        (r"\bRATELIMIT_STORAGE_UR[IL]\b", r"\bflask_limiter\.[\w.]*STORAGE_UR[IL]\b"),
    ),
)
