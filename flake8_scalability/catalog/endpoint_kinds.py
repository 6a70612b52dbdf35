"""What an endpoint is for, as its name, its URL and what it calls say it: the purposes that need a limit most.

The names are matched on whole words: `_`, `-` and `/` stand between them, and CamelCase is split before.
"""

from __future__ import annotations

import enum
import re
from typing import NamedTuple

#: Methods of HTTP that change something, and those that everything may be called with.
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Kind(enum.Enum):
    """A purpose that invites abuse or costs much."""

    LOGIN = "login"
    ACCOUNT = "account"
    MAIL = "mail"
    PAYMENT = "payment"
    UPLOAD = "upload"
    COMPUTE = "compute"
    DOCUMENT = "document"
    SEARCH = "search"
    RETRIEVAL = "retrieval"
    REPORT = "report"
    SLOW = "slow"


class KindRow(NamedTuple):
    """How a kind of endpoint is known.

    says: what it does, as a sentence goes on: "checks passwords"
    named: words of its function's (for a view, its class's) name or of its URL's last parts
    calls: what it calls, as a dotted name with its module
    mentions: names, keys and texts in its body that are as good as such a call
    unless: words of its name or URL that say that it is about the thing, but does not do it
    writing: only a method of HTTP that changes something counts
    both: name and call have to say it; else one of them is enough
    locked_out: who asks can't log in, and proves who he is by a token that he was sent
    """

    kind: Kind
    says: str
    named: str = ""
    calls: str = ""
    mentions: str = ""
    unless: str = ""
    writing: bool = False
    both: bool = False
    locked_out: bool = False


_B, _E = r"(?:^|[_\-/. ])", r"(?=$|[_\-/. ])"

