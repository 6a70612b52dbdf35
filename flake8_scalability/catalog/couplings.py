"""Kinds of systems that a service may be coupled to, and what of a sibling application is its own affair."""

from __future__ import annotations

import re

from flake8_scalability.catalog.rows import System

#: What each kind is called.  A cache is part of reading data; a process, a file and the clock are no systems.
KINDS = {
    System.DATABASE: "database",
    System.HTTP: "HTTP service",
    System.RPC: "HTTP service",
    System.MAIL: "mail",
    System.BROKER: "broker",
    System.STORAGE: "object store",
    System.LLM: "LLM",
    System.SEARCH: "search engine",
    System.DIRECTORY: "directory",
    System.SSH: "remote host",
}
#: What the methods of a general cloud client reach; others are that of a service like any other.
CLOUD_METHODS = {
    re.compile(r"(get|put|head|delete|copy|list)_objects?(_v2)?$|(up|down)load_file(obj)?$|presigned"): "object store",
    re.compile(r"(get|put|update|delete)_item$|^(scan|query)$|batch_(get|write)_item|transact_"): "database",
    re.compile(r"^publish|send_message|put_(record|event)s?|receive_message"): "broker",
    re.compile(r"send_(raw_|templated_|bulk_)*email"): "mail",
    re.compile(r"^(invoke_model|converse)"): "LLM",
}
CLOUD_DEFAULT = "cloud service"
#: Queues of tasks: to hand work to one is the cure.
TASK_QUEUES = frozenset({
    "celery", "rq", "django_rq", "huey", "arq", "dramatiq", "procrastinate", "saq", "taskiq", "django_q", "kombu",
})  # fmt: skip
#: Methods of sessions and models by which a store is known whose library the file does not show, and their owners.
STORING = frozenset({
    "commit", "flush", "save", "asave", "bulk_create", "execute", "executemany", "insert_one", "update_one", "find_one",
    "delete_one", "insert_many", "get_or_create", "update_or_create", "scalars", "add_all",
})  # fmt: skip
STORES = re.compile(r"_*(\w*session|\w*db|database|conn(ection)?|cur(sor)?|objects|\w+_(collection|repo(sitory)?))")

#: How the text of a function says which kinds of systems it drives, and that it only hands work on.
TEXTS = {
    "mail": re.compile(
        r"smtplib|SMTP\(|EmailMessage\(|EmailMultiAlternatives\(|SendGridAPIClient|\bsend_mail\(|\bmail\.send\("
    ),
    "HTTP service": re.compile(
        r"\b(requests|httpx)\.(get|post|put|patch|delete|request)\(|urlopen\(|ClientSession\(|AsyncClient\("
    ),
    "object store": re.compile(
        r"\b(upload_fileobj|upload_file|put_object|upload_from_\w+|delete_object|download_fileobj)\("
    ),
    "LLM": re.compile(r"completions\.create\(|messages\.create\(|embeddings\.create\(|generate_content\("),
    "broker": re.compile(r"basic_publish\(|producer\.(send|produce)\(|send_and_wait\(|\.publish_message\("),
}
HANDED_ON = re.compile(
    r"\.delay\(|apply_async\(|\.enqueue|add_task\(|Thread\(|\.submit\(|create_task\(|@\w*(shared_)?task|run_in_background|"
    r"\n[ \t]+(async )?def "  # what stands in a function of its own is run by somebody else
)
#: Handlers that an operator calls by hand, and reports what became of each system.
OPERATED = re.compile(
    r"(^|_)(recover\w*|repair|diagnos\w*|debug|test|probe|backfill|resync|rebuild|migrate|internal|cron|health\w*)(_|$)"
)

#: Modules of an application that others have no business with, as far as they don't stand for its interface.
INTERNALS = frozenset({
    "models", "model", "views", "service", "services", "tasks", "utils", "util", "helpers", "forms", "managers", "crud",
    "repository", "repositories", "selectors", "queries", "logic", "actions", "dao", "store", "db",
    "domain", "processing", "operations", "use_cases", "usecases", "controllers", "controller",
})  # fmt: skip
#: What is common to all applications, by its name.
COMMON = re.compile(
    r"^(core|commons?|base|shared|authz|utils?|utilities|lib|libs|helpers|auth(n|entication)?|users?|accounts?|config|"
    r"settings|db|database|extras?|api|kit|middlewares?|exceptions?|models|schemas|services|types|sumo|site|app|main|"
    r"constants|audit|permissions?|events?|tests?|graphql|plugins|i18n|misc)$"
)
#: Files that bring applications together, or describe what they answer with: that is what they are for.
GATHERING = re.compile(
    r"(^|_)(urls?|router|routers|routes|admin|apps?|main|settings|config|celery|wsgi|asgi|conftest|registry|container|"
    r"dependencies|deps|bootstrap|signals?|schemas?|types?|filters?|filtersets?|serializers?|graphql|forms?|factories|"
    r"fixtures|seeds?|random_data|export|archive|gdpr|__init__|enums|permissions|lookups|search|search_indexes|"
    r"tasks?|jobs?|crons?|workers?|consumers?|scheduled|models?|tools|api|dashboards?|reports?|merge)(_|$)"
)
#: What makes a folder an application: two of these in it.
APPLICATION_FILES = (
    "models.py", "apps.py", "views.py", "router.py", "routes.py", "service.py", "services.py", "endpoints.py", "models",
    "services", "repository.py", "crud.py", "tasks.py",
)  # fmt: skip
#: So many siblings make a folder one of applications.
LEAST_APPLICATIONS = 5
