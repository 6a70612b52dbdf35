"""SCL608: a server for developing, or with one worker, as the entry of a service."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.scaling import serving
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class SingleWorkerServer(Rule):
    """A service is started with a server made for developing, or with settings that leave it one worker.

    What it does
    ------------
    Finds `app.run()` of Flask, Quart, Dash and Bottle, `wsgiref`, `http.server` and werkzeug's `run_simple`;
    `uvicorn.run` with `reload=True`, `workers=1`, or several workers for an application object; Sanic in debug mode
    with one worker; a Gunicorn configuration with `workers = 1`. What deploys the project (a Dockerfile, process file,
    compose file, unit, script or manifest) has to run the file, not only to import, copy or leave it out; a script that
    no other file names does not count where a platform is told to start something else. It is left
    alone where its project shows a server for production: a process file or image that names one, a requirement, a
    `wsgi.py` or `asgi.py`.

    Why it does not scale
    ---------------------
    One process uses one core, and a slow request or a crash stops everybody. Servers for developing have no limits, no
    timeouts and no graceful stop, and their makers ask not to use them in production.

    How to fix it
    -------------
    Serve the application with Gunicorn, waitress, uWSGI or Hypercorn, or with Uvicorn by its import string, and take
    the number of workers from the environment. In containers one process each is fine, with a server for production.

    Known limits
    ------------
    `workers = 1` is silent where each command that hands Gunicorn the file gives a number of workers beside it.
    A server that is only named in another repository is not seen; say so with `# noqa: SCL608` where that is the case.
    """

    code = "SCL608"
    slug = "single-worker-server"
    severity = Severity.HIGH
    since = "0.1.0"
    load = "one process"
    message = "{how} {what}; {instead} in production"
    short = "{how} {what}; {instead}"
    title = "Development or one-worker server"
    impact = "One process on one core answers everybody; a slow request holds up the others, a crash stops the service"
    fix = "Serve with Gunicorn, waitress, uWSGI, Hypercorn or Uvicorn's import string, workers from the environment"
    references = (
        "https://flask.palletsprojects.com/en/stable/deploying/",
        "https://www.uvicorn.org/deployment/",
        "https://docs.gunicorn.org/en/stable/settings.html#workers",
    )
    examples = (
        Bad(
            """
            from flask import Flask

            app = Flask(__name__)

            if __name__ == "__main__":
                app.run(host="0.0.0.0", port=8080)  # SCL608
            """,
            "a file that stands alone is started as it is",
        ),
        Bad(
            """
            from shop import create_app

            app = create_app()

            if __name__ == "__main__":
                app.run(debug=True)  # SCL608
            """,
            "debug mode, for whatever framework",
            "run.py",
        ),
        Bad(
            """
            import uvicorn
            from fastapi import FastAPI

            app = FastAPI()

            def main():
                uvicorn.run(app, host="0.0.0.0", port=80, workers=4)  # SCL608

            if __name__ == "__main__":
                main()
            """,
            "workers need an import string to start from",
        ),
        Bad(
            """
            import uvicorn

            if __name__ == "__main__":
                uvicorn.run("shop.main:app", host="0.0.0.0", reload=True)  # SCL608
            """,
            "the reloader is for developing",
        ),
        Bad(
            """
            bind = "0.0.0.0:8000"
            workers = 1  # SCL608
            timeout = 30
            """,
            "one worker, frozen in the file",
            "gunicorn.conf.py",
        ),
        Bad(
            """
            from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

            class Shop(BaseHTTPRequestHandler):
                def do_GET(self):
                    self.send_response(200)
                    self.end_headers()

            def main():
                ThreadingHTTPServer(("", 8080), Shop).serve_forever()  # SCL608

            if __name__ == "__main__":
                main()
            """,
            "the standard library's server has no limits at all",
        ),
        Bad(
            """
            from sanic import Sanic

            app = Sanic("shop")

            if __name__ == "__main__":
                app.run(host="0.0.0.0", single_process=True)  # SCL608
            """,
            "Sanic can start a worker for each processor, unless it is told not to",
        ),
        Bad(
            """
            from flask import Flask

            app = Flask(__name__)

            def serve(host, certificate):
                if certificate:
                    app.run(host=host, ssl_context=certificate)  # SCL608
                else:
                    app.run(host=host)
            """,
            "one server, in two branches",
        ),
        Good(
            """
            from sanic import Sanic

            app = Sanic("echo")

            if __name__ == "__main__":
                app.run(debug=True)
            """,
            "a chapter's application is there to learn from",
            "chapter03/echo/serve.py",
        ),
        Good(
            """
            import uvicorn
            from fastapi import FastAPI

            app = FastAPI()

            if __name__ == "__main__":
                uvicorn.run(app, host="0.0.0.0", port=8080)
            """,
            "one process for each container, with a server for production",
        ),
        Good(
            """
            from flask import Flask
            from waitress import serve

            app = Flask(__name__)

            if __name__ == "__main__":
                serve(app, port=8080, threads=16)
            """,
            "waitress is a server for production",
        ),
        Good(
            """
            import os
            import uvicorn

            if __name__ == "__main__":
                uvicorn.run("shop.main:app", workers=int(os.environ.get("WORKERS", "2")), reload="DEV" in os.environ)
            """,
            "the environment decides",
        ),
        Good(
            """
            from flask import Flask

            app = Flask(__name__)

            # gunicorn --workers 4 service:app
            if __name__ == "__main__":
                app.run(debug=True)
            """,
            "the file says how it is served; what stands under the guard is for the developer",
        ),
        Good(
            """
            import os
            import uvicorn
            from shop.main import app

            if os.environ["ENVIRONMENT"] == "local":
                uvicorn.run("shop.main:app", reload=True)
            else:
                uvicorn.run(app)
            """,
            "two entries, one of them for the developer",
        ),
        Good(
            """
            import click
            from shop import create_app

            @click.command()
            def runserver():
                create_app().run(debug=True)
            """,
            "a developer's command",
        ),
        Good(
            """
            import threading
            from http.server import BaseHTTPRequestHandler, HTTPServer

            class Probe(BaseHTTPRequestHandler):
                def do_GET(self):
                    self.send_response(200)
                    self.end_headers()

            def main(work):
                server = HTTPServer(("", 8081), Probe)
                threading.Thread(target=server.serve_forever, daemon=True).start()  # SCL304
                work()
            """.replace("  # SCL304", ""),
            "a probe beside a worker",
        ),
        Good(
            """
            import multiprocessing

            workers = multiprocessing.cpu_count() * 2 + 1
            """,
            "as many as the machine can use",
            "gunicorn.conf.py",
        ),
        Good(
            """
            reload = True
            workers = 1
            """,
            "a configuration for developing, which starts anew with each change",
            "gunicorn_reloading.py",
        ),
        Good(
            """
            class Crawler:
                def run(self, debug=False):
                    return debug

            app = Crawler()

            if __name__ == "__main__":
                app.run(debug=True)
            """,
            "no server at all",
        ),
        Good(
            """
            import uvicorn
            from app.arguments import is_prod

            if __name__ == "__main__":
                if is_prod:
                    uvicorn.run("app.main:app", workers=4)
                else:
                    uvicorn.run("app.main:app", reload=True)

            def try_it(production):
                if not production:
                    uvicorn.run("app.main:app", reload=True)
            """,
            "reload is for where this is not production",
        ),
        Good(
            """
            import bottle

            if __name__ == "__main__":
                bottle.run(server="cheroot", port=8080)
            """,
            "Bottle with another server",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """What starts a server, and the setting of Gunicorn's."""
        return words(*serving.names())

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the starts of servers that serve little."""
        for start in serving.starts(source):
            yield Finding(start.node, {"how": start.how, "what": start.what, "instead": start.instead})
