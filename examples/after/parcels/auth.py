"""Who is calling, what they may do, and how often."""

from __future__ import annotations

import json
import secrets
from functools import wraps

from flask import Blueprint, abort, g, jsonify, request
from flask_limiter import Limiter
from werkzeug.security import check_password_hash

from . import cache, config, store

bp = Blueprint("auth", __name__)


def caller() -> str:
    return f"customer:{g.customer['id']}" if g.customer else f"address:{request.remote_addr}"


limiter = Limiter(
    caller,
    default_limits=[config.RATE_LIMIT],
    storage_uri=config.REDIS_URL,
    storage_options={"socket_timeout": 2, "socket_connect_timeout": 2},
)


@bp.post("/login")
@limiter.limit(config.LOGIN_RATE_LIMIT)
def login():
    body = request.get_json()
    customer = store.customer_by_email(body["email"])
    if not customer or not check_password_hash(customer["password"], body["password"]):
        abort(401, "wrong email or password")
    token = secrets.token_hex(16)
    session = {"id": customer["id"], "role": customer["role"]}
    cache.client.set(f"session:{token}", json.dumps(session), ex=config.SESSION_SECONDS)
    store.seen(customer["id"])
    return jsonify(token=token)


@bp.before_app_request
def identify():
    token = request.headers.get("Authorization", "").replace("Bearer ", "", 1)
    session = cache.client.get(f"session:{token}") if token else None
    g.customer = json.loads(session) if session else None


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
