"""Parcel tracking for small web shops."""

from __future__ import annotations

from flask import Flask, jsonify
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from . import auth, config, store, views


def create_app() -> Flask:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = config.MAX_UPLOAD_BYTES
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.PROXIES)  # type: ignore[method-assign]
    app.register_blueprint(auth.bp)
    app.register_blueprint(views.bp)
    # After the blueprints: the limits are counted for the customer whom they find out.
    auth.limiter.init_app(app)
    app.register_error_handler(HTTPException, error)
    app.cli.command("init-db")(store.create_schema)
    return app


def error(problem: HTTPException):
    return jsonify(error=problem.description), problem.code
