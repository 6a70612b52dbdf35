"""What settings and views of Django REST framework say of all its lists."""

from __future__ import annotations

from flake8_scalability.catalog.project_facts import PYTHON, Fact, FactRow

FACTS = (
    FactRow(
        Fact.REST_PAGES,
        PYTHON,
        ("paginat",),
        (r"(DEFAULT_PAGINATION_CLASS|[\"']PAGINATE_BY)[\"']?\]?\s*[:=]\s*[\"'\w(]",),
    ),
    FactRow(
        Fact.REST_VIEW_PAGES,
        PYTHON,
        ("pagination_class",),
        (r"^\s+pagination_class\s*(:[^=\n]+)?=\s*(?!None)\w",),
    ),
    FactRow(
        Fact.REST_LISTS,
        PYTHON,
        ("rest_framework",),
        (r"^class (\w+)\([^)]*\bList(Create)?APIView\b",),
    ),
    FactRow(
        Fact.REST_VIEWSETS,
        PYTHON,
        ("rest_framework",),
        (r"^class (\w+)\([^)]*\b(ListModelMixin|(ReadOnly)?ModelViewSet)\b",),
    ),
    FactRow(
        Fact.REST_ROUTED,
        PYTHON,
        ("register", "as_view"),
        (r"^[^#\n]*\.register\(\s*(prefix\s*=\s*)?[rf]?[\"'][^#]", r"^[^#\n]*\.as_view\(\s*(actions\s*=\s*)?\{"),
    ),
    FactRow(Fact.REST_VIEWS, PYTHON, ("rest_framework",), (r"^(from rest_framework|import rest_framework)",)),
    FactRow(Fact.REST_INSTALLED, PYTHON, ("rest_framework",), (r"(^|[\[(,])\s*[\"']rest_framework[\"']\s*[,\])]",)),
    FactRow(Fact.REST_SETTINGS, PYTHON, ("rest_framework",), (r"^\s*REST_FRAMEWORK(:[^=]+)?\s*=\s*\{",)),
)
