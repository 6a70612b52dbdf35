"""What a project says as a whole: which spellings state a fact, and in which files."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.options import Settings
from flake8_scalability.project import facts

STATES = [
    (Fact.LIMITS_ALL_CALLERS, "ext.py", "limiter = Limiter(key, default_limits=['9/minute'])\n"),
    (Fact.LIMITS_ALL_CALLERS, "config.py", "RATELIMIT_DEFAULT = '9/minute'\n"),
    (Fact.LIMITS_ALL_CALLERS, "settings.py", 'REST = {"DEFAULT_THROTTLE_CLASSES": THROTTLES}\n'),
    (Fact.LIMITS_ALL_CALLERS, "settings.py", 'REST = {"DEFAULT_THROTTLE_CLASSES": (\n    "a.AnonThrottle",\n)}\n'),
    (Fact.LIMITS_ALL_CALLERS, "settings.py", 'MIDDLEWARE = [\n    "shop.middleware.RateLimitMiddleware",\n]\n'),
    (Fact.LIMITS_ALL_CALLERS, "main.py", "app.add_middleware(RateLimitMiddleware, rate=3)\n"),
    (Fact.LIMITS_ALL_CALLERS, "main.py", "app.add_middleware(\n    middleware.ThrottleMiddleware,\n)\n"),
    (Fact.LIMITS_ALL_CALLERS, "main.py", "@app.before_request\ndef check_rate_limit():\n    pass\n"),
    (Fact.LIMITS_ALL_CALLERS, "main.py", "app = FastAPI(dependencies=[Depends(rate_limit)])\n"),
    (Fact.LIMITS_ALL_CALLERS, "main.py", "config = RateLimitConfig(rate_limit=('second', 9))\n"),
    (Fact.LIMITS_ALL_CALLERS, "deploy/nginx.conf", "server {\n  limit_req zone=one burst=5;\n}\n"),
    (Fact.LIMITS_ALL_CALLERS, "nginx/locations", "location / {\n  proxy_pass http://a;\n  limit_req zone=one;\n}\n"),
    (Fact.LIMITS_DOORS, "nginx/locations", "location ~ ^/(login|resend) {\n  limit_req zone=one;\n}\n"),
    (Fact.LIMITS_ALL_CALLERS, "k8s/ingress.yaml", 'a:\n  nginx.ingress.kubernetes.io/limit-rps: "5"\n'),
    (Fact.LIMITS_ALL_CALLERS, "infra/main.tf", "  throttling_rate_limit = 50\n"),
    (Fact.LIMITS_LOGINS, "settings.py", 'INSTALLED_APPS = ["axes"]\n'),
    (Fact.LIMITS_LOGINS, "doors.py", 'raise Refused(status.HTTP_423_LOCKED, "too many")\n'),
    (Fact.ASKS_CALLERS, "letters.py", "@login_required\ndef letters(request): ...\n"),
    (Fact.ASKS_CALLERS, "letters.py", "def letters(caller=Depends(get_current_caller)): ...\n"),
    (Fact.MYSQL, "requirements.txt", "Flask\naiomysql==0.2\n"),
    (Fact.MYSQL, "pyproject.toml", 'dependencies = [\n  "mysqlclient>=2",\n]\n'),
    (Fact.BOT_STATE_USED, "dialogue.py", "async def ask(message, state: FSMContext): ...\n"),
    (Fact.BOT_STATE_USED, "dialogue.py", "await bot.set_state(user, Order.address)\n"),
    (Fact.SCHEMA, "db.py", "Base.metadata.create_all(bind=engine)\n"),
    (Fact.SCHEMA, "app.py", "Migrate(app, db)\n"),
    (Fact.SCHEMA, "setup.sql", "create table parcel (label text);\n"),
    (Fact.SCHEMA, "alembic.ini", "[alembic]\n"),
    (Fact.SCHEMA, "requirements.txt", "alembic==1.13\n"),
    (Fact.SCALED_OUT, "k8s/worker.yaml", "kind: ScaledObject\n"),
    (Fact.SCALED_OUT, "helm/worker.yaml", "spec:\n  replicas: {{ .Values.workers }}\n"),
    (Fact.SCALED_OUT, "deploy/app.yaml", "- name: worker\n  minReplicas: ${WORKERS}\n"),
    (
        Fact.LOGIN_FOR_ALL,
        "settings.py",
        'R = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]}\n',
    ),
    (
        Fact.LIMITS_ALL_CALLERS,
        "web.py",
        "@app.middleware('http')\nasync def first(request, go):\n    await take_rate_limit()\n",
    ),
    (Fact.LOGIN_FOR_ALL, "app.py", "def create():\n    orders.before_request(requires_token)\n"),
    (Fact.LOGIN_FOR_ALL, "hooks.py", "@orders_blueprint.before_request\ndef first():\n    pass\n"),
    (Fact.LOGIN_FOR_ALL, "web.py", "class ApiKeyMiddleware:\n    pass\n"),
    (Fact.BODY_LIMIT, "docker-compose.yml", "services:\n  nginx:\n    build: ./proxy\n"),
    (
        Fact.BODY_LIMIT,
        "web.py",
        "async def log_middleware(request, go):\n    if len(await request.body()) > MOST:\n        abort(413)\n",
    ),
    (Fact.LIMITER_STORE, "app.py", "app.config[flask_limiter.constants.ConfigVars.STORAGE_URI] = STORE\n"),
]
STATES_NOT = [
    ("no default", "ext.py", "limiter = Limiter(key)\n"),
    ("none by default", "ext.py", "limiter = Limiter(key, default_limits=[])\n"),
    ("an empty default", "settings.py", 'REST = {"DEFAULT_THROTTLE_CLASSES": []}\n'),
    ("no default", "settings.py", 'REST = {"DEFAULT_THROTTLE_CLASSES": None}\n'),
    ("rates alone", "settings.py", 'REST = {"DEFAULT_THROTTLE_RATES": {"login": "5/m"}}\n'),
    ("another middleware", "main.py", "app.add_middleware(CORSMiddleware)\n"),
    ("a middleware that only runs the decorators", "main.py", "app.add_middleware(SlowAPIMiddleware)\n"),
    (
        "a word of a comment",
        "web.py",
        "@app.before_request\ndef first():\n    touch()  # throttled (by the hour)\n",
    ),
    ("a limit of size", "deploy/nginx.conf", "client_max_body_size 5m;\n"),
    ("a test", "tests/test_app.py", "limiter = Limiter(key, default_limits=['9/minute'])\n"),
    ("a test beside the code", "conftest.py", "limiter = Limiter(key, default_limits=['9/minute'])\n"),
    ("the documentation", "docs/conf.py", "limiter = Limiter(key, default_limits=['9/minute'])\n"),
    ("foreign code", "node_modules/a/b.py", "limiter = Limiter(key, default_limits=['9/minute'])\n"),
    ("prose", "README.md", "default_limits = ['9/minute']\n"),
]


def project(folder: Path, name: str, text: str) -> str:
    (folder / "pyproject.toml").touch()
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return str(folder / "service.py")


@pytest.mark.parametrize(("fact", "name", "text"), STATES)
def test_stated(tmp_path: Path, fact: Fact, name: str, text: str) -> None:
    assert facts.project_says(fact, project(tmp_path, name, text))


@pytest.mark.parametrize(("why", "name", "text"), STATES_NOT)
def test_not_stated(tmp_path: Path, why: str, name: str, text: str) -> None:
    assert not facts.project_says(Fact.LIMITS_ALL_CALLERS, project(tmp_path, name, text))


def test_a_file_without_a_project_knows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flake8_scalability.project.root.of", lambda name: None)
    assert not facts.project_says(Fact.LIMITS_ALL_CALLERS, "/nowhere/service.py")


def test_the_project_is_not_asked_where_it_must_not_be_read(tmp_path: Path) -> None:
    name = project(tmp_path, "ext.py", STATES[0][2])
    assert model("x = 1", name, Settings()).project_says(Fact.LIMITS_ALL_CALLERS)
    assert not model("x = 1", name, Settings(no_project=True)).project_says(Fact.LIMITS_ALL_CALLERS)


OWN = [
    ("async def check_rate_limit(request):\n    pass\n", "check_rate_limit"),
    ("limiter = Limiter(key_func=address)\n", "limiter"),
    ("class BurstRateThrottle(Base):\n    pass\n", "BurstRateThrottle"),
    ("class LoginRateThrottle(Base):\n    pass\n", ""),
    ("def rate_limit_exceeded_handler(request, exc):\n    pass\n", ""),
    ("def rate_limited(call):\n    pass\n", ""),
    ("def enforce_api_rate_limit(request):\n    pass\n", "enforce_api_rate_limit"),
    ("def votes_rate_limited(request):\n    pass\n", ""),
    ("def record_rate_limit(request):\n    pass\n", ""),
    ("limiter = AsyncLimiter(10)\n", ""),
    ("rows = query.limit(5)\n", ""),
]


@pytest.mark.parametrize(("text", "name"), OWN)
def test_the_own_limiter_is_named(tmp_path: Path, text: str, name: str) -> None:
    assert facts.named_by_project(Fact.OWN_LIMITER, project(tmp_path, "limits.py", text)) == name


QUEUES = [
    ("if jobs.qsize() > MAX_JOBS:\n    raise Full\n", True),
    ("size = jobs.qsize()\nif size >= settings.limit:\n    raise Full\n", True),
    ("if jobs.qsize() > 0:\n    pass\n", False),
    ("report(jobs.qsize())\n", False),
]


@pytest.mark.parametrize(("text", "measured"), QUEUES)
def test_queues_that_are_measured(tmp_path: Path, text: str, measured: bool) -> None:
    assert facts.project_says(Fact.QUEUES_MEASURED, project(tmp_path, "jobs.py", text)) is measured


def test_a_file_may_say_it_itself() -> None:
    assert model(STATES[0][2]).text_says(Fact.LIMITS_ALL_CALLERS)
    assert not model("limiter = Limiter(key)").text_says(Fact.LIMITS_ALL_CALLERS)


def test_a_change_is_noticed_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = project(tmp_path, "ext.py", "x = 1\n")
    monkeypatch.setattr(facts, "SECONDS", -1.0)
    monkeypatch.setattr(facts, "PATIENCE", 0)
    assert not facts.project_says(Fact.LIMITS_ALL_CALLERS, name)
    project(tmp_path, "new.py", STATES[0][2])
    assert facts.project_says(Fact.LIMITS_ALL_CALLERS, name)


def test_an_unreadable_file_says_nothing(tmp_path: Path) -> None:
    name = project(tmp_path, "ext.py", "")
    (tmp_path / "gone.py").symlink_to(tmp_path / "nowhere.py")
    (tmp_path / "odd.py").write_bytes(b"limit \xff\xfe\x00")
    assert not facts.project_says(Fact.LIMITS_ALL_CALLERS, name)


def test_a_limit_for_logins_alone_is_none_for_all(tmp_path: Path) -> None:
    text = "server {\n  location /login {\n    limit_req zone=one;\n  }\n}\n"
    assert not facts.project_says(Fact.LIMITS_ALL_CALLERS, project(tmp_path, "nginx.conf", text))