KINDS = (
    KindRow(
        Kind.LOGIN,
        "checks passwords",
        named=r"login|log_in|signin|sign_in|sign-in|log-in|authenticate|access_token|access-token|obtain_token|auth/token|"
        r"login_for_access_token|token$",
        mentions=r"passw|pwd",
        unless=r"sent|page|providers|methods|history|callback|csrf|config|settings|options|revoke|refresh|verified|test|"
        r"oidc|saml|sso|cas|(?:oauth2?|github|google|microsoft|discord|facebook|twitter|apple|linkedin|"
        r"social|kakao|naver|telegram(?:_\w+)?|wallet)[_\-/](?:login|log_in|signin|sign_in|start|authorize)",
        calls=r"(?:^|\.)(?:authenticate|authenticate_user|login_user|check_password|verify_password|check_password_hash|"
        r"checkpw|create_access_token|create_token|sign_in_with_password|verify_and_update|login|sign_in|verify|"
        r"\w*login_user|\w+_authenticate|auth_\w*user)$",
        writing=True,
        both=True,
    ),
    KindRow(
        Kind.ACCOUNT,
        "opens accounts",
        named=r"register|signup|sign_up|sign-up|registration|create_account|create-account|register_user|user_registration",
        unless=r"worker|device|webhook|hook|client|agent|plugin|service|tool|model|node|server|domain|event|extension|job|"
        r"schema|callback|handler|runner|application|key|container|phone|passkey|webauthn|fido2?|finali[sz]e|terminate|"
        r"initiali[sz]e|waitlist|waiting_list|event",
        calls=r"(?:^|\.)(?:\w*(?:create|add|save|register|insert|new|sign_?up)_?(?:\w+_)?(?:user|account|member|customer|"
        r"business|profile)\w*|\w*sign_?up\w*|\w*hash_?p\w*|\w*password\w*|User|create_user\w*|\w*(?:Regist\w*|SignUp|User\w*)"
        r"(?:Form|Serializer))$",
        mentions=r"passw|pwd",
        writing=True,
        both=True,
    ),
    KindRow(
        Kind.ACCOUNT,
        "resets passwords",
        named=r"forgot|forgot_password|forgot-password|forgotten|reset_password|password_reset|reset-password|"
        r"password-reset|recover_password|request_password_reset|password_recovery|password-recovery",
        writing=True,
        locked_out=True,
    ),
    KindRow(
        Kind.ACCOUNT,
        "resets passwords",
        named=r"recover|recovery",
        unless=r"recovery_codes?|tfa|2fa|mfa",
        # Jobs and files are recovered, too.
        calls=r"(?:^|\.)\w*(?:passwords?|e?mail)$",
        mentions=r"passw|e_?mail",
        writing=True,
        both=True,
        locked_out=True,
    ),
    KindRow(
        Kind.ACCOUNT,
        "checks passwords",
        named=r"change_password|password_change|change-password|changepassword|update_password",
        calls=r"(?:^|\.)(?:verify|verify_password|check_password|check_password_hash|checkpw)$",
        writing=True,
        both=True,
    ),
    KindRow(
        Kind.ACCOUNT,
        "checks one-time codes",
        named=r"otp|totp|2fa|mfa|two_factor|verify_code|verify-code|verify_otp|magic_link|magic-link|send_code|"
        r"passcode|resend|resend_code|resend_verification|verification_code",
        unless=r"remove|disable|delete|add|list|status|regenerate|revoke|setup|set_up|initiate|enroll|enable|qr|backup|"
        r"generate|secret|config|settings|activate|deactivate|toggle|reset",
        writing=True,
    ),
    KindRow(
        Kind.MAIL,
        "sends mail",
        calls=r"(?:^|\.)_*(?:async_)?send_(?:\w+_)?(?:e?mails?|sms|otp|invit\w*|newsletter|verification\w*|confirmation)"
        r"(?:_\w+)?(?:\.delay|\.apply_async|\.send|\.enqueue|\.kiq)?$|(?:^|\.)(?:send_mail|send_email|sendmail)\b",
        unless=r"receive|received|inbound|incoming|receipt|callback|hook|webhook|accept|accepted|decline|test",
        writing=True,
    ),
    KindRow(
        Kind.PAYMENT,
        "starts payments",
        calls=r"^stripe\.(?:checkout\.Session|PaymentIntent|Charge|SetupIntent)\.create|(?:^|\.)(?:create_checkout_session|"
        r"create_payment_intent|charge_card|create_order_payment)$",
        writing=True,
    ),
    KindRow(
        Kind.COMPUTE,
        "runs a language model",
        calls=r"(?:^|\.)(?:chat|llm|chain|agent|qa_chain|rag_chain|openai_client|anthropic_client|agent_executor|rag)\w*"
        r"\.(?:a?invoke|a?run|a?stream|a?predict|completions\.create|messages\.create|generate|a?query|ask|answer)$",
    ),
    KindRow(
        Kind.DOCUMENT,
        "renders documents",
        # What is made from an archive is none.
        calls=r"(?:^|\.)(?:generate|render|create|build|make)_(?!(?:\w+_)?from_)(?:\w+_)?(?:pdf|xlsx|excel|zip|thumbnails?)$",
    ),
    KindRow(
        Kind.COMPUTE,
        "starts long runs",
        calls=r"(?:^|\.)(?:run|execute|start|launch|trigger)_(?:\w+_)?(?:workflow|pipeline|agent|browser|scan|crawl|crew)$",
        writing=True,
    ),
    KindRow(
        Kind.RETRIEVAL,
        "searches an index",
        calls=r"(?:^|\.)(?:es|\w*(?:vector\w*|store|index|elastic\w*|retriever|collection)|pinecone\w*|qdrant\w*|chroma\w*|"
        r"solr\w*)\.(?:\w+_)?search(?:_\w+)?$|(?:^|\.)\w*(?:semantic|similarity|vector|web)_search\w*$",
    ),
    KindRow(
        Kind.SEARCH,
        "searches",
        named=r"search|autocomplete|auto_complete|suggest|(?:get|list|find)_\w*suggestions|typeahead|full_text_search|"
        r"\w+_search|search_\w+",
        unless=r"form|to|from|settings|saved|history|clear|delete|save|hide|reindex|index|rebuild|suggestion|page|action|"
        r"fields?|preferences?|options|latest",
    ),
    KindRow(
        Kind.SEARCH,
        "searches",
        # A search of a model or a service; that of a regular expression is none.
        calls=r"(?:^|\.)(?:(?-i:[A-Z]\w*[a-z]\w*)|db|\w*(?:client|service|repo|repository|manager))"
        r"\.(?:\w+_)?search(?:_\w+)?$",
    ),
    KindRow(
        Kind.REPORT,
        "computes statistics",
        named=r"analytics|statistics|usage_data|usage-data",
        calls=r"(?:^|[._])(?:analytics|influx\w*|clickhouse|bigquery|statistics)[\w.]*\.\w+$",
        both=True,
    ),
    KindRow(
        Kind.REPORT,
        "computes statistics",
        calls=r"(?:^|[._])(?:influx\w*|analytics_db\w*|clickhouse\w*|bigquery|\w+_analytics|analytics_\w+)\.[\w.]*\w*"
        r"(?:get|query|fetch|compute|load|list|run)\w*$",
    ),
)


