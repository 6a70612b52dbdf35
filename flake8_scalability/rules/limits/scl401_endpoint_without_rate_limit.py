"""SCL401: an endpoint that one caller alone can keep busy."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.limits import unlimited
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class EndpointWithoutRateLimit(Rule):
    """An endpoint does work for its callers, and nothing holds back the one who calls it without end.

    What it does
    ------------
    Flags endpoints of Flask, FastAPI, Starlette, Django, Django REST framework, aiohttp, Sanic, Tornado, Quart,
    Litestar, Falcon, Bottle, CherryPy, web.py and Connexion that have no limiter.  An endpoint that checks passwords or
    codes, opens accounts, sends mail, starts payments, takes uploads, computes for long, searches, or gives anyone
    data from a store, is named.  What else a router has that is open to anyone is one finding, at the router where
    there are four or more.  Silent are probes, metrics, static files, webhooks with a signature, links with a token,
    pages that are only looked at, what operators alone may call, endpoints that do no work, and cheap work, searches,
    uploads and mail about himself for who is logged in.  That may be asked for by a decorator, a
    dependency, those of the routers that include this one in other files, what the project's URL patterns wrap around
    the view, or a test that leaves early with 401 or 403.  Decorators that the project defines are read for that.

    Any limiter counts: a decorator, a dependency, a throttle class, a check in the handler, in what it calls or in a
    base of its class, also where these stand in other files of the project, one declared for its class, router or
    blueprint, and one declared for the whole application in any file of the project (middleware, `default_limits`,
    `DEFAULT_THROTTLE_CLASSES`, nginx, an API gateway), which silences the rule.

    Why it does not scale
    ---------------------
    Capacity is shared: a crawler, a client with a bug in its retry loop, or somebody who tries passwords takes the
    workers, connections and database time of everybody else.  More instances only feed it.  A limit per caller keeps
    the damage with the one who does it, and answers in microseconds.

    How to fix it
    -------------
    Limit by user or by address, counted in a store that all instances share: Flask-Limiter, slowapi or
    fastapi-limiter, `throttle_classes`, django-ratelimit, with Redis behind them.  Declare a default for the whole
    application and tighter limits for what is expensive or guessable.  Answer 429 with `Retry-After`.  If a gateway in
    front of the service does it, say so with `--scl-gateway-limits`.

    Known limits
    ------------
    Who may call, and what an endpoint does, is read from names where it is not shown: a limiter that is called neither
    limit, throttle nor quota goes unseen.  A gateway that is configured outside the project is not known; routers of a
    project that ask nobody who he is, and do nothing that stands out, are taken to lie behind one.  Handlers that do
    their work for those alone who are logged in, who have a secret of the settings, or whom a call named `assert_`,
    `ensure_`, `enforce_` or `validate_` lets pass, are not open to strangers, nor are those of a class whose base finds
    out who calls before each method.  Views that inherit all they do and give pages are light.  Uploads and searches of
    a project in which no endpoint asks who calls are left alone: such a service is run for a few.  Folders and files of
    mock servers are no service.  GraphQL, gRPC and web sockets are not looked at.
    """

    code = "SCL401"
    slug = "endpoint-without-rate-limit"
    severity = Severity.HIGH
    since = "0.1.0"
    message = "{name} {says}no rate limit: {advice}"
    short = "{name} {says}no rate limit: limit callers"
    title = "Endpoint without a rate limit"
    impact = "One caller can use up the workers, connections and database time of all others"
    fix = "Limit each caller (Flask-Limiter, slowapi, DRF throttle classes), counted in Redis, and answer 429"
    references = (
        "https://flask-limiter.readthedocs.io/en/stable/",
        "https://slowapi.readthedocs.io/en/latest/",
        "https://www.django-rest-framework.org/api-guide/throttling/",
        "https://owasp.org/API-Security/editions/2023/en/0xa4-unrestricted-resource-consumption/",
    )
    examples = (
        Bad(
            """
            from flask import Blueprint, abort, request
            from app.accounts import User, start_session

            accounts = Blueprint("accounts", __name__)

            @accounts.route("/login", methods=["POST"])
            def login():  # SCL401
                user = User.query.filter_by(email=request.form["email"]).first()
                if user is None or not user.verify_password(request.form["password"]):
                    abort(401)
                return start_session(user)
            """,
            "passwords can be tried as fast as the server answers",
        ),
        Bad(
            """
            from app.api import limiter
            from app.mail import send_reset_email
            from app.accounts import find_user, check_password
            from fastapi import APIRouter

            router = APIRouter(prefix="/auth")

            @router.post("/login")
            @limiter.limit("5/minute")
            async def login(email: str, password: str):
                return {"ok": check_password(await find_user(email), password)}

            @router.post("/forgot-password")
            async def forgot_password(email: str):  # SCL401
                user = await find_user(email)
                if user:
                    await send_reset_email(user)
                return {"sent": True}
            """,
            "one endpoint is limited, its neighbour that sends mail was forgotten",
        ),
        Bad(
            """
            from rest_framework.decorators import api_view, permission_classes
            from rest_framework.permissions import AllowAny
            from rest_framework.response import Response
            from shop.analytics_store import load_daily_revenue
            from shop.models import Shop

            @api_view(["GET"])
            @permission_classes([AllowAny])
            def revenue_statistics(request, shop_id):  # SCL401
                return Response(load_daily_revenue(Shop.objects.get(pk=shop_id)))
            """,
            "each call is a scan of the warehouse",
        ),
        Bad(
            """
            from fastapi import APIRouter
            from app import crud

            router = APIRouter(prefix="/notes")  # SCL401

            @router.get("/recent")
            async def recent():
                return await crud.recent_notes(50)

            @router.post("/")
            async def add(text: str):
                return await crud.add_note(text)

            @router.put("/{number}")
            async def change(number: int, text: str):
                return await crud.change_note(number, text)

            @router.delete("/{number}")
            async def remove(number: int):
                return await crud.remove_note(number)
            """,
            "a router that is open to anyone, and of which no endpoint stands out, is limited as a whole",
        ),
        Bad(
            """
            from aiohttp import web

            async def lookup(request):  # SCL401
                pool = request.app["pool"]
                row = await pool.fetchrow("SELECT id, name FROM places WHERE zip = $1", request.query["zip"])
                shops = await pool.fetchval("SELECT count(*) FROM shops WHERE place = $1", row["id"])
                return web.json_response({"name": row["name"], "shops": shops})

            def create_app():
                app = web.Application()
                app.router.add_get("/places", lookup)
                return app
            """,
            "anybody's call is two queries",
        ),
        Bad(
            """
            from flask import Flask, redirect, request, session
            from passlib.hash import argon2
            from app.people import Person

            app = Flask(__name__)

            @app.post("/password")
            def changePassword():  # SCL401
                if "userName" not in session:
                    return redirect("/login")
                person = Person.query.filter_by(name=session["userName"]).first()
                if argon2.verify(request.form["old"], person.password):
                    person.rename(request.form["new"])
                return redirect("/")
            """
        ),
        Good(
            """
            from django.http import HttpResponse
            from shop.access import READERS, may_open
            from shop.parcels import Parcel, send_parcel_mail

            def announce(request, number):
                refused = access_of(request, READERS)
                if refused is not None:
                    return refused
                parcel = Parcel.objects.get(pk=number, owner=request.POST["owner"])
                parcel.announce()
                return HttpResponse(status=204)

            def access_of(request, whom):
                return None if may_open(request, whom) else HttpResponse(status=404)
            """,
            "who may not do so is turned away first",
        ),
        Good(
            """
            from flask import Blueprint, request
            from app.access import requires_role
            from app.letters import send_letter_mail

            letters = Blueprint("letters", __name__)

            @letters.post("/letters/<int:number>/send")
            @requires_role("CLERK")
            def send_letter(number):
                send_letter_mail(number, request.form["to"])
                return "", 204
            """,
            "the operator has given the role to a few",
        ),
        Good(
            """
            from rest_framework.generics import RetrieveAPIView
            from rest_framework.permissions import AllowAny
            from shop.serializers import PersonSerializer

            class Me(RetrieveAPIView):
                serializer_class = PersonSerializer
                permission_classes = [AllowAny]

                def get_object(self):
                    return self.request.user
            """,
            "what is known of the caller costs nothing more",
        ),
        Good(
            """
            from fastapi import APIRouter, HTTPException, Request
            from app import exchange

            router = APIRouter()

            @router.post("/exchange")
            async def swap(request: Request):
                if not exchange.knows(request.headers.get("authorization")):
                    raise HTTPException(401)
                return await exchange.swap(await request.json())
            """,
            "strangers get 401 before any work is done",
        ),
        Good(
            """
            from flask import Flask, request, session
            from app.codes import verify_code

            app = Flask(__name__)

            @app.post("/2fa")
            def check_otp():
                if session["wrong_attempts"] >= 5:
                    return "", 403
                session["wrong_attempts"] += 1
                return {"ok": verify_code(request.form["code"])}
            """,
            "whoever has tried five times is through",
        ),
        Good(
            """
            from flask import Blueprint, request
            from flask_limiter import Limiter
            from app.places import Place
            from shop.settings import CACHE_URL

            places = Blueprint("places", __name__)
            limiter = Limiter(lambda: request.remote_addr, storage_uri=CACHE_URL)

            @places.route("/places")
            @limiter.limit("60/minute")
            def find():
                place = Place.query.filter_by(zip=request.args["zip"]).first()
                return {"name": place.name}
            """,
            "a decorator limits it",
        ),
        Good(
            """
            from fastapi import APIRouter, Depends
            from app.limits import RateLimiter
            from app import crud

            router = APIRouter(dependencies=[Depends(RateLimiter(times=30, seconds=60))])

            @router.get("/places")
            async def places(name: str):
                return await crud.places_like(name)
            """,
            "the router's dependency limits all of its endpoints",
        ),
        Good(
            """
            from rest_framework.generics import ListAPIView
            from rest_framework.throttling import ScopedRateThrottle
            from shop.models import Offer
            from shop.serializers import OfferSerializer

            class Offers(ListAPIView):
                queryset = Offer.objects.order_by("pk")
                serializer_class = OfferSerializer
                throttle_classes = [ScopedRateThrottle]
                throttle_scope = "offers"
            """,
            "a throttle class limits the view",
        ),
        Good(
            """
            from flask import Flask, abort, request
            from limits import parse
            from limits.storage import RedisStorage
            from limits.strategies import MovingWindowRateLimiter
            from app.places import Place
            from shop.settings import CACHE_URL

            app = Flask(__name__)
            strategy = MovingWindowRateLimiter(RedisStorage(CACHE_URL))
            rate = parse("20/minute")

            def refuse_the_eager():
                if not strategy.hit(rate, request.remote_addr):
                    abort(429)

            @app.route("/places")
            def find():
                refuse_the_eager()
                return {"name": Place.query.filter_by(zip=request.args["zip"]).first().name}
            """,
            "a check by hand, in a helper, that answers 429",
        ),
        Good(
            """
            from flask import Blueprint
            from app.limits import limiter
            from app.places import Place

            places = Blueprint("places", __name__)
            limiter.limit("100/hour")(places)

            @places.get("/places/<int:number>")
            def show(number):
                return {"name": Place.query.get_or_404(number).name}
            """,
            "the whole blueprint is limited",
        ),
        Good(
            """
            from fastapi import FastAPI
            from app.middleware import ThrottlingMiddleware
            from app import crud

            app = FastAPI()
            app.add_middleware(ThrottlingMiddleware, per_minute=60)

            @app.get("/places")
            async def places(name: str):
                return await crud.places_like(name)
            """,
            "middleware limits the application",
        ),
        Good(
            """
            from fastapi import APIRouter
            from app.db import database

            router = APIRouter()

            @router.get("/healthz")
            async def healthz():
                await database.execute("SELECT 1")
                return {"ok": True}
            """,
            "a probe comes from the operator's own machines, and must not be refused",
        ),
        Good(
            """
            from fastapi import APIRouter
            from app.db import database

            router = APIRouter()

            @router.get("/notices")
            async def notices():
                return await database.fetch("SELECT text FROM notices WHERE until > now() LIMIT 3")
            """,
            "a small look-up that every page makes needs a cache rather than a limit",
        ),
        Good(
            """
            from fastapi import APIRouter, Request
            from app import orders

            router = APIRouter()

            @router.post("/callbacks/delivery")
            async def delivered(request: Request):
                order = await orders.find((await request.json())["order"])
                await orders.close(order)
                return {}
            """,
            "another service calls it when something has happened there",
        ),
        Good(
            """
            from flask import Blueprint, request
            from flask_login import current_user, login_required
            from app.mail import send_team_deleted_email
            from app.teams import Team

            teams = Blueprint("teams", __name__)

            @teams.delete("/teams/<int:number>")
            @login_required
            def delete_team(number):
                team = Team.query.filter_by(id=number, owner=current_user.id).first_or_404()
                team.delete()
                send_team_deleted_email(team)
                return "", 204
            """,
            "a note of what somebody with an account did is no way to send many",
        ),
        Good(
            """
            import hmac
            from fastapi import APIRouter, Header, HTTPException
            from app import orders
            from app.schemas import Settlement

            router = APIRouter()

            @router.post("/webhooks/payment")
            async def payment_webhook(settlement: Settlement, signature: str = Header()):
                if not hmac.compare_digest(signature, settlement.signed()):
                    raise HTTPException(403)
                await orders.settle(settlement)
                return {}
            """,
            "the signature says who calls, and a call refused is an event lost",
        ),
        Good(
            """
            from flask import Blueprint, redirect, render_template, url_for

            pages = Blueprint("pages", __name__)

            @pages.route("/prices")
            def prices():
                return render_template("prices.html", currency="EUR")

            @pages.route("/old")
            def old():
                return redirect(url_for("pages.prices"))
            """,
            "no work is done for the caller",
        ),
        Good(
            """
            from flask import Blueprint
            from app.auth import admin_required
            from app.places import Place

            backstage = Blueprint("backstage", __name__)

            @backstage.route("/places/<int:number>", methods=["DELETE"])
            @admin_required
            def remove(number):
                Place.query.filter_by(id=number).delete()
                return "", 204
            """,
            "only those who run the service may call it",
        ),
        Good(
            """
            from fastapi import APIRouter, Depends
            from app.auth import current_user
            from app import crud

            router = APIRouter(prefix="/notes")

            @router.get("/")
            async def notes(user=Depends(current_user)):
                return await crud.notes_of(user, 50)

            @router.post("/")
            async def add(text: str, user=Depends(current_user)):
                return await crud.add_note(user, text)

            @router.put("/{number}")
            async def change(number: int, text: str, user=Depends(current_user)):
                return await crud.change_note(user, number, text)

            @router.delete("/{number}")
            async def remove(number: int, user=Depends(current_user)):
                return await crud.remove_note(user, number)
            """,
            "who calls has an account, and nothing here costs much",
        ),
        Good(
            """
            from flask import Blueprint, render_template
            from app.places import Place

            places = Blueprint("places", __name__)

            @places.route("/places/<int:number>")
            def show(number):
                return render_template("place.html", place=Place.query.get_or_404(number))
            """,
            "a page that people look at, of one row",
        ),
        Good(
            """
            from django.core.exceptions import PermissionDenied
            from django.http import HttpResponse
            from app.letters import Reader

            def retire(request, number):
                if not request.user.is_superuser:
                    raise PermissionDenied
                Reader.objects.filter(pk=number).update(active=False)
                return HttpResponse(status=204)
            """,
            "all but those who run the service are turned away",
        ),
        Good(
            """
            from django.core.signing import BadSignature, Signer
            from django.http import HttpResponse
            from app.letters import Reader

            def unsubscribe(request, signed_address):
                try:
                    address = Signer().unsign(signed_address)
                except BadSignature:
                    return HttpResponse(status=404)
                if request.method == "POST":
                    Reader.objects.filter(address=address).delete()
                return HttpResponse(status=204)
            """,
            "a link that only those have whom it was sent",
        ),
        Good(
            """
            from flask import Blueprint, jsonify
            from app.caches import cache
            from app.places import Country

            countries = Blueprint("countries", __name__)

            @cache.memoize(timeout=300)
            def names():
                return [each.name for each in Country.query.order_by(Country.name).limit(300)]

            @countries.get("/countries")
            def show():
                return jsonify(names())
            """,
            "what is answered stands in memory",
        ),
        Good(
            """
            from django.contrib.auth import authenticate, login
            from django.http import HttpResponse
            from django_ratelimit.decorators import ratelimit

            @ratelimit(key="ip", rate="5/m", method="POST", block=True)
            def sign_in(request):
                user = authenticate(request, username=request.POST["name"], password=request.POST["word"])
                login(request, user)
                return HttpResponse(status=204)
            """,
            "tries to log in are counted for each address",
        ),
        Good(
            """
            from typing import Annotated
            from fastapi import Depends, FastAPI
            from app.auth import current_user
            from app import crud

            app = FastAPI()

            async def shop_of(user: Annotated[dict, Depends(current_user)]):
                return user["shop"]

            Shop = Annotated[str, Depends(shop_of)]

            @app.post("/opened")
            async def opened(shop: Annotated[str, Depends(shop_of)]):
                return await crud.open_shop(shop)

            @app.post("/closed")
            async def closed(shop: Shop):
                return await crud.close_shop(shop)
            """,
            "what they depend on depends on who is logged in",
        ),
        Good(
            """
            from flask import Flask, redirect, request, session
            from app.notes import Note

            app = Flask(__name__)

            @app.post("/notes")
            def add():
                if "userName" not in session:
                    return redirect("/login")
                Note.query.filter_by(owner=session["userName"]).delete()
                return redirect("/notes")
            """,
            "only who has logged in has that in his session",
        ),
        Good(
            """
            from django.shortcuts import get_object_or_404
            from django.views.generic import UpdateView
            from app.letters import Letter, validate_letter_access

            class EditLetter(UpdateView):
                model = Letter
                fields = ["text"]

                def get_object(self, queryset=None):
                    letter = get_object_or_404(Letter, pk=self.kwargs["number"])
                    validate_letter_access(self.request.user, letter)
                    return letter
            """,
            "what the view looks up it gives to those alone whose it is",
        ),
        Good(
            """
            from django.contrib.auth import authenticate, login
            from django.http import HttpResponse

            def sign_in(request):
                login(request, authenticate(request, username=request.POST["name"], password=request.POST["word"]))
                return HttpResponse(status=204)
            """,
            "a server that stands in for another where the developers try things out",
            path="bank_mock/views.py",
        ),
        Good(
            """
            from flask import Flask, Response, render_template
            from app.settings_of_site import Site

            app = Flask(__name__)

            @app.route("/opensearch.xml", methods=["GET", "POST"])
            def opensearch():
                site = Site.query.filter_by(id=1).first()
                parent = Site.query.filter_by(id=site.parent).first()
                return Response(render_template("opensearch.xml", name=site.name, parent=parent.name))
            """,
            "the description of a search is no search",
        ),
        Good(
            """
            from flask import Flask, redirect, request
            from flask_login import current_user
            from app.places import Place

            app = Flask(__name__)

            @app.get("/places/search")
            def search():
                if current_user.is_authenticated:
                    found = Place.query.filter(Place.name.contains(request.args["name"])).limit(20).all()
                    return {"names": [each.name for each in found]}
                return redirect("/login")
            """,
            "all that it does it does for who is logged in",
        ),
        Good(
            """
            from fastapi import FastAPI, Request
            from app import orders, settings
            from app.mail import send_email

            app = FastAPI()

            @app.post("/parcels/arrived")
            async def arrived(request: Request):
                if request.headers.get("x-parcels") != settings.PARCEL_SECRET:
                    return {"known": False}
                order = await orders.find((await request.json())["order"])
                await send_email(order.buyer, "arrived")
                return {"known": True}
            """,
            "whoever calls has a secret of the service",
        ),
        Good(
            """
            from flask import Flask, request
            from app import orders, settings
            from app.mail import send_email

            app = Flask(__name__)

            @app.post("/parcels/lost")
            def lost():
                key = request.args.get("key")
                if key and key == settings.CARRIER_KEY:
                    send_email(orders.find(request.args["order"]).buyer, "lost")
                return {}
            """,
            "all work is done for who has the key",
        ),
        Good(
            """
            from rest_framework.generics import ListAPIView
            from app.pages import SmallPages
            from shop.models import Kind
            from shop.serializers import KindSerializer

            class Kinds(ListAPIView):
                queryset = Kind.objects.order_by("name")
                serializer_class = KindSerializer
                pagination_class = SmallPages
            """,
            "a page of one table, as every visitor looks at it",
        ),
        Good(
            """
            from flask import Blueprint, request
            from app.accounts import admin_required, Account

            accounts = Blueprint("accounts", __name__)

            @accounts.post("/accounts/<int:number>/reset-password")
            @admin_required
            def reset_password(number, org):
                account = Account.query.filter_by(id=number, org=org).first_or_404()
                return {"word": account.new_password()}
            """,
            "who runs the account of a customer gives out new passwords by hand",
        ),
        Good(
            """
            from django.contrib.auth.views import PasswordResetConfirmView
            from app.accounts import Account

            class ResetPassword(PasswordResetConfirmView):
                def form_valid(self, form):
                    Account.objects.filter(user=form.user).update(warned=False)
                    return super().form_valid(form)
            """,
            "Django has looked at the token of the link before",
        ),
        Good(
            """
            from django.http import Http404, HttpResponse
            from django.views import View
            from app.mail import send_mail
            from app.post_office import is_valid_bounce_post

            class Bounced(View):
                def post(self, request):
                    if not is_valid_bounce_post(request):
                        raise Http404
                    send_mail("bounced", request.POST["recipient"])
                    return HttpResponse(status=204)
            """,
            "only who can sign is heard",
        ),
        Good(
            """
            from fastapi import FastAPI, Request
            from app.talk import answer_slack

            app = FastAPI()

            @app.post("/slack/events")
            async def heard(request: Request):
                return await answer_slack(request)
            """,
            "Slack signs what it sends, and who is given the request can see that",
        ),
        Good(
            """
            from fastapi import APIRouter, Request
            from app.keys import finish_login

            router = APIRouter(prefix="/2fa")

            @router.post("/fido2/complete")
            async def complete_fido2(request: Request):
                return await finish_login(await request.json())
            """,
            "what a key of hardware signs can't be guessed",
        ),
        Good(
            """
            from django.http import HttpResponseRedirect
            from app.pictures import Picture, Small

            def small_picture(request, number):
                if small := Small.objects.filter(picture=number).first():
                    return HttpResponseRedirect(small.url)
                made = Picture.objects.get(pk=number).create_thumbnail()
                return HttpResponseRedirect(Small.objects.create(picture=number, file=made).url)
            """,
            "each is made once and kept",
        ),
        Good(
            """
            from flask import Flask, request
            from app.caches import cache
            from app.mail import send_email

            app = Flask(__name__)

            @app.post("/invitation")
            def send_invitation():
                address = request.form["address"]
                if cache.get(f"invited:{address}"):
                    return "", 409
                cache.set(f"invited:{address}", True, timeout=600)
                send_email(address, "invitation")
                return "", 204
            """,
            "nobody gets a second mail within ten minutes",
        ),
        Good(
            """
            from flask import Flask
            from app.news import Story, entry_of

            app = Flask(__name__)
            _news_cache = {"entries": []}

            def load_news():
                for story in Story.query.filter_by(open=True).limit(20):
                    _news_cache["entries"].append(entry_of(story))

            def news():
                return _news_cache["entries"]

            @app.get("/news")
            def show_news():
                return {"news": news()}
            """,
            "the answer is one for all, and stands in memory",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the unlimited endpoints that invite abuse, and one finding for many others of a router."""
        for each in unlimited.findings_in(source):
            yield Finding(each.node, {"name": each.name, "says": each.says, "advice": each.advice})
