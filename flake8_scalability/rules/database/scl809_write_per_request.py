"""SCL809: every request writes to the database, whatever it is for."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.database.every_request import session_setting, writes
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class WritePerRequest(Rule):
    """Code that runs for every request writes to the database.

    What it does
    ------------
    Finds writes in middleware, in hooks (`before_request`), in authentication classes, user loaders and dependencies
    that find the current user: a `last_seen`, a hit counter, a row of an audit. Also through functions of the file.
    Finds Django's `SESSION_SAVE_EVERY_REQUEST` with sessions in the database.

    Why it does not scale
    ---------------------
    Every page, however cheap or cached, now costs a transaction on the one database that takes writes. Requests of
    one user wait for each other's lock on the same row, and replicas can't help.

    How to fix it
    -------------
    Write once in a while: only if the stored moment is older than some minutes. Or count in Redis and write the sums
    by a scheduled job, or put the rows on a queue. Keep sessions in a cache.

    Known limits
    ------------
    A write under a test is left alone, unless the test only asks whether somebody is logged in; so is one of a column
    by which the function turns requests away, such as a counter against replay. What a function of another file writes
    is not seen. The setting of sessions is left alone where other settings of the project keep them elsewhere, and
    where callers send tokens and only the admin has a page to log in.
    """

    code = "SCL809"
    slug = "write-per-request"
    severity = Severity.MEDIUM
    since = "0.1.0"
    load = "two queries"
    message = "{what} writes to the database for every request; do it once in a while, or queue it"
    short = "{what} writes for every request; do it once in a while, or queue it"
    title = "Database write on every request"
    impact = "Every request, however cheap, costs a transaction on the primary database"
    fix = "Write only if the stored value is some minutes old, count in Redis, or put the rows on a queue"
    references = (
        "https://www.postgresql.org/docs/current/wal-intro.html",
        "https://docs.djangoproject.com/en/stable/topics/http/sessions/#when-sessions-are-saved",
    )
    examples = (
        Bad(
            """
            from datetime import datetime, timezone
            from flask import Flask
            from flask_login import current_user
            from .db import db

            app = Flask(__name__)

            @app.before_request
            def touch():
                if current_user.is_authenticated:
                    current_user.seen = datetime.now(timezone.utc)
                    db.session.commit()  # SCL809
        """,
            "each request of each user, images included",
        ),
        Bad(
            """
            from django.utils import timezone
            from .models import Visit

            class VisitMiddleware:
                def __init__(self, get_response):
                    self.get_response = get_response

                def __call__(self, request):
                    answer = self.get_response(request)
                    Visit.objects.create(path=request.path, at=timezone.now())  # SCL809
                    return answer
        """,
            "a row for each request",
        ),
        Bad(
            """
            from django.utils import timezone
            from rest_framework.authentication import BaseAuthentication
            from .models import Device

            class DeviceAuthentication(BaseAuthentication):
                def authenticate(self, request):
                    device = Device.objects.get(key=request.headers["X-Device"])
                    device.used = timezone.now()
                    device.save(update_fields=["used"])  # SCL809
                    return device.owner, device
        """,
            "whoever calls often, writes often",
        ),
        Bad(
            """
            from datetime import datetime, timezone
            from fastapi import Depends
            from sqlalchemy.orm import Session
            from .db import get_db, load_user

            def _touch(db, user):
                user.active = datetime.now(timezone.utc)
                db.commit()

            def get_current_user(db: Session = Depends(get_db), token: str = ""):
                user = load_user(db, token)
                _touch(db, user)  # SCL809
                return user
        """,
            "a dependency of every endpoint, through a helper",
        ),
        Bad(
            """
            SESSION_COOKIE_AGE = 3600
            SESSION_SAVE_EVERY_REQUEST = True  # SCL809
        """,
            "sessions are rows unless the settings say otherwise",
            "settings.py",
        ),
        Good(
            """
            SESSION_ENGINE = "django.contrib.sessions.backends.cache"
            SESSION_SAVE_EVERY_REQUEST = True
        """,
            "sessions in a cache",
            "settings.py",
        ),
        Good(
            """
            from datetime import datetime, timedelta, timezone
            from flask import Flask
            from flask_login import current_user
            from .db import db

            app = Flask(__name__)

            @app.before_request
            def touch():
                now = datetime.now(timezone.utc)
                if current_user.is_authenticated and now - current_user.seen > timedelta(minutes=5):
                    current_user.seen = now
                    db.session.commit()
        """,
            "once in five minutes",
        ),
        Good(
            """
            from datetime import datetime, timedelta, timezone
            from fastapi import Depends
            from sqlalchemy.orm import Session
            from .db import get_db, load_user

            def get_current_user(db: Session = Depends(get_db), token: str = ""):
                user = load_user(db, token)
                if datetime.now(timezone.utc) - user.active < timedelta(minutes=5):
                    return user
                user.active = datetime.now(timezone.utc)
                db.commit()
                return user
        """,
            "leaves before, where it was written a short while ago",
        ),
        Good(
            """
            from .tasks import record_visit

            class VisitMiddleware:
                def __init__(self, get_response):
                    self.get_response = get_response

                def __call__(self, request):
                    answer = self.get_response(request)
                    record_visit.delay(request.path)
                    return answer
        """,
            "a worker writes, many at once",
        ),
        Good(
            """
            from django.contrib.auth.backends import ModelBackend
            from .models import Login

            class LdapBackend(ModelBackend):
                def authenticate(self, request, username=None, password=None):
                    user = super().authenticate(request, username, password)
                    Login.objects.create(user=user)
                    return user
        """,
            "a backend is asked at the login only",
        ),
        Good(
            """
            from fastapi import Depends
            from sqlalchemy.orm import Session
            from .db import User, get_db, load_user

            def get_current_user(db: Session = Depends(get_db), token: str = ""):
                user = load_user(db, token)
                if user is None:
                    user = User(token=token)
                    db.add(user)
                    db.commit()
                return user
        """,
            "at the first request of a user",
        ),
        Good(
            """
            from flask import Flask
            from .db import db

            app = Flask(__name__)

            @app.after_request
            def finish(response):
                db.session.commit()
                return response
        """,
            "ends the transaction; what is written, the handlers decide",
        ),
        Good(
            """
            from flask import Flask
            from app.limits import limiter
            from .db import db
            from .models import Vote

            app = Flask(__name__)

            @app.post("/votes/<song>")
            @limiter.limit("10/minute")
            def vote(song):
                found = Vote(song=song)
                db.session.add(found)
                db.session.commit()
                return {"id": found.id}
        """,
            "a request whose purpose it is to write",
        ),
        Good(
            """
            class LanguageMiddleware:
                def __init__(self, get_response):
                    self.get_response = get_response

                def __call__(self, request):
                    request.session.language = request.GET.get("lang", "en")
                    if request.GET.get("keep"):
                        request.user.language = request.session.language
                        request.user.save()
                    return self.get_response(request)
        """,
            "only where the user wants it",
        ),
        Good(
            """
            from django.utils import timezone
            from rest_framework.authentication import BaseAuthentication
            from rest_framework.exceptions import AuthenticationFailed
            from .models import Meter
            from .signing import opened

            class MeterAuthentication(BaseAuthentication):
                def authenticate(self, request):
                    meter = Meter.objects.get(key=request.headers["X-Meter"])
                    number = opened(request.headers["X-Proof"], meter.secret)["number"]
                    if number <= meter.number:
                        raise AuthenticationFailed
                    meter.number = number
                    meter.used = timezone.now()
                    meter.save(update_fields=["number", "used"])
                    return meter.owner, meter
        """,
            "the next request is held against the number: none may come twice",
        ),
        Good(
            """
            SESSION_COOKIE_AGE = 3600
            SESSION_SAVE_EVERY_REQUEST = True
            LOGIN_URL = "/admin/login/"
            REST_FRAMEWORK = {
                "DEFAULT_AUTHENTICATION_CLASSES": ("oauth2_provider.contrib.rest_framework.OAuth2Authentication",),
                "DEFAULT_THROTTLE_CLASSES": ("rest_framework.throttling.UserRateThrottle",),
                "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.CursorPagination",
            }
        """,
            "callers send tokens; a few administrators have sessions",
            "settings.py",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the first write of each function that runs for every request."""
        for site in writes(source):
            yield Finding.at(site, what=f"{site.callee}() in {site.function_name}()")
        setting = session_setting(source)
        if setting is not None:
            yield Finding(setting, {"what": "SESSION_SAVE_EVERY_REQUEST"})