def named(words: str) -> re.Pattern[str]:
    """Return the pattern with which the words of a row are looked for in a name or URL."""
    return re.compile(f"{_B}(?:{words}){_E}", re.IGNORECASE)


#: Names and parts of URLs of what answers without work, or for machines of the operator only.
TRIVIAL = re.compile(
    r"(^|[_\-/. ])(health|healthz|healthcheck|health_check|heartbeat|ping|pong|alive|liveness|livez|live|readiness|"
    r"ready|readyz|status|version|metrics|prometheus|favicon|favicon\.ico|opensearch|opensearch\.xml|robots|robots\.txt|sitemap|logo|setup|install|manifest|static|"
    r"assets|docs|redoc|openapi|swagger|schema|root|index|home|about|terms|privacy|internal|admin|debug|logout|"
    r"log_out|sign_out|signout|not_found|error|errors|config|csrf|oauth_callback|warmup|cron|test)(?=$|[_\-/. ])",
    re.IGNORECASE,
)
WEBHOOK = re.compile(
    r"(^|[_\-/. ])\w*(web_?hooks?|web-hooks?|ipn|callbacks?|notify_url|"
    r"slack[_\-/](events?|actions?|commands?|interact\w*)|"
    r"(apple|google|play|ses|sns|payment|update|delivery)_notifications?)(?=$|[_\-/. ])",
    re.IGNORECASE,
)
#: Names and texts in a handler that verify a signature, and names in a file that do.
SIGNED = re.compile(
    r"^(construct_event|compare_digest|webhook_?secret|\w+_signature|[\w-]+-signature|"
    r"(verify|validate|check|is_(a_)?valid)_\w*(incoming|webhook|request|notification|event|_post))$",
    re.IGNORECASE,
)
#: Words of an endpoint whose caller answers with what his key has signed.
SIGNED_BY_KEY = named(r"fido2?|webauthn|passkeys?")
SIGNATURE = re.compile(
    r"signature|hmac|construct_event|compare_digest|webhook_?secret|secret_token|svix", re.IGNORECASE
)

