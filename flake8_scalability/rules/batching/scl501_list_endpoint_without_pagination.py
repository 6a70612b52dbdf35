"""SCL501: an endpoint that answers with a whole collection."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.queries.listings import may_be_narrowed
from flake8_scalability.model.queries.rest_defaults import settings_without_pages
from flake8_scalability.model.sites import display_name
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class ListEndpointWithoutPagination(Rule):
    """An endpoint answers with all rows of a query, however many there will be.

    What it does
    ------------
    Finds views, routes and GraphQL resolvers whose answer holds every row of a query: Django and Tortoise querysets,
    SQLAlchemy in both styles, peewee, Pony, MongoDB, text of SQL, and repositories that are asked for everything. A
    query is followed through local names, loops, comprehensions, serializers and templates. Class-based lists of
    Django and Django REST framework are found where their pagination is turned off or set nowhere, and settings of the
    latter that give no default.

    Why it does not scale
    ---------------------
    The answer grows with the table: memory, time and bytes for each request, until the process is killed or the
    proxy gives up. What took a millisecond with the test data takes a minute with a year's.

    How to fix it
    -------------
    Take a cursor (the last key the caller saw) and a limit with an upper bound: `where(Order.id > after).limit(100)`.
    The frameworks have it ready: `DEFAULT_PAGINATION_CLASS`, `paginate_by`, `Query.paginate`, fastapi-pagination.

    Known limits
    ------------
    A table gets thousands of rows where its name says so (`Order`, `Message`, `User`), which goes for the model of a
    class-based view and for what a repository is asked for too; of others nothing is said, nor of exports, products
    that have no price, tables of a few short columns that name neither a person, a time nor another class, and settings
    none of whose views reads all rows of such a table. Rows of one parent are taken for few, those of one user and
    those in one state or role too, unless the table is one that a user fills without an end (orders, messages, photos),
    and then those of one year or in one state; those of a tenant by the table's name. Mailings to all, what those who
    run the service list of their own notices, rows that only migrations make, those that no template of a list view
    names, and schemas of GraphQL that no URL of a Django project leads to are silent. What a function of another module
    reads is not seen, except by the names of repositories.
    """

    code = "SCL501"
    slug = "list-endpoint-without-pagination"
    severity = Severity.MEDIUM
    since = "0.1.0"
    load = "unbounded result"
    message = "{function}() answers with all {rows} of {what}; paginate it: a cursor and a limit"
    short = "{function}() answers with all {rows} of {what}; paginate it"
    title = "List endpoint without pagination"
    impact = "Every answer grows with the table, until it takes the memory of the process or the patience of the proxy"
    fix = "Take a cursor and a limit with an upper bound, or the framework's pagination"
    references = (
        "https://www.django-rest-framework.org/api-guide/pagination/",
        "https://use-the-index-luke.com/no-offset",
    )
    examples = (
        Bad(
            """
            from flask import Flask, jsonify, render_template
            from app.limits import limiter
            from app.models import Order, User, db

            app = Flask(__name__)

            @app.route("/orders")
            @limiter.limit("10/minute")
            def orders():  # SCL501
                return jsonify([order.as_dict() for order in Order.query.order_by(Order.placed).all()])
        """,
            "every order ever placed",
        ),
        Bad(
            """
            from fastapi import APIRouter, Depends
            from sqlalchemy import select
            from app.db import session_of
            from app.limits import limiter
            from app.models import Order

            router = APIRouter()

            @router.get("/orders")
            @limiter.limit("10/minute")
            async def orders(paid: bool = False, session=Depends(session_of)):  # SCL501
                statement = select(Order)
                if paid:
                    statement = statement.where(Order.paid_at.is_not(None))
                result = await session.execute(statement)
                return result.scalars().all()
        """,
            "followed through the statement's name and the session",
        ),
        Bad(
            """
            from django.shortcuts import render
            from django_ratelimit.decorators import ratelimit
            from shop.models import Order

            @ratelimit(key="ip", rate="10/m")
            def orders(request):  # SCL501
                found = Order.objects.select_related("customer").filter(cancelled=False)
                return render(request, "orders.html", {"orders": found})
        """,
            "a template that gets a lazy query reads all of it",
        ),
        Bad(
            """
            from flask import Flask, jsonify
            from app.limits import limiter
            from app.pool import pool

            app = Flask(__name__)

            @app.route("/events")
            @limiter.limit("10/minute")
            def events():  # SCL501
                found = []
                with pool.connection() as connection, connection.cursor() as cursor:
                    cursor.execute("SELECT kind, happened FROM events ORDER BY happened")
                    for row in cursor.fetchall():
                        found.append({"kind": row[0], "at": row[1]})
                return jsonify(found)
        """,
            "text of SQL, and rows gathered in a loop",
        ),
        Bad(
            """
            from flask import Flask, jsonify
            from flask_login import current_user
            from app.limits import limiter
            from app.models import Order

            app = Flask(__name__)

            @app.route("/orders/mine")
            @limiter.limit("10/minute")
            def my_orders():  # SCL501
                return jsonify([each.number for each in Order.query.filter_by(user_id=current_user.id).all()])
        """,
            "of one user's orders there is no end either",
        ),
        Bad(
            """
            from rest_framework import viewsets
            from shop.models import Order
            from shop.serializers import OrderSerializer
            from shop.throttles import PerUser

            class OrderViewSet(viewsets.ReadOnlyModelViewSet):  # SCL501
                queryset = Order.objects.all()
                serializer_class = OrderSerializer
                pagination_class = None
                throttle_classes = [PerUser]
        """,
            "pagination turned off, at the class whose base lists",
        ),
        Bad(
            """
            from fastapi import APIRouter, Depends
            from app.limits import limiter
            from app.orders import OrderOut, orders_of

            router = APIRouter()

            @router.get("/orders")
            @limiter.limit("10/minute")
            async def orders(order_repository=Depends(orders_of)) -> list[OrderOut]:  # SCL501
                return list(await order_repository.get_all())
        """,
            "a repository asked for everything, answered as a list",
        ),
        Bad(
            """
            INSTALLED_APPS = ["rest_framework", "shop"]
            REST_FRAMEWORK = {  # SCL501
                "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
            }
        """,
            "lists of Django REST framework are paged only where somebody says so",
        ),
        Good(
            """
            from django.views.generic import ListView
            from harbour.models import SiteAlert

            class SiteAlerts(ListView):
                model = SiteAlert
        """,
            "what those who run a site have to tell everybody is a handful",
        ),
        Good(
            """
            from django.views.generic import ListView
            from rest_framework import viewsets
            from shop.models import Calendar, Election, Warehouse
            from shop.throttles import PerUser

            class Elections(ListView):
                model = Election

            class Calendars(viewsets.ReadOnlyModelViewSet):
                queryset = Calendar.objects.all()
                pagination_class = None
                throttle_classes = [PerUser]
        """,
            "tables that nobody fills by using the service",
        ),
        Good(
            """
            from rest_framework.decorators import api_view, throttle_classes
            from rest_framework.response import Response
            from shop.models import User
            from shop.throttles import PerUser

            @api_view(["GET"])
            @throttle_classes([PerUser])
            def blocked(request):
                return Response([user.email for user in User.objects.filter(is_active=False)])

            @api_view(["GET"])
            @throttle_classes([PerUser])
            def trainers(request):
                return Response([user.email for user in User.objects.filter(role="trainer")])
        """,
            "the exceptions, and those who have a role",
        ),
        Good(
            """
            from flask import Flask, jsonify, render_template
            from app.limits import limiter
            from app.models import Order, User, db

            app = Flask(__name__)

            @app.route("/orders")
            @limiter.limit("10/minute")
            def orders():
                found = Order.query.order_by(Order.id).limit(100).all()
                return jsonify([order.as_dict() for order in found])
        """,
            "a limit that the caller moves",
        ),
        Good(
            """
            from django.core.paginator import Paginator
            from django.shortcuts import render
            from django_ratelimit.decorators import ratelimit
            from shop.models import Order

            @ratelimit(key="ip", rate="10/m")
            def orders(request):
                found = Paginator(Order.objects.order_by("id"), 50).get_page(request.GET.get("page"))
                return render(request, "orders.html", {"orders": found})
        """,
            "one page of it",
        ),
        Good(
            """
            from flask import Flask, jsonify, render_template
            from app.limits import limiter
            from app.models import Order, User, db

            app = Flask(__name__)

            @app.route("/orders/<int:number>/lines")
            @limiter.limit("10/minute")
            def lines(number):
                found = db.session.query(Line).filter(Line.order_id == number).all()
                return jsonify([line.as_dict() for line in found])
        """,
            "the lines of one order are few",
        ),
        Good(
            """
            from flask import Flask, jsonify
            from flask_login import current_user
            from app.limits import limiter
            from app.models import Project, WeatherProfile

            app = Flask(__name__)

            @app.route("/projects/mine")
            @limiter.limit("10/minute")
            def mine():
                return jsonify([each.name for each in Project.query.filter_by(owner_id=current_user.id).all()])

            @app.route("/weather")
            @limiter.limit("10/minute")
            def weather():
                return jsonify([each.place for each in WeatherProfile.query.all()])
        """,
            "somebody's projects are a handful, and so are profiles of places",
        ),
        Good(
            """
            from flask import Flask, jsonify, request
            from app.limits import limiter
            from app.models import Order

            app = Flask(__name__)

            @app.route("/orders/some", methods=["POST"])
            @limiter.limit("10/minute")
            def some():
                found = Order.query.filter(Order.id.in_(request.json["ids"])).all()
                return jsonify([order.as_dict() for order in found])
        """,
            "as many rows as keys are asked for",
        ),
        Good(
            """
            from flask import Flask, jsonify, render_template
            from app.limits import limiter
            from app.models import Country

            app = Flask(__name__)

            @app.route("/countries")
            @limiter.limit("10/minute")
            def countries():
                return jsonify([country.name for country in Country.query.all()])
        """,
            "a table that an operator fills stays small",
        ),
        Good(
            """
            from flask import Flask, jsonify, render_template
            from app.limits import limiter
            from app.models import Order, User, db

            app = Flask(__name__)

            @app.route("/orders/size")
            @limiter.limit("10/minute")
            def size():
                return jsonify(orders=Order.query.count(), users=db.session.query(User).count())
        """,
            "a number, not the rows",
        ),
        Good(
            """
            from fastapi import APIRouter, Depends
            from sqlalchemy import select
            from app.db import session_of
            from app.limits import limiter
            from app.lists import fetch
            from app.models import Order

            router = APIRouter()

            @router.get("/orders")
            @limiter.limit("10/minute")
            async def orders(session=Depends(session_of)):
                return await fetch(session, select(Order).order_by(Order.id))
        """,
            "the answer is put together by a function that may take a part",
        ),
        Good(
            """
            from flask import Flask, jsonify, render_template
            from app.limits import limiter
            from app.models import Order, db, func

            app = Flask(__name__)

            @app.route("/orders/per-day")
            @limiter.limit("10/minute")
            def per_day():
                found = db.session.query(Order.day, func.count(Order.id)).group_by(Order.day).all()
                return jsonify([list(row) for row in found])
        """,
            "one group of rows for each day is few",
        ),
        Good(
            """
            from rest_framework import viewsets
            from shop.models import Order
            from shop.pages import ByCursor
            from shop.throttles import PerUser

            class OrderViewSet(viewsets.ReadOnlyModelViewSet):
                queryset = Order.objects.all()
                pagination_class = ByCursor
                throttle_classes = [PerUser]
        """,
            "a class of its own pages",
        ),
        Good(
            """
            INSTALLED_APPS = ["rest_framework", "shop"]
            REST_FRAMEWORK = {
                "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.CursorPagination",
                "PAGE_SIZE": 100,
            }
        """,
            "the default of the project",
        ),
        Good(
            """
            from flask import Flask, jsonify, render_template
            from app.limits import limiter
            from app.models import Order, User, db

            app = Flask(__name__)

            @app.route("/orders/<day>")
            @limiter.limit("10/minute")
            def of_day(day):
                found = Order.query.filter(Order.placed >= day.begin, Order.placed < day.end).all()
                return jsonify([order.as_dict() for order in found])
        """,
            "two ends of a time bound it",
        ),
        Good(
            """
            from django.views.generic import ListView
            from shop.models import Receipt

            class Receipts(ListView):
                model = Receipt

                def get_queryset(self):
                    return Receipt.objects.filter(member_id=self.kwargs["member"])
            """,
            "what one row has, which the URL names",
        ),
        Good(
            """
            from rest_framework.response import Response
            from rest_framework.views import APIView
            from shop.limits import SlowThrottle
            from shop.models import Delivery

            class PingView(APIView):
                throttle_classes = [SlowThrottle]

                def get(self, request):
                    return Response([each.name for each in Delivery.objects.all()])

            class OwnDeliveries(APIView):
                throttle_classes = [SlowThrottle]
                queryset = Delivery.objects.all()

                def get(self, request):
                    self.queryset = self.queryset.filter(cart=request.user.cart)
                    return Response([each.name for each in self.queryset.all()])
            """,
            "how the service fares; and a query that was narrowed before",
        ),
        Good(
            """
            from flask import Flask, render_template
            from app.limits import limiter
            from app.models import Account, Coupon, Order, User

            app = Flask(__name__)

            @app.route("/accounts/<name>")
            @limiter.limit("10/minute")
            def account(name):
                shown = Account.query.filter_by(name=name).first()
                return render_template("account.html", account=shown, people=User.query.all())

            @app.route("/orders/edit")
            @limiter.limit("10/minute")
            def edit_order():
                return render_template("order.html", people=User.query.all())

            @app.route("/coupons")
            @limiter.limit("10/minute")
            def coupons(shop):
                return render_template("coupons.html", coupons=Coupon.query.filter_by(shop_id=shop.id).all())
        """,
            "what stands in a form to be chosen from; what one shop has a few of",
        ),
        Good(
            """
            from fastapi import APIRouter, Depends
            from app.limits import limiter
            from app.models import User
            from app.orders import DeviceOut, device_repo_of

            router = APIRouter()

            @router.get("/devices/mine")
            @limiter.limit("10/minute")
            async def my_devices(user: User, device_repo=Depends(device_repo_of)) -> list[DeviceOut]:
                return [DeviceOut.model_validate(each) for each in await device_repo.list_by_user(user.id)]
        """,
            "what a repository is asked for by a key",
        ),
        Good(
            """
            from django.shortcuts import get_object_or_404, render
            from django_ratelimit.decorators import ratelimit
            from clinic.models import Appointment, Person
            from clinic.search import by_number

            @ratelimit(key="ip", rate="10/m")
            def summary(request, number):
                wanted = by_number(number)
                person = get_object_or_404(Person, wanted)
                shown = {"person": person, "appointments": Appointment.objects.filter(person=person)}
                return render(request, "summary.html", shown)
        """,
            "a page of one person, whom the URL names",
        ),
        Good(
            """
            from fastapi import APIRouter, Depends
            from app.db import session_of
            from app.limits import limiter
            from app.models import Order, Squirrel
            from app.out import Started

            router = APIRouter()

            @router.post("/orders/resend", response_model=Started)
            @limiter.limit("10/minute")
            def resend_orders(session=Depends(session_of)):
                sent = session.query(Order).filter(Order.paid.is_(False)).limit(1000).all()
                return Started(orders=[order.id for order in sent])

            @router.get("/squirrels")
            @limiter.limit("10/minute")
            def squirrels(session=Depends(session_of)):  # todo: SCL501
                return session.query(Squirrel).all()
        """,
            "a POST does something; of a table that nothing is known of nobody can say that it grows",
        ),
        Good(
            """
            from flask import Flask, jsonify
            from flask_sqlalchemy import SQLAlchemy
            from app.limits import limiter

            app = Flask(__name__)
            db = SQLAlchemy(app)

            class MailItem(db.Model):
                id = db.Column(db.Integer, primary_key=True)
                name = db.Column(db.String(80), unique=True)
                is_usual = db.Column(db.Boolean, default=True)

            @app.get("/mail-items")
            @limiter.limit("10/minute")
            def mail_items():
                return jsonify([each.name for each in MailItem.query.all()])
        """,
            "a table in which something is looked up by its name: of nobody, and made at no moment",
        ),
        Good(
            """
            from flask import Flask, jsonify
            from flask_sqlalchemy import SQLAlchemy
            from app.limits import limiter

            app = Flask(__name__)
            db = SQLAlchemy(app)

            class PollAnswer(db.Model):
                id = db.Column(db.Integer, primary_key=True)
                wording = db.Column(db.String(40))
                weight = db.Column(db.Integer)

            @app.get("/poll-answers")
            @limiter.limit("10/minute")
            def poll_answers():
                return jsonify([each.wording for each in PollAnswer.query.all()])
        """,
            "what a form offers, as somebody in charge has put it down",
        ),
        Good(
            """
            from django.contrib.auth.decorators import login_required
            from django.shortcuts import render
            from harbour.models import Order

            @login_required
            def orders_of_season(request, year):
                orders = Order.objects.filter(user=request.user, created__year=year)
                return render(request, "orders.html", {"orders": orders})
        """,
            "what one user has ordered in a year",
        ),
        Bad(
            """
            from django.contrib.auth.decorators import login_required
            from django.shortcuts import render
            from harbour.models import Order

            @login_required
            def orders_of_user(request):  # SCL501
                orders = Order.objects.filter(user=request.user)
                return render(request, "orders.html", {"orders": orders})
        """,
            "what one user has ever ordered",
        ),
        Good(
            """
            from django.contrib.auth.decorators import login_required
            from django.shortcuts import render
            from harbour.models import Appointment, Contact, Photo

            @login_required
            def contacts(request):
                found = Contact.objects.filter(tenant=request.tenant, sailor=request.sailor, member=request.user)
                return render(request, "contacts.html", {"contacts": found})

            @login_required
            def waiting(request):
                found = Photo.objects.filter(member=request.user, state="waiting")
                return render(request, "photos.html", {"photos": found})

            @login_required
            def appointments(request):
                found = Appointment.objects.filter(member=request.user)
                return render(request, "appointments.html", {"appointments": found})

            @login_required
            def reports_of(request, session):
                found = Report.objects.filter(session=session)
                return render(request, "reports.html", {"reports": found})
        """,
            "a few for each person, also beside the tenant; what is in one state; what one session of a house has",
        ),
        Bad(
            """
            from django.contrib.auth.decorators import login_required
            from django.shortcuts import render
            from harbour.models import Contact

            @login_required
            def contacts(request):  # SCL501
                found = Contact.objects.filter(tenant=request.tenant)
                return render(request, "contacts.html", {"contacts": found})
        """,
            "a tenant has any number",
        ),
        Good(
            """
            from fastapi import APIRouter, Depends
            from app.db import session_of
            from app.guards import require_admin
            from app.limits import limiter
            from app.models import BroadcastHistory, Notification

            router = APIRouter()

            @router.get("/notifications")
            @limiter.limit("10/minute")
            def notifications(session=Depends(session_of), caller=Depends(require_admin)):
                return session.query(Notification).all()

            @router.get("/broadcasts")
            @limiter.limit("10/minute")
            def broadcasts(session=Depends(session_of)):
                return session.query(BroadcastHistory).all()
        """,
            "what those who run the service have written for all, and how often they sent to all",
        ),
        Good(
            """
            from flask import Flask, jsonify
            from flask_sqlalchemy import SQLAlchemy
            from app.limits import limiter

            app = Flask(__name__)
            db = SQLAlchemy(app)

            class BerthEntry(db.Model):
                id = db.Column(db.Integer, primary_key=True)
                quay = db.Column(db.String(50))
                berth = db.Column(db.String(50))
                ships = db.relationship("Ship", back_populates="berth_entry")

            @app.get("/berths")
            @limiter.limit("10/minute")
            def berths():
                return jsonify([each.berth for each in BerthEntry.query.all()])
        """,
            "entries of a list of what there is: a few short values",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the endpoints that list without an end, each at its definition."""
        for listing in source.listings:
            name = display_name(listing.scope) if listing.scope.is_function else listing.scope.name
            rows = "matching rows" if listing.query is not None and listing.query.chooses else "rows"
            what = listing.entity or "a collection"
            what += " unless filtered" if may_be_narrowed(listing) else ""
            yield Finding(listing.node, {"function": name, "rows": rows, "what": what})
        settings = settings_without_pages(source)
        if settings is not None:
            node, view = settings
            yield Finding(node, {"function": view, "rows": "rows", "what": "its queryset by default"})
