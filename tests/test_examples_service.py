"""The service in ``examples/`` is real: it starts and answers before, and still holds together after."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"
BEFORE_NEEDS = ("flask", "requests")
AFTER_NEEDS = (
    *("boto3", "celery", "circuitbreaker", "flask", "flask_limiter"),
    *("psycopg", "redis", "requests", "sqlalchemy"),
)
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))

URLS = """
import json, socket
def refuse(*_):
    raise AssertionError("a server was contacted")
socket.socket.connect = socket.getaddrinfo = refuse
from app import app
rules = [(rule.rule, sorted(rule.methods)) for rule in app.url_map.iter_rules()]
print(json.dumps(sorted(rules)))
"""


def need(packages: tuple[str, ...]) -> None:
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


def environment(data: Path, **more: str) -> dict[str, str]:
    """The surroundings without what would make a service ask someone else, or write into the checkout."""
    ours = ("_URL", "_FROM", "PARCELS_JOBS", "LIVE_EVENTS")
    kept = {name: value for name, value in os.environ.items() if not name.endswith(ours)}
    return {**kept, "PARCELS_DATA": str(data), "PYTHONDONTWRITEBYTECODE": "1", "NO_PROXY": "127.0.0.1", **more}


def files_of(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if "cache" not in str(path.relative_to(folder))}


class Partner(ThreadingHTTPServer):
    """Carrier, register of postcodes, payment provider and shop in one."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.received: Queue[tuple[str, Any]] = Queue()
        self.labels_asked = 0
        self.answers: dict[str, Any] = {
            "/track/PX1001": {"status": "in transit"},
            "/stops/PX1001": ["Basel", "Bern"],
            "/eta/PX1001": "Friday",
            "/postcodes/3000": {},
        }


class Answers(BaseHTTPRequestHandler):
    server: Partner

    def do_GET(self) -> None:
        if self.path == "/labels/PX1001":
            self.server.labels_asked += 1
            self.answer(202 if self.server.labels_asked == 1 else 200, b"%PDF-label")
        elif self.path in self.server.answers:
            self.answer(200, json.dumps(self.server.answers[self.path]).encode())
        else:
            self.answer(404, b"{}")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.put((self.path, json.loads(body)))
        self.answer(200, b'{"id": "charge-1"}')

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def partner() -> Iterator[Partner]:
    with Partner() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class Service:
    def __init__(self, url: str) -> None:
        self.url = url
        self.token = ""

    def ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        request = urllib.request.Request(self.url + path, body, headers, method=method)
        try:
            with DIRECT.open(request, timeout=30) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as problem:
            with problem:
                return problem.code, problem.read()

    def json(self, method: str, path: str, data: Any = None) -> tuple[int, Any]:
        body = None if data is None else json.dumps(data).encode()
        status, answer = self.ask(method, path, body, "application/json")
        return status, json.loads(answer)

    def upload(self, path: str, field: str, content: bytes) -> tuple[int, Any]:
        head = f'--limit\r\nContent-Disposition: form-data; name="{field}"; filename="file"\r\n\r\n'
        body = head.encode() + content + b"\r\n--limit--\r\n"
        status, answer = self.ask("POST", path, body, "multipart/form-data; boundary=limit")
        return status, json.loads(answer)

    def as_user(self, role: str) -> Service:
        user = Service(self.url)
        status, answer = self.json("POST", "/login", {"email": f"{role}@example.org", "password": role})
        assert (status, sorted(answer)) == (200, ["token"])
        user.token = answer["token"]
        return user


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_up(service: Service, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            if service.ask("GET", "/health")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the service did not come up:\n{log.read_text()}")


@pytest.fixture
def service(tmp_path: Path, partner: Partner) -> Iterator[Service]:
    need(BEFORE_NEEDS)
    port = free_port()
    env = environment(
        tmp_path / "data",
        HOST="127.0.0.1",
        PORT=str(port),
        CARRIER_URL=partner.url,
        PAYMENT_URL=partner.url,
        POSTCODE_URL=f"{partner.url}/postcodes",
    )
    log = tmp_path / "log"
    files = files_of(EXAMPLES)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "app.py"], cwd=EXAMPLES / "before", env=env, stdout=output, stderr=output
        )
        try:
            running = Service(f"http://127.0.0.1:{port}")
            wait_until_up(running, process, log)
            yield running
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    assert files_of(EXAMPLES) == files