#: Names of decorators, dependencies, mixins and helpers that ask who the caller is, and those that want an operator.
ASKS_WHO = re.compile(
    r"auth(?!or)|login|log_in|permission|jwt|token|current|api_?key|principal|require|role|user|member|account|identity|"
    r"protected|private|credential|session_valid|signed_in|access|tenant|organi[sz]ation|subject|bearer|owner|scope|"
    r"verify",
    re.IGNORECASE,
)
ASKS_OPERATOR = re.compile(
    r"admin|staff|superuser|super_user|operator|internal|root_user|manager|backoffice|^permission_required|"
    r"^PermissionRequired|^requires?_(any_)?roles?|^roles?_(required|accepted)|^has_(any_)?role",
    re.IGNORECASE,
)
#: Names in a body that refuse a caller who is not known, and those that only speak of him.
#: Names around one endpoint that let in who is logged in, whatever holds for the others.
LOGGED_IN = re.compile(r"(^|_)current_?(user|active|account)|^Current|login_required|jwt_required|IsAuthenticated$")
#: Names in what a project wraps around its own handlers that refuse who is not known.
#: Those of them that let in the operators alone, who have an account at that.
BY_OPERATORS = re.compile(r"(^|_)(admin|staff|superuser)(_|$)|Admin|Staff|Superuser")
GUARDING_WORDS = re.compile(
    r"^(user_passes_test|login_required|permission_required|requires?_(role|login|user|auth)\w*|is_authenticated|"
    r"PermissionDenied|Unauthorized|Forbidden\w*|HttpResponseForbidden|HTTP_40[13]_\w*|get_current_user)$"
)
CHECKS_CALLER = re.compile(
    r"^(get_jwt_identity|get_jwt|login_required|check_permissions?|has_perm|has_permission|require_\w+|"
    r"get_current_user\w*|verify_jwt_in_request|get_user_from_\w+|_?(verify|decode|validate|check|load|read)_\w*token|"
    r"check_auth\w*|authorize\w*|is_authorized|authenticated_userid|(assert|validate|ensure|enforce)_\w*(access|permission|allowed)\w*)$"
)
#: Calls of what runs before every method of a class of handlers that find out who calls.
AUTHENTICATING = re.compile(
    r"(^|_)authenticate(_|d|$)|(^|_)authori[sz](e|ation)(_|$)|(valid|verif)\w*_(\w+_)?(certificate|token|signature)"
)
KNOWN_CALLER = re.compile(r"^(current_user|is_authenticated|current_identity|current_org|current_account)$")
#: Calls that say whether the caller may do so, and what a handler raises or returns for who may not.
CHECKS_ACCESS = re.compile(
    r"access|permission|permitted|authori[sz]ed|(^|_)auth(?!enticate|or)|logged_?in|is_allowed|may_\w+|forbid|"
    r"has_role|credentials_ok|valid_credentials|api_?key",
    re.IGNORECASE,
)
REFUSES = re.compile(r"40[13]_|Unauthori[sz]ed|Forbidden|PermissionDenied|NotAuthenticated|AccessDenied")
#: Calls that make an answer of what is known, and names of secrets that callers of a service share with it.
ANSWERS = re.compile(
    r"[Rr]esponse|[Rr]edirect|^(render\w*|abort|jsonify|url_for|reverse|flash|dict|str|get|_|gettext|Http404|HTTP\w+)$"
)
KEPT_SECRET = re.compile(r"key|secret|token|sign|passw", re.IGNORECASE)
#: Names in a body that say that the caller belongs to one of many customers, whose administrators are customers, too.
TENANTS = re.compile(r"(current_)?(org|organi[sz]ation|tenant|workspace)(_?id)?")
#: Keys under which a session holds who the caller is.
IN_SESSION = re.compile(r"(user|account|customer|member)(_?(name|id))?|uid|logged_?in|email", re.IGNORECASE)
#: Parameters that only those have who were sent a link, or were given a key.
SECRETS = re.compile(r"^(signed_\w+|signature|(\w+_)?(token|secret)(_id)?|\w*api_key|(embed|share|list|access)_key)$")
#: Those of them that look at something only the right one can have.
PROVES = re.compile(r"get_jwt\w*|verify_jwt_in_request|_?(verify|decode|validate|check|load|read)_\w*token")
#: Views of Django and of allauth that look first at the token of a link that was sent.
PROVEN_VIEWS = frozenset({"PasswordResetConfirmView", "PasswordResetFromKeyView"})
#: Names in a body that give an account a new password.
SETS_PASSWORD = re.compile(r"^(set|change|update|reset)_password$|_hash$|^hash_?password|hasher")
#: Texts in a body that name what the caller proves who he is with.
PROOFS = re.compile(
    r"(authorization|pin|secret|x-[\w-]*(key|token|secret|auth)[\w-]*|(api|access)_?(key|token))", re.IGNORECASE
)
#: Words of an endpoint that is there to send something to somebody: others send a note of what was done anyway.
SENDS = named(
    r"send|resend|invite|invites|invitation|invitations|contact|message|messages|verify|verification|feedback|support|"
    r"share|mail|email|emails|sms|otp|subscribe"
)
#: Calls whose mail goes to an address that the caller has given.
SENDS_ANYWHERE = re.compile(r"(?:^|_)(?:invite|verification|confirmation|sms|otp)(?:_user|_e?mail|$)", re.IGNORECASE)
#: Decorators whose function answers from memory most of the time.
REMEMBERS = re.compile(r"cache|memoi|periodic", re.IGNORECASE)
#: Names of folders and files of what stands in for a service of others where nothing is served to anybody.
STANDS_IN = re.compile(r"(^|[_\-])(mock(s|ed)?|fakes?|stubs?)([_\-.]|$)", re.IGNORECASE)
#: Names of folders and files for those who run the service.
BACKSTAGE = frozenset({"admin", "internal", "backoffice", "staff", "ops"})

