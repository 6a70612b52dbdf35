"""SCL903: a handler or a module on which so much hangs that nothing can be scaled apart."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.architecture import drivers, siblings
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class MonolithicCoupling(Rule):
    """One request drives several kinds of external systems, or one module knows the inside of many applications.

    What it does
    ------------
    Counts, for each request handler and the functions of the file that it calls before it answers, the kinds of
    external systems: database, HTTP service, mail, object store, broker, LLM, search engine, directory. From three on
    the handler is found (`--scl-coupled-systems`), where the answer can do without one of them: a mail, or a call that
    gives nothing back. Counts, for each module of an application, the sibling applications whose models, services or
    views it imports; from seven on it is found (`--scl-coupled-applications`), where what one of them keeps for itself
    is among it: names that begin with an underscore.

    Why it does not scale
    ---------------------
    The handler is as slow as all of its systems together and as available as the worst of them, and what needs more
    of one of them needs more of the whole service. A module that knows the inside of its siblings can't be moved to a
    service of its own, nor can they.

    How to fix it
    -------------
    Let the handler do what its answer needs and hand the rest to a task queue or publish an event. Give each
    application an interface of its own and import that, or let it listen to events.

    Known limits
    ------------
    What a handler reaches through other modules is not counted, but for one kind of a helper that does so itself. A
    cache is not counted, nor what is handed to a task queue or a thread. Handlers that operators call by hand
    (`admin_`, `recover_`) and those of probes are silent, and so are applications that are common to all (`core`,
    `utils`, `users`), files that gather them (`urls.py`, schemas, `admin.py`) and imports in functions. A module that
    imports models, forms, services and views of many siblings, as in any program that is deployed as one, is left
    alone.
    """

    code = "SCL903"
    slug = "monolithic-coupling"
    severity = Severity.MEDIUM
    since = "0.1.0"
    load = "remote calls in line"
    message = "{what} {does} ({many}); {instead}"
    short = "{what} {does}; {instead}"
    title = "Monolithic coupling"
    impact = "Nothing can be scaled apart, and the slowest or least available part decides for all"
    fix = "Hand what the answer does not need to a queue or an event; give each application an interface"
    references = (
        "https://learn.microsoft.com/azure/architecture/patterns/queue-based-load-leveling",
        "https://learn.microsoft.com/azure/architecture/guide/architecture-styles/event-driven",
    )
    examples = (
        Bad(
            """
            import smtplib
            import httpx
            from email.message import EmailMessage
            from flask import Flask, request
            from app.limits import limiter
            from app.models import Order, db
            from app.settings import MAIL_HOST, STOCK_URL

            app = Flask(__name__)
            stock = httpx.Client(base_url=STOCK_URL, timeout=2, transport=httpx.HTTPTransport(retries=2))

            def reserve(item):
                return stock.get(f"/items/{item}").json()

            @app.post("/orders")
            @limiter.limit("10/minute")
            def create_order():  # SCL903
                order = Order(item=request.form["item"], place=reserve(request.form["item"]))
                db.session.add(order)
                db.session.commit()
                with smtplib.SMTP(MAIL_HOST, timeout=5) as mail:
                    mail.send_message(EmailMessage())  # SCL706
                return {"id": order.id}
        """,
            "the stock service, the database and the mail server have to be there, and quick, for every order",
        ),
        Bad(
            """
            import boto3
            from fastapi import APIRouter
            from openai import OpenAI
            from sqlalchemy.orm import Session
            from app.limits import limiter
            from app.models import Document
            from app.settings import BUCKET

            router = APIRouter()
            model = OpenAI()
            store = boto3.client("s3")

            @router.post("/documents")
            @limiter.limit("10/minute")
            def add_document(text: str, session: Session):  # SCL903
                answer = model.embeddings.create(model="small", input=text)
                document = Document(text=text, vector=answer.data[0].embedding)
                session.add(document)
                session.commit()
                store.put_object(Bucket=BUCKET, Key=str(document.id), Body=text)
                return {"id": document.id}
        """,
            "a model, a database and an object store for one upload",
        ),
        Bad(
            """
            import json
            import requests
            from django.http import JsonResponse
            from django_ratelimit.decorators import ratelimit
            from kafka import KafkaProducer
            from app.models import Invoice
            from app.settings import BROKERS, TAX_URL

            taxes = requests.Session()
            events = KafkaProducer(bootstrap_servers=BROKERS)

            @ratelimit(key="ip", rate="10/m")
            def pay(request, key):  # SCL903
                invoice = Invoice.objects.select_for_update().get(pk=key)
                if invoice.abroad:
                    invoice.tax = taxes.get(f"{TAX_URL}/{invoice.country}", timeout=2).json()["rate"]  # SCL703
                else:
                    invoice.tax = 0
                invoice.save()
                events.send("paid", json.dumps({"id": key}).encode())
                return JsonResponse({"paid": True})
        """,
            "the way with the most systems counts",
            "shop/views.py",
        ),
        Good(
            """
            import httpx
            from flask import Flask, request
            from app.limits import limiter
            from app.models import Order, db
            from app.settings import STOCK_URL

            app = Flask(__name__)
            stock = httpx.Client(base_url=STOCK_URL, timeout=2, transport=httpx.HTTPTransport(retries=2))
            from app.tasks import send_confirmation

            @app.post("/orders")
            @limiter.limit("10/minute")
            def create_order():
                place = stock.get(f"/items/{request.form['item']}").json()
                order = Order(item=request.form["item"], place=place)
                db.session.add(order)
                db.session.commit()
                send_confirmation.delay(order.id)
                return {"id": order.id}
        """,
            "the mail is handed to a queue",
        ),
        Good(
            """
            import requests
            from django.core.mail import send_mail
            from django.http import JsonResponse
            from django_ratelimit.decorators import ratelimit
            from openai import OpenAI
            from app.models import Provider

            model = OpenAI()
            session = requests.Session()

            @ratelimit(key="ip", rate="10/m")
            def check(request, key):
                provider = Provider.objects.get(pk=key)
                if provider.kind == "llm":
                    return JsonResponse({"works": bool(model.models.list())})
                if provider.kind == "mail":
                    return JsonResponse({"works": provider.works})
                answer = session.put(provider.url, timeout=2)  # noqa
                return JsonResponse({"works": answer.ok})
        """,
            "one or the other",
            "shop/views.py",
        ),
        Good(
            """
            import boto3
            from celery import shared_task
            from openai import OpenAI
            from app.models import Invoice
            from app.settings import BUCKET

            store = boto3.client("s3")
            model = OpenAI()

            @shared_task
            def settle(key, name):
                invoice = Invoice.objects.get(pk=key)
                text = store.get_object(Bucket=BUCKET, Key=name)["Body"].read()
                invoice.vector = model.embeddings.create(model="small", input=text.decode()).data[0].embedding
                invoice.save(update_fields=["vector"])
        """,
            "a worker is where systems are brought together",
        ),
        Good(
            """
            import boto3
            from fastapi import APIRouter
            from openai import OpenAI
            from sqlalchemy.orm import Session
            from app.limits import limiter
            from app.models import Document
            from app.settings import BUCKET

            router = APIRouter()
            model = OpenAI()
            store = boto3.client("s3")

            @router.post("/documents/recover")
            @limiter.limit("10/minute")
            def recover_document(text: str, session: Session):
                answer = model.embeddings.create(model="small", input=text)
                document = Document(text=text, vector=answer.data[0].embedding)
                session.add(document)
                session.commit()
                store.put_object(Bucket=BUCKET, Key=str(document.id), Body=text)
                return {"id": document.id}
        """,
            "called by hand, once in a while, to see what becomes of each part",
        ),
        Good(
            """
            import boto3
            import httpx
            from fastapi import APIRouter
            from sqlalchemy.orm import Session
            from app.limits import limiter
            from app.models import Document
            from app.settings import BUCKET, NAMES_URL

            router = APIRouter()
            names = httpx.Client(base_url=NAMES_URL, timeout=2, transport=httpx.HTTPTransport(retries=2))
            store = boto3.client("s3")

            @router.get("/documents/{key}")
            @limiter.limit("10/minute")
            def document(key: int, session: Session):
                text = store.get_object(Bucket=BUCKET, Key=str(key))["Body"].read()
                name = names.get(f"/names/{key}").json()
                return {"text": text, "name": name, "place": session.get(Document, key).place}
        """,
            "all that is read is part of the answer: a queue would have nothing to do",
        ),
        Good(
            """
            import redis
            from flask import Flask
            from app.limits import limiter
            from app.models import Shop
            from app.search import index
            from app.settings import CACHE_URL

            app = Flask(__name__)
            cache = redis.Redis.from_url(CACHE_URL, socket_timeout=1, max_connections=50)

            @app.get("/shops/<int:key>")
            @limiter.limit("10/minute")
            def shop(key):
                name = cache.get(f"shop:{key}")
                return {"name": name or Shop.query.get(key).name, "near": index.near(key)}
        """,
            "a cache is part of reading the database",
        ),
        Good(
            """
            import boto3
            import smtplib
            from email.message import EmailMessage
            from app.settings import BUCKET, MAIL_HOST

            store = boto3.client("s3")
            table = boto3.resource("dynamodb").Table("orders")

            def handler(event, context):
                body = store.get_object(Bucket=BUCKET, Key=event["key"])["Body"]
                table.put_item(Item={"id": event["key"], "size": event["size"]})
                with smtplib.SMTP(MAIL_HOST, timeout=5) as mail:
                    mail.send_message(EmailMessage())
        """,
            "a function that an event starts is orchestration",
        ),
        Good(
            """
            import smtplib
            from email.message import EmailMessage
            import boto3
            from flask import Flask
            from app.limits import limiter
            from app.settings import BUCKET, MAIL_HOST

            app = Flask(__name__)
            store = boto3.client("s3")
            mail = smtplib.SMTP(MAIL_HOST, timeout=5)

            @app.get("/links/<name>")
            @limiter.limit("10/minute")
            def link(name):
                return {"link": store.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": name})}

            def create_app(db):
                db.session.execute("SELECT 1")
                return app
        """,
            "a link is made without a call; start-up is no request",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the handlers that drive many kinds of systems, and the module if it reaches into many applications."""
        for found in drivers.handlers(source):
            names = {"what": f"{found.what}()", "many": ", ".join(found.many)}
            does = f"drives {len(found.many)} kinds of systems in line"
            yield Finding(found.node, {**names, "does": does, "instead": "hand some to a queue"})
        for found in siblings.modules(source):
            names = {"what": found.what, "many": ", ".join(found.many)}
            does = f"imports the inside of {len(found.many)} sibling applications"
            yield Finding(found.node, {**names, "does": does, "instead": "use interfaces or events"})
