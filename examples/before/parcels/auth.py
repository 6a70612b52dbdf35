"""Who is calling, and what they may do."""

from __future__ import annotations

import secrets
import time
from functools import wraps

from flask import Blueprint, abort, g, jsonify, request
from werkzeug.security import check_password_hash

from . import store

bp = Blueprint("auth", __name__)

MAX_SESSIONS = 500
SESSION_SECONDS = 12 * 3600

sessions: dict[str, dict] = {}
failed_logins: dict[str, list[float]] = {}


@bp.post("/login")
def login():
    body = request.get_json()
    email = body["email"]
    recent = [t for t in failed_logins.get(email, []) if t > time.time() - 300]
    if len(recent) >= 5:
        abort(429, "too many attempts, try again later")
    customer = store.customer_by_email(email)
    if not customer or not check_password_hash(customer["password"], body["password"]):
        failed_logins[email] = [*recent, time.time()]
        abort(401, "wrong email or password")
    if len(sessions) >= MAX_SESSIONS:
        abort(503, "too many users")
    token = secrets.token_hex(16)
    sessions[token] = {"customer": customer["id"], "since": time.time()}
    return jsonify(token=token)


@bp.before_app_request
def identify():
    token = request.headers.get("Authorization", "").replace("Bearer ", "", 1)
    session = sessions.get(token)
    g.customer = None
    if session and session["since"] > time.time() - SESSION_SECONDS:
        g.customer = store.customer(session["customer"])
        store.seen(session["customer"])


def forget_old_sessions() -> None:
    for token, session in list(sessions.items()):
        if session["since"] < time.time() - SESSION_SECONDS:
            del sessions[token]


def required(*roles: str):
    def decorate(view):
        @wraps(view)
        def checked(*args, **kwargs):
            if g.customer is None:
                abort(401, "log in first")
            if g.customer["role"] not in roles:
                abort(403, "not allowed")
            return view(*args, **kwargs)

        return checked

    return decorate
