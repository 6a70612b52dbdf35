"""SCL201: a read that costs much, or is asked for again and again, and that no cache keeps."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.caching.uncached_reads import uncached
from flake8_scalability.model.caching.unchanging_reads import fetched_again, parsed_again
from flake8_scalability.model.sites import display_name
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class UncachedExpensiveRead(Rule):
    """A function works the same answer out again on every call, and no cache is in sight.

    What it does
    ------------
    Finds read-only functions on the request path, and `get_…` functions of library code, that read twice or more for
    their arguments to compute a value, or one after the other to look up permissions and settings; handlers that
    reckon several numbers over many rows; middleware, hooks, dependencies and context processors that read settings
    or call another service for each request; and requests that parse a file of the program in a format that takes
    long, or fetch an address outside it, in which they have no part.

    Why it does not scale
    ---------------------
    The load on the database or the other service grows with every request, though the answer changes once in a while.
    What each request has to wait for is the first thing to break when the traffic doubles.

    How to fix it
    -------------
    Keep the answer for a while where all instances share it (`django.core.cache`, Redis with an expiry), or with a
    time to live in each process (`cachetools.TTLCache`), and forget it where the data is written. Load what comes with
    the program once, when the process starts.

    Known limits
    ------------
    Programs of one machine (`project/one_machine.py`) are silent, and so are JSON and TOML that come with the program,
    which are small as a rule.
    What belongs to somebody (a basket, an order) is silent, and so are single rows by their key, listings, pages of
    those who run the service, by their names or because they ask for a role or a test that the caller passes, what is
    asked before something is changed only, exports, views of Django that the project names nowhere, files in a storage,
    what a sibling service answers to everybody (it may keep that itself), and everything in whose way a word of caching
    stands. A cache in another file that wraps the function is not seen; neither are reads in other modules.
    """

    code = "SCL201"
    slug = "uncached-expensive-read"
    severity = Severity.HIGH
    many_callers = True
    since = "0.1.0"
    load = "two queries"
    message = "{function}() {what} on every call; {instead}"
    short = "{function}() {what}; {instead}"
    title = "Expensive read without a cache"
    impact = "The same answer is worked out for every request, so that the load on the store grows with the traffic"
    fix = "Keep the answer with a time to live (django.core.cache, Redis, cachetools), or load it once at start-up"
    references = (
        "https://learn.microsoft.com/azure/architecture/best-practices/caching",
        "https://docs.djangoproject.com/en/stable/topics/cache/",
    )
    examples = (
        Bad(
            """
            def get_shipping_quote(basket_id, zone):  # SCL201
                basket = store.get_basket(basket_id)
                tariffs = store.find_tariffs(zone)
                return calculate_quote(basket.weight, tariffs)
            """,
            "two reads and a computation for each quote; `store` is a handle by its name",
        ),
        Bad(
            """
            from app.models import Grant, Membership

            def load_permissions_for(person_id):  # SCL201
                teams = [each.team_id for each in Membership.objects.filter(person_id=person_id)]
                grants = list(Grant.objects.filter(team_id__in=teams))
                return {grant.action for grant in grants}
            """,
            "what somebody may do is asked with every request, and changes seldom",
        ),
        Bad(
            """
            from flask import Flask, jsonify
            from app.limits import limiter
            from app.models import Plant, Sighting, Site

            app = Flask(__name__)

            @app.route("/stats")
            @limiter.limit("10/minute")
            def stats():  # SCL201
                return jsonify(
                    plants=Plant.query.count(),
                    sightings=Sighting.query.count(),
                    confirmed=Sighting.query.filter_by(confirmed=True).count(),
                    sites=Site.query.count(),
                )
            """,
            "four counts over whole tables for each visitor",
        ),
        Bad(
            """
            from pathlib import Path

            import yaml
            from flask import Flask
            from app.limits import limiter

            app = Flask(__name__)
            DATA = Path(__file__).parent / "data"

            @app.route("/countries/<code>")
            @limiter.limit("10/minute")
            def country(code):  # SCL201
                with open(DATA / "countries.yaml") as file:
                    return yaml.safe_load(file)[code]
            """,
            "the file comes with the program, and YAML takes long to parse",
        ),
        Bad(
            """
            import requests
            from fastapi import Depends, FastAPI
            from fastapi.security import HTTPBearer
            from app.limits import limiter
            from app.tokens import decode

            app = FastAPI()
            http = requests.Session()
            KEYS = "https://login.example.org/.well-known/jwks.json"

            def signing_keys():  # SCL201
                return http.get(KEYS, timeout=5).json()["keys"]  # SCL703

            @app.get("/profile")
            @limiter.limit("10/minute")
            def profile(credentials=Depends(HTTPBearer())):
                return decode(credentials.credentials, signing_keys())
            """,
            "the keys of the log-in service are the same for all and change every few weeks",
        ),
        Bad(
            """
            from app.models import SiteSettings

            def branding(request):  # SCL201
                settings = SiteSettings.objects.first()
                return {"name": settings.name, "colour": settings.colour}
            """,
            "a context processor runs for every page",
            path="shop/context_processors.py",
        ),
        Bad(
            """
            from flask import Flask, render_template_string
            from jinja2 import Environment, FileSystemLoader
            from app.limits import limiter

            app = Flask(__name__)

            @app.route("/terms")
            @limiter.limit("10/minute")
            def terms():  # SCL201
                environment = Environment(loader=FileSystemLoader("templates"))
                return environment.get_template("terms.html").render()
            """,
            "the environment keeps the parsed templates, and is thrown away with them",
        ),
        Good(
            """
            from cachetools import TTLCache, cached

            @cached(TTLCache(maxsize=1000, ttl=60))
            def get_shipping_quote(basket_id, zone):
                basket = store.get_basket(basket_id)
                tariffs = store.find_tariffs(zone)
                return calculate_quote(basket.weight, tariffs)
            """,
            "kept for a minute",
        ),
        Good(
            """
            from django.core.cache import cache

            def get_quote(basket_id, zone):
                return cache.get_or_set(f"quote:{basket_id}:{zone}", lambda: _load_quote(basket_id, zone), 60)

            def _load_quote(basket_id, zone):
                basket = store.get_basket(basket_id)
                tariffs = store.find_tariffs(zone)
                return calculate_quote(basket.weight, tariffs)
            """,
            "its caller keeps what it gives",
        ),
        Good(
            """
            from app.caches import redis_client

            def get_shipping_quote(basket_id, zone):
                known = redis_client.get(f"quote:{basket_id}:{zone}")
                if known is None:
                    with redis_client.lock(f"quote-lock:{basket_id}:{zone}", timeout=5):
                        basket = store.get_basket(basket_id)
                        tariffs = store.find_tariffs(zone)
                        known = calculate_quote(basket.weight, tariffs)
                        redis_client.set(f"quote:{basket_id}:{zone}", known, ex=60)
                return known
            """,
            "looked up in a cache before, and put there afterwards",
        ),
        Good(
            """
            _quotes = {}

            def get_shipping_quote(basket_id, zone):
                if (basket_id, zone) not in _quotes:
                    while len(_quotes) > 1000:
                        _quotes.popitem()
                    basket = store.get_basket(basket_id)
                    tariffs = store.find_tariffs(zone)
                    _quotes[basket_id, zone] = calculate_quote(basket.weight, tariffs)
                return _quotes[basket_id, zone]
            """,
            "a memo by hand, with a bound; that it is this process's alone is another matter",
        ),
        Good(
            """
            async def get_user_permissions(user, permission_repository):
                statement = permission_repository.get_by_user_statement(user.id)
                return await permission_repository.list(statement)
            """,
            "one read: the first method only puts the statement together",
        ),
        Good(
            """
            from app.models import Grant, Person

            def get_permissions_of(person_id):
                roles = list(Grant.objects.filter(person_id=person_id).values_list("role", flat=True))
                return Grant.objects.filter(role__in=roles)
            """,
            "a query that its caller goes on with: there is nothing to keep",
        ),
        Good(
            """
            from pathlib import Path

            import yaml
            from fastapi import APIRouter
            from app.limits import limiter

            router = APIRouter()
            SHELF = Path(__file__).parent / "shelf.yaml"

            @router.post("/install")
            @limiter.limit("10/minute")
            def install(name: str):
                with open(SHELF) as file:
                    shelf = yaml.safe_load(file)
                with open(f"/tmp/{name}", "w") as target:
                    target.write(shelf[name])
                return {"name": name}
            """,
            "it changes something, once in a while",
        ),
        Good(
            """
            def get_bill(order_id):
                order = store.get_order(order_id)
                customer = store.get_customer(order.customer_id)
                return {"order": order, "customer": customer}
            """,
            "two rows by their keys, and nothing computed",
        ),
        Good(
            """
            def get_score(player_id):
                player = store.get_player(player_id)
                games = store.find_games(player_id)
                player.score = compute_score(player, games)
                store.save_player(player)
                return player.score
            """,
            "the result is written back",
        ),
        Good(
            """
            def get_price(kind, item_id):
                if kind == "book":
                    return compute_price(store.get_book(item_id))
                return compute_price(store.get_record(item_id))
            """,
            "one read, on whichever way",
        ),
        Good(
            """
            from app.models import Order

            class OrderPages:
                def get_page(self, customer, page):
                    orders = Order.objects.filter(customer=customer)
                    total = orders.count()
                    return summarize(orders.order_by("-id")[page * 20 : page * 20 + 20], total)
            """,
            "a page of a listing",
        ),
        Good(
            """
            from flask import Flask, jsonify
            from app.auth import is_admin
            from app.limits import limiter
            from app.models import Plant, Sighting, Site

            app = Flask(__name__)

            @app.route("/stats")
            @limiter.limit("10/minute")
            def stats():
                if not is_admin():
                    return "", 403
                return jsonify(plants=Plant.query.count(), sightings=Sighting.query.count(), sites=Site.query.count())
            """,
            "for those who run the service, now and then",
        ),
        Good(
            """
            from flask import Flask, Response
            from app.limits import limiter
            from app.models import Plant, Sighting, Site

            app = Flask(__name__)

            @app.route("/stats.csv")
            @limiter.limit("10/minute")
            def export_stats():
                numbers = [Plant.query.count(), Sighting.query.count(), Site.query.count()]
                return Response(",".join(map(str, numbers)), mimetype="text/csv")
            """,
            "who takes the numbers away, now and then, wants those of today",
        ),
        Good(
            """
            import yaml
            from flask import Flask
            from app.limits import limiter

            app = Flask(__name__)

            with open("countries.yaml") as file:
                COUNTRIES = yaml.safe_load(file)

            @app.route("/countries/<code>")
            @limiter.limit("10/minute")
            def country(code):
                return COUNTRIES[code]
            """,
            "loaded once, when the process starts",
        ),
        Good(
            """
            import yaml
            from flask import Flask
            from app.files import folder_of
            from app.limits import limiter

            app = Flask(__name__)

            @app.route("/drafts/<name>")
            @limiter.limit("10/minute")
            def draft(name):
                with open(folder_of(name) / "draft.yaml") as file:
                    return yaml.safe_load(file)
            """,
            "another file for each request",
        ),
        Good(
            """
            import requests
            from flask import Flask, request
            from app.limits import limiter
            from tenacity import retry, stop_after_attempt, wait_exponential

            app = Flask(__name__)
            http = requests.Session()

            @retry(stop=stop_after_attempt(3), wait=wait_exponential(max=2))
            def forecast(place):
                return http.get("https://weather.example.org/v1", params={"place": place}, timeout=5).json()

            @app.route("/weather")
            @limiter.limit("10/minute")
            def weather():
                return forecast(request.args["place"])
            """,
            "the answer is for what this request asks",
        ),
        Good(
            """
            import requests
            from flask import Flask
            from app.limits import limiter
            from tenacity import retry, stop_after_attempt, wait_exponential

            app = Flask(__name__)
            http = requests.Session()

            @retry(stop=stop_after_attempt(3), wait=wait_exponential(max=2))
            def length():
                return http.get("https://jobs.example.org/queue/length", timeout=5).json()

            @app.route("/queue")
            @limiter.limit("10/minute")
            def waiting():
                return {"length": length()}
            """,
            "a number that is another one in a moment",
        ),
        Good(
            """
            import jwt
            from fastapi import Depends, FastAPI
            from fastapi.security import HTTPBearer
            from app.limits import limiter
            from tenacity import retry, stop_after_attempt, wait_exponential

            app = FastAPI()
            keys = jwt.PyJWKClient("https://login.example.org/.well-known/jwks.json", timeout=5)

            @retry(stop=stop_after_attempt(3), wait=wait_exponential(max=2))
            def caller(token=Depends(HTTPBearer())):
                return jwt.decode(token.credentials, keys.get_signing_keys()[0].key, algorithms=["RS256"])

            @app.get("/profile")
            @limiter.limit("10/minute")
            def profile(caller=Depends(caller)):
                return caller
            """,
            "the client keeps the keys for five minutes by itself",
        ),
        Good(
            """
            import requests
            from fastapi import FastAPI
            from app.limits import limiter
            from tenacity import retry, stop_after_attempt, wait_exponential

            app = FastAPI()
            http = requests.Session()

            @app.post("/slogans")
            @limiter.limit("10/minute")
            @retry(stop=stop_after_attempt(3), wait=wait_exponential(max=2))
            def slogan():
                return http.get("https://writer.example.org/v1/slogan", timeout=5).json()

            @retry(stop=stop_after_attempt(3), wait=wait_exponential(max=2))
            def discover_plants():
                return http.get("https://plants.example.org/v2/all", timeout=5).json()

            @app.get("/plants/search")
            @limiter.limit("10/minute")
            def search():
                return [plant for plant in discover_plants() if plant["new"]]
            """,
            "a POST asks for something to be made, and who looks for what is new can't use what was kept",
        ),
        Good(
            """
            import os

            import requests
            from flask import Flask
            from app.limits import limiter
            from tenacity import retry, stop_after_attempt, wait_exponential

            app = Flask(__name__)
            http = requests.Session()
            PLANTS = os.getenv("PLANTS_URL", "http://plants:8080")

            @app.get("/plants")
            @limiter.limit("10/minute")
            @retry(stop=stop_after_attempt(3), wait=wait_exponential(max=2))
            def plants():
                return http.get(f"{PLANTS}/plants/all", timeout=5).json()
            """,
            "a gateway hands on what a sibling service answers",
        ),
        Good(
            """
            from flask import Flask, jsonify
            from app.limits import limiter
            from app.models import Garden, Plot
            from app.numbers import compute_numbers

            app = Flask(__name__)

            @app.get("/gardens/<int:garden_id>/plots/<int:plot_id>")
            @limiter.limit("10/minute")
            def numbers(garden_id, plot_id):
                garden = Garden.query.filter_by(id=garden_id).first()
                plot = Plot.query.filter_by(id=plot_id, garden_id=garden_id).first()
                return jsonify(compute_numbers(garden, plot))
            """,
            "two rows, however much is made of them",
        ),
        Good(
            """
            from importlib.resources import files
            from string import Template

            from flask import Flask, request
            from app.limits import limiter

            app = Flask(__name__)

            @app.get("/hello")
            @limiter.limit("10/minute")
            def hello():
                text = files("app").joinpath("hello.html").read_text()
                return Template(text).safe_substitute(name=request.args["name"])
            """,
            "a small text, and next to nothing to parse",
        ),
        Good(
            """
            from app.models import Person

            class LastSeen:
                def __init__(self, get_response):
                    self.get_response = get_response

                def __call__(self, request):
                    request.person = Person.objects.get(pk=request.session["person"])
                    return self.get_response(request)
            """,
            "middleware that reads one row by its key",
        ),
        Good(
            """
            from celery import shared_task

            @shared_task
            def get_forecast(site_id):
                readings = store.find_readings(site_id)
                model = store.find_models(site_id)
                return compute_forecast(readings, model)
            """,
            "a task works out what nobody waits for",
        ),
        Good(
            """
            from django.contrib.auth.mixins import UserPassesTestMixin
            from django.views.generic import TemplateView
            from library.models import Loan, Member, Title

            class ForLibrarians(UserPassesTestMixin):
                def test_func(self):
                    return self.request.user.works_here

            class Dashboard(ForLibrarians, TemplateView):
                def get_context_data(self, **kwargs):
                    context = super().get_context_data(**kwargs)
                    context["members"] = Member.objects.count()
                    context["titles"] = Title.objects.count()
                    context["loans"] = Loan.objects.count()
                    context["late"] = Loan.objects.filter(late=True).count()
                    return context
        """,
            "a page that asks who opens it",
        ),
        Good(
            """
            from rest_framework.decorators import api_view
            from rest_framework.response import Response
            from library.models import Loan, Member, Title

            @api_view(["GET"])
            def statistics(request):
                if request.user.role != "librarian":
                    return Response(status=403)
                return Response({
                    "members": Member.objects.count(),
                    "titles": Title.objects.count(),
                    "loans": Loan.objects.count(),
                    "late": Loan.objects.filter(late=True).count(),
                })
        """,
            "only those of one role are answered",
        ),
        Good(
            """
            import yaml
            from app.limits import limiter
            from flask import Flask

            app = Flask(__name__)

            @app.route("/shelves_test")
            @limiter.limit("10/minute")
            def shelves_test():
                with open("shelves.yaml") as file:
                    return yaml.safe_load(file)
        """,
            "made to be tried out",
        ),
        Good(
            """
            from django.core.paginator import Paginator
            from django.shortcuts import render
            from library.models import Loan
            from rest_framework import permissions
            from rest_framework.response import Response
            from rest_framework.views import APIView

            class LoanStatistics(APIView):
                permission_classes = (permissions.IsAdminUser,)

                def get(self, request):
                    return Response({
                        "loans": Loan.objects.count(),
                        "late": Loan.objects.filter(late=True).count(),
                        "lost": Loan.objects.filter(lost=True).count(),
                        "back": Loan.objects.filter(back=True).count(),
                    })

            def loans(request):
                found = Loan.objects.filter(shelf=request.GET["shelf"])
                stats = {
                    "loans": found.count(),
                    "late": found.filter(late=True).count(),
                    "lost": found.filter(lost=True).count(),
                    "back": found.filter(back=True).count(),
                }
                page = Paginator(found, 50).get_page(request.GET.get("page"))
                return render(request, "loans.html", {"page": page, "stats": stats})
        """,
            "for those who run the service; numbers of what the caller looks for, beside a page of it",
        ),
        Good(
            """
            import json
            from pathlib import Path

            from flask import Flask
            from app.limits import limiter

            app = Flask(__name__)
            DATA = Path(__file__).parent / "data"

            @app.route("/about.json")
            @limiter.limit("10/minute")
            def about():
                with open(DATA / "about.json") as file:
                    return json.load(file)
            """,
            "a small file, and read in no time",
        ),
        Good(
            """
            from rest_framework.permissions import BasePermission
            from garden.models import Garden, Keeper

            class GardenAdminPermission(BasePermission):
                def has_permission(self, request, view):
                    garden = Garden.objects.first()
                    return Keeper.objects.filter(garden=garden, person=request.user).exists()
            """,
            "asked of those who run the service, of whom there are few",
        ),
        Good(
            """
            from itertools import chain

            from app.models import GroupGrant

            def get_all_permissions(person):
                own = person.grants.filter(area=None).values("action")
                shared = GroupGrant.objects.filter(group__in=person.groups.all(), area=None).values("action")
                return list({each["action"] for each in chain(own, shared)})
            """,
            "two reads by an index, of which neither waits for the other",
        ),
        Good(
            """
            import requests
            from flask import Flask
            from app.files import as_table
            from app.limits import limiter
            from tenacity import retry, stop_after_attempt, wait_exponential

            app = Flask(__name__)
            http = requests.Session()

            @retry(stop=stop_after_attempt(3), wait=wait_exponential(max=2))
            def columns():
                return http.get("https://plants.example.org/columns.json", timeout=5).json()

            @app.route("/plants.csv")
            @limiter.limit("10/minute")
            def export_plants():
                return as_table(columns())
            """,
            "who takes a file away, now and then, waits for it",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the functions that read again on every call what could be kept, each once."""
        seen = set()
        for each in (*uncached(source), *parsed_again(source), *fetched_again(source)):
            if each.function not in seen:
                seen.add(each.function)
                names = {"function": display_name(each.function), "what": each.what, "instead": each.instead}
                yield Finding(each.function.node, names)
