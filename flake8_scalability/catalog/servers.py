"""Servers of HTTP: those for developing, those for production, and the settings that leave one worker."""

from __future__ import annotations

from typing import NamedTuple


class DevelopmentServer(NamedTuple):
    """A call that serves with a server made for developing.

    paths: access paths of the call
    names: last names of the object on which a `run` is it, where the file does not show what the object is
    what: what the server is called
    instead: what to serve with
    unless: arguments that choose another server
    """

    what: str
    instead: str
    paths: str = ""
    unless: tuple[str, ...] = ()


DEVELOPMENT = (
    DevelopmentServer(
        "Flask's development server", "use Gunicorn or waitress", paths="flask.{,app.}Flask().run", unless=()
    ),
    DevelopmentServer("Quart's development server", "use Hypercorn or Uvicorn", paths="quart.{,app.}Quart().run"),
    DevelopmentServer("Dash's development server", "use Gunicorn", paths="dash.Dash().{run,run_server}"),
    DevelopmentServer(
        "Bottle's one-thread server",
        "pass server= or use Gunicorn",
        paths="bottle.run bottle.{Bottle,default_app}().run",
        unless=("server",),
    ),
    DevelopmentServer("wsgiref's one-thread server", "use Gunicorn", paths="wsgiref.simple_server.make_server"),
    DevelopmentServer(
        "werkzeug's development server", "use Gunicorn", paths="werkzeug.{,serving.}run_simple"
    ),
    DevelopmentServer(
        "the http.server module",
        "use an ASGI or WSGI server",
        paths="http.server.{HTTPServer,ThreadingHTTPServer,test}",
    ),
    DevelopmentServer("web.py's built-in server", "use Gunicorn", paths="web.application().run"),
)  # fmt: skip
#: Servers that stand beside a service as often as they are one.
PLAIN = frozenset(row for row in DEVELOPMENT if "http.server" in row.paths or "wsgiref" in row.paths)
#: Words in names and conditions that say: this is not the entry for production.
DEVELOPING = r"debug|(^|[_ .])(dev|local)(el|_|[ .]|$)|develop|reload|(^|_)test|demo|example|sample|playground|mock"
#: Calls of `run` on an application that the file does not show: `from app import create_app`.
RUN = "run"
APPLICATIONS = r"_*(flask_)?(app|application)|server"
#: What only such a server's `run` takes, and what shows that an application is a Flask one.
FACTORIES = r"(create|make|build|get)_(flask_)?(app|application)"
FLASK_ARGUMENTS = frozenset({"debug", "use_reloader", "threaded", "processes", "load_dotenv", "ssl_context"})
#: The package of Flask; packages and classes whose `run` is something else.
FLASK = "flask"
OTHER_PACKAGES = frozenset({
    "sanic", "fastapi", "aiohttp", "starlette", "bottle", "discord", "telegram", "pyrogram", "textual",
})  # fmt: skip
OTHER_APPLICATIONS = r"Sanic|Bottle|aiohttp|FastAPI|FastMCP|Client"
#: What `run` of other things takes: bots, textual applications, FastMCP servers.
OTHER_ARGUMENTS = frozenset({"transport", "token", "workers", "loop", "coroutine", "auto_reload", "single_process"})

#: What makes Flask-SocketIO serve with the development server.
SOCKET_SWITCHES = ("allow_unsafe_werkzeug", "debug")
#: Servers that are ready for production, with what takes that from them again.
UVICORN = "uvicorn.run"
SANIC = "sanic.{,app.}Sanic().run"
#: Words of a server that is beside the service: a probe, metrics, the answer to one log-in.
BESIDE = (
    r"health|metric|probe|ready|live(ness)?\b|callback|oauth|redirect|prometheus|keep_?alive|ping|debug|mock|fake|stub"
)
#: The configuration that Gunicorn reads without being told so (docs.gunicorn.org/en/stable/settings.html#config).
GUNICORN_FILE = "gunicorn.conf.py"
