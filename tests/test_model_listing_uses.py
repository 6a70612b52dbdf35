"""What becomes of a listing: rows that come with the program, and rows that no template shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.options import Settings

VIEW = (
    "from django.views.generic import ListView\nfrom harbour.models import Order\nclass Orders(ListView):\n"
    " template_name = 'harbour/orders.html'\n def get_queryset(self):\n  return Order.objects.order_by('id')\n"
)
API = (
    "from rest_framework import generics\nfrom harbour.models import LawEntry\nclass Entries(generics.ListAPIView):\n"
    " pagination_class = None\n queryset = LawEntry.objects.all()\n"
)
MIGRATION = (
    "def fill(apps, _):\n LawEntry = apps.get_model('harbour', 'LawEntry')\n LawEntry.objects.create(name='I')\n"
)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def listed(tmp_path: Path, source: str) -> int:
    write(tmp_path / "pyproject.toml", "")
    write(tmp_path / "harbour" / "views.py", source)
    return len(model(source, str(tmp_path / "harbour" / "views.py"), Settings()).listings)


@pytest.mark.parametrize(
    ("page", "base", "number"),
    [
        ("{% extends 'base.html' %}{{ latest }}", "<html>{{ title }}</html>", 0),
        ("{% extends 'base.html' %}{{ latest }}", "<html>{{ object_list }}</html>", 1),
        ("{% for order in order_list %}{% endfor %}", "", 1),
        ("{% for order in object_list %}{% endfor %}", "", 1),
        ("{% include part %}", "", 1),
        ("{% include 'elsewhere/part.html' %}", "", 1),
        ("{% include 'base.html' %}", "nothing", 0),
        ("{% extends 'elsewhere/base.html' %}{{ latest }}", "", 0),
    ],
)
def test_a_list_view_whose_template_names_no_rows(tmp_path: Path, page: str, base: str, number: int) -> None:
    write(tmp_path / "harbour" / "templates" / "harbour" / "orders.html", page)
    write(tmp_path / "harbour" / "templates" / "base.html", base)
    assert listed(tmp_path, VIEW) == number


def test_a_list_view_that_reads_its_rows_or_has_no_template_in_sight(tmp_path: Path) -> None:
    assert listed(tmp_path, VIEW) == 1
    write(tmp_path / "harbour" / "templates" / "harbour" / "orders.html", "{{ number }}")
    reading = " def get_context_data(self):\n  return {'number': len(self.object_list)}\n"
    assert listed(tmp_path, VIEW + reading) == 1


@pytest.mark.parametrize(
    ("file", "text", "number"),
    [
        ("other.py", "from harbour.models import LawEntry\nfirst = LawEntry.objects.get\n", 0),
        ("management/commands/fill.py", "from harbour.models import LawEntry\nLawEntry.objects.create()\n", 0),
        ("other.py", "from harbour.models import LawEntry\ndef add():\n LawEntry.objects.create()\n", 1),
        ("other.py", "from harbour.models import LawEntry\ndef add():\n LawEntry(name='II').save()\n", 1),
        ("admin.py", "from harbour.models import LawEntry\nadmin.site.register(LawEntry)\n", 1),
        ("forms.py", "from harbour.models import LawEntry\nclass Form(ModelForm):\n model = LawEntry\n", 1),
    ],
)
def test_rows_that_only_migrations_make(tmp_path: Path, file: str, text: str, number: int) -> None:
    write(tmp_path / "harbour" / "migrations" / "0002_entries.py", MIGRATION)
    write(tmp_path / "harbour" / file, text)
    assert listed(tmp_path, API) == number


def test_rows_that_nothing_in_sight_makes(tmp_path: Path) -> None:
    write(tmp_path / "harbour" / "migrations" / "0001_initial.py", "migrations.CreateModel('LawEntry')\n")
    assert listed(tmp_path, API) == 1


SCHEMA = (
    "import graphene\nfrom graphene_django.types import DjangoObjectType\nfrom harbour.models import Order\n"
    "class OrderType(DjangoObjectType):\n class Meta:\n  model = Order\n"
    "class Query(graphene.ObjectType):\n all_orders = graphene.List(OrderType)\n"
    " def resolve_all_orders(self, info):\n  return Order.objects.all()\n"
)


@pytest.mark.parametrize(
    ("urls", "number"),
    [
        ("urlpatterns = [path('graphql', GraphQLView.as_view())]\n", 1),
        ("urlpatterns = [path('graphql', csrf_exempt(FileUploadGraphQLView.as_view()))]\n", 1),
        ("urlpatterns = []\n# path('graphql', GraphQLView.as_view())\n", 0),
        ("urlpatterns = []\n", 0),
    ],
)
def test_schemas_are_served_where_a_url_leads_to_one(tmp_path: Path, urls: str, number: int) -> None:
    write(tmp_path / "main" / "urls.py", urls)
    assert listed(tmp_path, SCHEMA) == number


def page(body: str, above: str = "@login_required") -> str:
    return (
        "from django.contrib.auth.decorators import login_required\nfrom django.shortcuts import render\n"
        f"from harbour.models import Appointment, Contact, Notification, Order\n{above}\ndef orders(request):\n"
        f" found = {body}\n return render(request, 'orders.html', {{'rows': found}})\n"
    )


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        ("Order.objects.filter(user=request.user)", 1),
        ("Order.objects.filter(user=request.user, status='paid')", 1),
        ("Order.objects.filter(user=request.user, status='refused')", 0),
        ("Order.objects.filter(user=request.user, tenant=request.tenant)", 1),
        ("Appointment.objects.filter(user=request.user)", 0),
        ("Appointment.objects.filter(tenant=request.tenant)", 1),
        ("Contact.objects.filter(tenant=request.tenant)", 1),
        ("Contact.objects.filter(account=request.account)", 0),
        ("Contact.objects.filter(tenant=request.tenant, student=request.student)", 0),
    ],
)
def test_rows_of_an_owner(rows: str, number: int) -> None:
    assert len(model(page(rows)).listings) == number


@pytest.mark.parametrize(
    ("above", "rows", "number"),
    [
        ("@login_required", "Notification.objects.all()", 1),
        ("@staff_member_required", "Notification.objects.all()", 0),
        ("@staff_member_required", "Order.objects.all()", 1),
    ],
)
def test_what_staff_have_written(above: str, rows: str, number: int) -> None:
    assert len(model(page(rows, above)).listings) == number
