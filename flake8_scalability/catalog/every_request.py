"""Functions that frameworks run for every request, and what says that a write in them is not made every time.

Sources: https://docs.djangoproject.com/en/stable/topics/http/middleware/, https://www.starlette.io/middleware/,
https://flask.palletsprojects.com/en/stable/api/#flask.Flask.before_request,
https://www.django-rest-framework.org/api-guide/authentication/#custom-authentication,
https://flask-login.readthedocs.io/en/latest/#flask_login.LoginManager.user_loader
"""

from __future__ import annotations

import re

#: Decorators, and calls that are handed the function, by their last name.
HOOKS = frozenset({
    "before_request", "before_app_request", "after_request", "after_app_request", "before_websocket", "user_loader",
    "request_loader", "middleware", "teardown_request", "header_loader",
})  # fmt: skip
#: Methods of a class that a framework calls for every request: the name, and parameters after the first.
MIDDLEWARE_METHODS = {
    "process_request": ("request",),
    "process_view": ("request",),
    "process_response": ("request", "response"),
    "dispatch": ("request", "call_next"),
    "__call__": ("handler", "event", "data"),
}
#: Django's middleware is called with the request alone, and was made with what comes next.
NEXT = "get_response"
#: Methods with which an authentication class finds the caller of a request; a backend's run at the login only.
AUTHENTICATING = frozenset({"authenticate", "authenticate_credentials"})
AUTHENTICATION_BASE = re.compile(r"Authentication$|Authenticator$")
#: Names of dependencies that find the caller of a request.
DEPENDENCY = re.compile(
    r"^_?(async_)?(get|require|load|resolve)_(current|authenticated|active)_\w*(user|account|member|principal|actor|client)$|"
    r"^_?(get|require|verify|validate|check|authenticate)_(api_?key|access_token|api_token|bearer_token)(_auth|_header)?$"
)
DEPENDENCY_MARKS = frozenset({"Depends", "Security", "Header", "Cookie"})

#: Methods of a row or a session that write.
SAVING = frozenset({"save", "asave"})
COMMITTING = frozenset({"commit"})
NOT_ROWS = re.compile(
    r"(^|_)(session|form|serializer|cache|file|image|storage|config|document|wb|workbook|fig|self|super)$",
    re.IGNORECASE,
)

#: Conditions that most requests fulfil: somebody is logged in.
USUAL = re.compile(
    r"^(\w*user\w*|\w*account|\w*token\w*|\w*key|\w*member\w*|\w*profile|\w*auth\w*|is_authenticated|is_active|g|request|"
    r"current_user|\w*session|\w*client|hasattr|getattr|data|event|row|record|obj|None)$"
)
#: Words of a test before a write that say that it is made once in a while.
SELDOM = re.compile(
    r"cache|redis|random|throttl|interval|recent|since|elapsed|delta|minutes|seconds|hours|stale|expire|debounce|sampl|"
    r"should|needs?_|changed|dirty|created|method|last_|_at$|today|threshold|ttl|lock",
    re.IGNORECASE,
)

#: Django saves a session that was changed; with this setting every one, and by default in the database.
SAVE_SETTING = "SESSION_SAVE_EVERY_REQUEST"
ENGINE_SETTING = "SESSION_ENGINE"
DATABASE_ENGINE = re.compile(r"backends\.(db|cached_db)\b")
#: Another place for sessions, as settings say it.
OTHER_ENGINE = re.compile(r"\bSESSION_ENGINE\b[\"']?\]?\s*=(?!=)(?![^\n]*backends\.(db|cached_db)\b)")
#: How callers of an API of Django REST framework are known, which of these classes look into a session, and a page of
#: logging in that is that of the admin.
API_AUTHENTICATION = re.compile(r"DEFAULT_AUTHENTICATION_CLASSES[\"']?\]?\s*[:=]\s*[\[(]([^\])]+)[\])]")
BY_SESSION = re.compile(r"(?i)session|cookie|basic")
ADMIN_LOGIN = re.compile(r"^LOGIN_URL\s*=\s*[\"']/?admin\b", re.MULTILINE)
