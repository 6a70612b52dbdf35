"""SCL301: sessions, tokens, carts and conversations in the memory of one process."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless.roles import Role, folded
from flake8_scalability.model.stateless.state import function_name
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class InMemorySessionStore(Rule):
    """What belongs to one user's session is kept in a mapping of the process.

    What it does
    ------------
    Finds mappings, sets and lists of the process that hold sessions, tokens, logins, carts, one-time codes or what was
    said in a conversation, by their name or by an entry for each user, chat or session. A request has to put something
    in, and the next one, or another, has to be answered by it; of an object that lives as long as the process, other
    files have to call both the method that keeps an entry and one that looks it up.

    Why it does not scale
    ---------------------
    The next request of the same user may come to another instance, which does not know the session: the user is logged
    out, the cart is empty, the code is wrong. A restart or a deployment ends all sessions at once.

    How to fix it
    -------------
    Keep sessions in Redis with a time to live (`SETEX`), in the database, or in a signed cookie.

    Known limits
    ------------
    What a mapping holds is told from its name and its keys. State in another module is not seen. Silent are histories
    of anything but conversations, sessions of a database, what socket ids lead to, what a class writes on to a file or
    a store or fills from there, and objects that run in this process and are stopped there.
    """

    code = "SCL301"
    slug = "in-memory-session-store"
    severity = Severity.CRITICAL
    since = "0.1.0"
    second_instance = True
    message = "{what} `{name}`{more} keeps users' state in this process ({function}()); {instead}"
    short = "`{name}`{more} keeps users' state ({function}()); {instead}"
    title = "In-memory session storage"
    impact = "Users lose their session whenever another instance answers them, and all at once at each restart"
    fix = "Keep sessions in Redis with a time to live, in the database, or in signed cookies"
    references = (
        "https://12factor.net/processes",
        "https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html",
    )
    examples = (
        Bad(
            """
            import secrets
            from app.limits import limiter
            from flask import Flask, request

            app = Flask(__name__)
            logged_in = {}  # SCL301

            @app.post("/login")
            @limiter.limit("10/minute")
            def login():
                key = secrets.token_hex()
                logged_in[key] = request.form["name"]
                return key
        """,
            "a request with this key that comes to another instance is not logged in",
        ),
        Bad(
            """
            from fastapi import APIRouter, Depends
            from app.limits import RateLimiter

            router = APIRouter(dependencies=[Depends(RateLimiter(times=10, seconds=60))])
            carts: dict[int, list] = {}  # SCL301

            @router.post("/carts/{customer}")
            async def put(customer: int, article: int):
                carts.setdefault(customer, []).append(article)
        """,
            "carts of customers",
        ),
        Bad(
            """
            from telegram.ext import Application, CommandHandler

            steps = {}  # SCL301

            async def begin(update, context):
                steps[update.effective_user.id] = "asked for the name"

            application = Application.builder().token(TOKEN).build()
            application.add_handler(CommandHandler("begin", begin))
        """,
            "how far each conversation is",
        ),
        Bad(
            """
            class TokenStore:
                _tokens = {}  # SCL301

                @classmethod
                def issue(cls, user, token):
                    cls._tokens[token] = user

                @classmethod
                def owner_of(cls, token):
                    return cls._tokens.get(token)
        """,
            "a token that another instance issued is unknown",
        ),
        Good(
            """
            from flask import Flask
            from app.chat import client
            from app.limits import limiter

            app = Flask(__name__)
            users_map = {}

            def name_of(user):
                if user not in users_map:
                    answer = client.users_info(user)
                    users_map[user] = answer["user"]["name"]
                return users_map[user]

            @app.get("/names/<user>")
            @limiter.limit("10/minute")
            def name(user):
                return name_of(user)
        """,
            "a copy of what another service says of users is a cache",
        ),
        Good(
            """
            from app.limits import limiter
            from flask import Flask, request, session

            app = Flask(__name__)

            @app.post("/login")
            @limiter.limit("10/minute")
            def login():
                session["user"] = request.form["name"]
                return "", 204
        """,
            "Flask's session is a signed cookie",
        ),
        Good(
            """
            from app.limits import limiter
            from app.stores import redis
            from flask import Flask, request

            app = Flask(__name__)

            @app.post("/codes")
            @limiter.limit("10/minute")
            def send_code():
                redis.setex(f"code:{request.form['phone']}", 300, "123456")
                return "", 204
        """,
            "codes in Redis, which end by themselves",
        ),
        Good(
            """
            SESSION_DEFAULTS = {"language": "en"}

            def language():
                return SESSION_DEFAULTS["language"]
        """,
            "a constant",
        ),
        Good(
            """
            sessions = {}

            def open_all(names):
                return {name: sessions.get(name) for name in names}
        """,
            "nothing is ever stored",
        ),
        Good(
            """
            def tokens_of(text):
                tokens = {}
                for word in text.split():
                    tokens[word] = tokens.get(word, 0) + 1
                return tokens
        """,
            "tokens of a text, in a local mapping",
        ),
        Good(
            """
            import argparse

            tokens = {}

            def main():
                parser = argparse.ArgumentParser()
                parser.add_argument("user")
                tokens[parser.parse_args().user] = "x"

            if __name__ == "__main__":
                main()
        """,
            "a program of the command line",
        ),
        Good(
            """
            class Conversation:
                def __init__(self):
                    self.history = []

                def say(self, text):
                    self.history.append(text)

            def answer(texts):
                conversation = Conversation()
                for text in texts:
                    conversation.say(text)
                return conversation.history
        """,
            "an object for one call",
        ),
        Good(
            """
            token = {"value": "", "since": 0}

            def renew(service, now):
                token["value"] = service.token()
                token["since"] = now

            def header():
                return {"Authorization": token["value"]}
        """,
            "the token that this service has from another: one record",
        ),
        Good(
            """
            import uuid
            from sqlalchemy.orm import Session

            class OpenSessions:
                _sessions = {}

                @classmethod
                def opened(cls, session: Session, where: str):
                    key = uuid.uuid4().hex
                    cls._sessions[key] = {"session": session, "where": where}
                    return key

                @classmethod
                def closed(cls, key):
                    return cls._sessions.pop(key, None)
        """,
            "sessions of a database, which this process has open",
        ),
        Good(
            """
            _tenant_sessions = {}
            _stateless = True

            def session_of(tenant_id):
                if not _stateless:
                    if tenant_id not in _tenant_sessions:
                        _tenant_sessions[tenant_id] = {"tenant": tenant_id}
                    return _tenant_sessions[tenant_id]
                return {"tenant": tenant_id}
        """,
            "a switch for more than one instance stands beside it",
        ),
        Good(
            """
            _turn_sessions = {}

            def register_turn(key, session):
                _turn_sessions[key] = session

            def unregister_turn(key):
                _turn_sessions.pop(key, None)

            def find_turn(key):
                return _turn_sessions.get(key)

            def take_turn(key, session, work):
                register_turn(key, session)
                try:
                    return work(key)
                finally:
                    unregister_turn(key)
        """,
            "what is registered for one call, and taken back at its end",
        ),
        Good(
            """
            from app.stores import redis

            sessions = {}

            def store_for(settings):
                def keep_in_redis(key, user):
                    redis.setex(key, 3600, user)

                def keep_here(key, user):
                    sessions[key] = user

                return keep_in_redis if settings.redis else keep_here

            def user_of(key):
                return sessions.get(key)
        """,
            "the function that chooses has a shared store as well",
        ),
        Good(
            """
            class LintTokens:
                _tokens = {}

                def process(self, number, text):
                    self._tokens[number] = text

                def count(self):
                    return len(self._tokens)
        """,
            "nobody looks up what belongs to somebody",
        ),
        Good(
            """
            from app.files import save_baskets

            class Baskets:
                def __init__(self, path):
                    self._baskets = {}
                    self._path = path

                def put(self, customer_id, article):
                    self._baskets[customer_id] = article
                    save_baskets(self._path, self._baskets)

                def of(self, customer_id):
                    return self._baskets.get(customer_id)

            baskets = Baskets(PATH)
        """,
            "a copy of what stands in a file",
        ),
        Good(
            """
            from app.db import Session

            class SessionMonitor:
                def __init__(self):
                    self._sessions = {}

                def register(self, session: Session, where):
                    self._sessions[id(session)] = where

                def where(self, number):
                    return self._sessions.get(number)

            monitor = SessionMonitor()
        """,
            "sessions of a database",
        ),
        Good(
            """
            class MatchReports:
                def __init__(self):
                    self.match_history = {}

                def record(self, match_id, event):
                    self.match_history[match_id] = event

                def of(self, match_id):
                    return self.match_history[match_id]

            class Commentary:
                def __init__(self):
                    self.reports = MatchReports()
        """,
            "the history of a match is no conversation, and goes with the commentary",
        ),
        Good(
            """
            import asyncio
            from pyrogram import Client

            app = Client("shop")
            waiting = {}

            @app.on_message()
            async def ask(client, message):
                user_id = message.from_user.id
                waiting[user_id] = True
                while waiting[user_id]:
                    await asyncio.sleep(0.5)

            @app.on_callback_query()
            async def answered(client, query):
                waiting[query.from_user.id] = False
        """,
            "the handler that sets it is still there, and waits",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        for found, companions in folded(each for each in source.changed_while_serving if each.role is Role.SESSIONS):
            names = {
                "what": found.holder,
                "name": found.state.name,
                "more": f" (and {companions} more)" if companions else "",
                "function": function_name(found.change),
                "instead": "use sticky routing" if found.holds_handles else "use a shared store",
            }
            yield Finding(found.state.node, names, found.via)
