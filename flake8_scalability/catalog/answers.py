"""How handlers answer: the calls around the rows of an answer that leave all of them in it."""

from __future__ import annotations

import re

#: Calls through which the rows that they are given reach the answer, by their last name.
CARRYING = re.compile(
    r"^(list|tuple|set|sorted|dict|reversed|enumerate|zip|map|str)$|json|dump|serial|render|template|respon|schema|"
    r"to_dict|as_dict|to_representation|model_validate|validate_python|parse_obj|from_orm|marshal|encode|success|^ok$|"
    r"^data$|result|wrap|envelope|format_|transform|convert|^wr(ite|ap)|^send$|^finish$",
    re.IGNORECASE,
)
#: Calls that give a number, a flag or one row of what they are given.
REDUCING = frozenset(
    {"len", "sum", "min", "max", "any", "all", "bool", "next", "count", "isinstance", "get_object_or_404"}
)
#: Names of what takes a part of what it is given, or makes a file of it that is meant to hold everything.
PAGES = re.compile(r"pagina|^page|pager|table|csv|xlsx?(_|$)|pdf|spreadsheet|stream|writer|export|excel", re.IGNORECASE)
#: Frameworks of GraphQL, whose resolvers answer with what they return.
GRAPHQL = frozenset({"graphene", "strawberry", "ariadne", "graphql"})
#: The one whose schemas a URL of Django has to lead to, and the line that names the view for it.
SCHEMAS_OF_DJANGO = "graphene_django"
GRAPHQL_VIEW = re.compile(r"^[^#\n]*\b\w*GraphQL\w*View\b", re.MULTILINE)
GRAPHQL_WORD = "GraphQL"

#: Base classes of views that answer with all rows of a model where nothing pages them.
LIST_VIEWS = frozenset({"ListView"})
REST_LISTS = frozenset({"ListAPIView", "ListCreateAPIView", "ModelViewSet", "ReadOnlyModelViewSet", "ListModelMixin"})
#: Methods that narrow a query.
CONDITIONS = frozenset({"filter", "filter_by", "where", "exclude"})
#: Methods of views that narrow what others of them list or take one of.
NARROWING = frozenset({"get_queryset", "filter_queryset"})
#: How a class of views is given all rows of a model.
WHOLE = re.compile(
    r"^[ \t]+queryset\s*(:[^=\n]+)?=\s*[(\s]*\w+\.objects\s*\.(all|order_by|select_related|prefetch_related)\(",
    re.MULTILINE,
)
#: The class whose rows such a query gives.
LISTED = re.compile(r"(\w+)\.objects")
#: Further bases that have no say in it.
OTHER_BASES = re.compile(
    r"^(Login|Permission|UserPasses|AccessMixin|GenericViewSet|GenericAPIView|(Create|Update|Retrieve|Destroy|List)ModelMixin|"
    r"ListView|ListAPIView|ListCreateAPIView|ModelViewSet|ReadOnlyModelViewSet|object)"
)

#: Handlers that show rows to ask before they are deleted, those that list a handful by their name, and those that
#: write all rows into a file, which nobody turns over by the page.
NO_LISTING = re.compile(
    r"^_*(bulk_)?(delete|remove|purge)(_|$)|^((get|list|fetch|all)_)?(\w+_)?(types|statuses|roles|permissions|categories|"
    r"levels|priorities|severities|languages|countries|currencies|settings|choices|options|plans|themes|templates|"
    r"classifications|admins)(_list)?$|^(edit|add|new|create|update|change)(_|$)|_(edit|add|new|create|update|form)$|"
    r"(^|_)(topology|mesh|diagram|visuali[sz]er|export|download)(_|$)"
)
#: Handlers that search or list by what is posted; others that only take a POST do something.
POSTED_LISTING = re.compile(
    r"^_*(list|search|query|find|filter|get|fetch|all|export|report|load|some|read|select)(_|$|s$)|"
    r"_(list|search|query|filter|export|report)s?$"
)
#: Calls that fill a template with rows.
TEMPLATES = frozenset({"render", "render_template", "TemplateResponse", "render_to_response", "render_to_string"})
#: Classes of views that tell how a service fares, or draw how it is put together.
PROBES = re.compile(
    r"(Ping|Health(z|Check)?|Heartbeat|Readiness|Liveness|Mesh\w*|Topology|\w*Visuali[sz]er)(View|Handler|Resource|API|APIView|ViewSet)?$"
)
#: Last words of the names of tables that a page lists for all who use a service, and to which somebody adds for years.
FOR_ALL = re.compile(r"(^|_)(announcement|notice)s?$")
#: What Django's list views call their rows in a template; a page of them is nothing where they do not paginate.
ROWS_OF_PAGE = frozenset({"object_list"})