#: Methods and attributes that reach a store, on whatever object.
STORE_CALLS = frozenset({
    "execute", "executemany", "scalars", "scalar", "commit", "fetchone", "fetchall", "find_one", "insert_one",
    "insert_many", "update_one", "delete_one", "find", "aggregate", "get_or_404", "first_or_404", "get_object_or_404",
    "get_list_or_404", "get_queryset", "get_or_create", "create_user", "first", "filter_by", "bulk_create", "save",
    "hgetall", "save_form", "to_list", "paginate",
})  # fmt: skip
STORE_OWNERS = frozenset({
    "objects", "db", "query", "session", "db_session", "crud", "dao", "repo", "repository", "store", "collection",
    "cursor", "conn", "connection", "database", "services", "models", "redis", "redis_client", "es", "mongo",
})  # fmt: skip
#: Names in a handler that make use of what a caller sends, and ends of the names of those who answer GET alone.
SENT = re.compile(
    r"POST|FILES|(get_)?(json|data|form|body)|\w*_(json|data|form|body|payload|params|serializer)|files|payload|"
    r"request_?data|form_valid|params|values|get_arguments?|get_body_arguments?|input|model|serializer|args|\w*password\w*|"
    r"e?mail|\w*[Ff]orm|\w*Serializer"
)
READS_ONLY = re.compile(r"(^|_)get_?$")
#: Awaited calls that only read the request or write the answer.
AWAITED_TRIVIA = frozenset({
    "json", "body", "form", "text", "read", "sleep", "post", "render_template", "render", "send", "make_response",
    "prepare", "to_dict", "close", "get_json",
})  # fmt: skip
#: Those of a project that do no more than that.
READS_REQUEST = re.compile(r"_?(read|get|parse|load)_(request_)?(json|body|form|payload|data)")
#: Packages whose classes of views ask nobody who he is unless they are told to.
FRAMEWORKS = frozenset({
    "django", "rest_framework", "flask", "flask_restful", "flask_restx", "starlette", "aiohttp", "tornado", "sanic",
    "flask_smorest", "falcon", "litestar", "rest_framework_simplejwt", "dj_rest_auth", "abc", "typing",
})  # fmt: skip
#: Bases that ask nobody either, as they are spelled where nothing imports them.
PLAIN_BASES = frozenset({"View", "APIView", "Resource", "MethodView", "object", "RequestHandler"})
#: Views of Django REST that look up one row, and those that list rows and change none.
VIEWS_OF_ONE = frozenset({"RetrieveAPIView"})
VIEWS_OF_MANY = frozenset({"ReadOnlyModelViewSet", "ListAPIView"})