@pytest.fixture
def shop(service: Service, partner: Partner) -> Service:
    """A shop with one parcel, PX1001, of which it wants to hear."""
    user = service.as_user("shop")
    parcel = {"recipient": "Ada Lovelace", "zone": "home", "postcode": "3000", "webhook": f"{partner.url}/hook"}
    answer = user.json("POST", "/parcels", parcel)
    assert answer == (201, {"number": "PX1001", "status": "registered", "cents": 450})
    assert partner.received.get(timeout=10) == ("/charges", {"reference": "PX1001", "cents": 450})
    return user


def test_health(service: Service) -> None:
    assert service.json("GET", "/health") == (200, {"status": "ok"})


def test_login_is_needed(service: Service, shop: Service) -> None:
    assert service.json("POST", "/login", {"email": "shop@example.org", "password": "?"}) == (
        401,
        {"error": "wrong email or password"},
    )
    assert service.json("GET", "/parcels") == (401, {"error": "log in first"})
    event = {"status": "delivered", "place": "Bern"}
    assert shop.json("POST", "/parcels/PX1001/events", event) == (403, {"error": "not allowed"})


def test_unknown_things(shop: Service) -> None:
    assert shop.json("GET", "/parcels/PX9") == (404, {"error": "no such parcel"})
    parcel = {"recipient": "Nobody", "zone": "home", "postcode": "0"}
    assert shop.json("POST", "/parcels", parcel) == (422, {"error": "unknown zone or postcode"})


def test_list_detail_and_history(service: Service, shop: Service, partner: Partner) -> None:
    depot = service.as_user("depot")
    event = {"number": "PX1001", "status": "sorted", "place": "Bern"}
    assert depot.json("POST", "/parcels/PX1001/events", event) == (201, event)
    assert partner.received.get(timeout=10) == ("/hook", event)

    row = {"number": "PX1001", "recipient": "Ada Lovelace", "status": "sorted"}
    last = {"id": 2, "status": "sorted", "place": "Bern"}
    for path in ("/parcels", "/parcels?q=Ada"):
        assert shop.json("GET", path) == (200, {"parcels": [{**row, "last_event": last}]})
    assert shop.json("GET", "/parcels?q=Grace") == (200, {"parcels": []})
    assert shop.json("GET", "/parcels/PX1001") == (200, {**row, "carrier": "in transit", "contact": None})
    first = {"id": 1, "status": "registered", "place": "shop"}
    assert shop.json("GET", "/parcels/PX1001/events") == (200, {"events": [last, first]})
    assert shop.json("GET", "/parcels/PX1001/events?limit=1&page=1") == (200, {"events": [first]})


def test_label_and_proof(service: Service, shop: Service, partner: Partner) -> None:
    assert shop.ask("GET", "/parcels/PX1001/label") == (200, b"%PDF-label")
    assert partner.labels_asked == 2
    depot = service.as_user("depot")
    assert depot.upload("/parcels/PX1001/proof", "photo", b"\xff\xd8photo") == (201, {"number": "PX1001"})
    assert shop.ask("GET", "/parcels/PX1001/proof") == (200, b"\xff\xd8photo")


def test_route(shop: Service) -> None:
    need(("asgiref",))
    assert shop.json("GET", "/parcels/PX1001/route") == (200, {"stops": ["Basel", "Bern"], "eta": "Friday"})


def test_import(shop: Service) -> None:
    status, answer = shop.upload("/imports", "file", b"recipient,email\nGrace,\nAlan,\n")
    assert (status, sorted(answer)) == (202, ["job"])
    end = time.monotonic() + 20
    progress: tuple[int, Any] = (0, {})
    while time.monotonic() < end and not progress[1].get("finished"):
        progress = shop.json("GET", f"/imports/{answer['job']}")
    assert progress == (200, {"done": 2, "finished": True})
    rows = shop.json("GET", "/parcels")[1]["parcels"]
    assert [(row["number"], row["recipient"]) for row in rows] == [
        ("PX1001", "Ada Lovelace"),
        ("PX1002", "Grace"),
        ("PX1003", "Alan"),
    ]


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.py")), ids=lambda path: path.relative_to(EXAMPLES).as_posix())
def test_every_file_compiles(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))
    compile(tree, str(path), "exec")
    assert ast.get_docstring(tree)


def urls_of(state: str, data: Path) -> list[Any]:
    result = subprocess.run(
        [sys.executable, "-c", URLS],
        cwd=EXAMPLES / state,
        env=environment(data),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    found: list[Any] = json.loads(result.stdout)
    return found


def test_both_states_have_the_same_urls_and_start_without_a_server(tmp_path: Path) -> None:
    need((*BEFORE_NEEDS, *AFTER_NEEDS))
    before = urls_of("before", tmp_path)
    assert ["/parcels/<number>/label", ["GET", "HEAD", "OPTIONS"]] in before
    assert urls_of("after", tmp_path) == before
