"""How mappers declare columns, and which declarations come with an index.

Sources: https://docs.djangoproject.com/en/stable/ref/models/fields/, https://docs.sqlalchemy.org/en/20/core/metadata.html,
https://sqlmodel.tiangolo.com/tutorial/indexes/, https://docs.peewee-orm.com/en/latest/peewee/models.html,
https://tortoise.github.io/fields.html, https://beanie-odm.dev/tutorial/indexes/,
https://docs.mongoengine.org/guide/defining-documents.html
"""

from __future__ import annotations

import re

#: What a declaration says of a column that may have nothing in it, and mappers whose columns may unless they say so.
MAY_BE_EMPTY = re.compile(r"null=True|nullable=True|blank=True|\bOptional\b|\bNone\b|default=['\"]{2}")
NULLABLE_BY_DEFAULT = frozenset({"sqlalchemy"})
FILLED = "nullable=False"
#: Calls that declare a column of a mapper of SQL's; what else is called may do anything.
COLUMN_CALLS = frozenset({"Column", "mapped_column"})
#: Last names of the classes of fields: Django's, peewee's, Tortoise's, MongoEngine's.
FIELD_CALLS = re.compile(
    r"^(Small|Big|Positive|PositiveSmall|PositiveBig|Fixed)?(Char|Text|Integer|Int|Float|Double|Decimal|Date|DateTime|Datetime|"
    r"Time|Email|URL|String|Long|Duration|GenericIPAddress|IPAddress|Timestamp|Binary|BigInt|SmallInt|Varchar|UUID)Field$"
)
#: Of a field, what comes with an index of its own, whatever it says.
INDEXED_FIELDS = re.compile(r"(Foreign|OneToOne|ManyToMany|Slug|Auto|Primary|Reference|Identity|GenericForeign)")
#: Arguments that make an index.
INDEXING = frozenset({"index", "unique", "primary_key", "db_index", "pk", "unique_with", "unique_index", "generated"})
#: Statements of a class that name columns which are indexed together.
TOGETHER = frozenset({"__table_args__", "meta", "_meta", "indexes", "constraints", "unique_together", "index_together",
                      "primary_key", "__mapper_args__"})  # fmt: skip
#: Classes inside of a mapped one that have such statements.
INNER = frozenset({"Meta", "Settings", "Config", "Collection"})
#: Types of which an index is of no use for equality: there are a few values.
FEW_VALUES = re.compile(r"Bool|Enum|Choice|Literal|JSON|Array|Dict|List\b", re.IGNORECASE)
#: Calls, in any file of the project, that make an index, and comments that speak of one in the database; the name of
#: the column stands among what follows.
INDEX_CALLS = re.compile(r"\b(Index|create_index|AddIndex|UniqueConstraint|create_unique_constraint|create_indexes|"
                         r"(?i:CREATE (UNIQUE )?INDEX)|ensure_index|IndexModel)\b|"
                         r"#[^\n]*?\b[Uu]nique (constraint|index|key)\b")  # fmt: skip
REACH = 250
#: What makes an index that may be over a function of a column, and words of which one has to stand in such a text.
MAKING_INDEX = re.compile(r"\b(?:Index|UniqueConstraint|create_index)\(|(?i:\bcreate\s+(?:unique\s+)?index\b)")
MAKING_WORDS = ("Index(", "UniqueConstraint(", "create_index(", "INDEX", "index", "Index")
#: How far behind it the function stands, before what belongs to a query that is only near: that compares its column.
INDEX_REACH = 300
COMPARING = re.compile(r";|==|\b(?:filter|where|def)\b")
#: A function that is applied to a column, with or without the names of its module and of the table.
APPLIED = re.compile(r"(?<=[(,\s\"'\[])(?=(?:\w+\.)*(?P<function>\w+)\(\s*[\"'`\\]*(?P<column>(?:\w+\.)*\w+))")

#: Names of columns that have a few values.
FEW_NAMES = re.compile(r"(^|_)(tier|plan|provider|gateway|platform|currency|locale|engine|method|channel|group)$")

#: Operators of conditions that an index would serve.
SERVED = frozenset({"exact", "in", "gt", "gte", "lt", "lte", "startswith", "between", "range", "eq"})
RANGES = frozenset({"gt", "gte", "lt", "lte", "between", "range"})
FAMILIES = frozenset({"django", "sqlalchemy", "peewee", "tortoise", "beanie", "mongoengine"})
#: What says of a class that its table is made by somebody else.
UNMANAGED = re.compile(r"\bmanaged = False\b")
#: Mappers whose classes may stand for tables that somebody else makes, without saying so.
MAY_MIRROR = frozenset({"sqlalchemy"})
#: Steps after which a condition may be about another table.
JOINING = frozenset({"join", "outerjoin", "select_from", "join_from", "left_outer_join", "union", "union_all",
                     "with_entities", "aggregate", "group_by", "subquery"})  # fmt: skip
#: Steps of a query that takes the next row of a queue, which is no longer than its workers are slow.
LOCKING = frozenset({"with_for_update", "select_for_update", "for_update"})
#: Last words of the names of tables of what a thing has, of which there are few where there are few such things: the
#: tokens of apps, the accounts of gateways.
HELD_BY = re.compile(r"_(token|account|key|domain|host|location)s?$")
#: Columns that say together how a server is reached: somebody in charge has written down each of them.
SERVER = (
    re.compile(r"(^|_)(host|hostname|server)$"),
    re.compile(r"(^|_)port$"),
    re.compile(r"(^|_)(password|secret)$"),
)
