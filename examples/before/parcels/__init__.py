"""Parcel tracking for small web shops."""

from __future__ import annotations

import os
import threading

from flask import Flask, jsonify
from werkzeug.exceptions import HTTPException

from . import auth, clients, store, views


def create_app() -> Flask:
    app = Flask(__name__)
    store.create_schema()
    app.register_blueprint(auth.bp)
    app.register_blueprint(views.bp)
    app.register_error_handler(HTTPException, error)
    threading.Thread(target=clients.deliver_webhooks, daemon=True).start()
    if os.environ.get("PARCELS_JOBS") == "1":
        from . import jobs

        jobs.scheduler.start()
    return app


def error(problem: HTTPException):
    return jsonify(error=problem.description), problem.code
