"""Relations of mapped classes: what declares one, when it is loaded, and what loads it with the rows.

Sources: docs.djangoproject.com/en/stable/ref/models/querysets (select_related, prefetch_related),
docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html, docs.peewee-orm.com/en/latest/peewee/relationships.html
"""

from __future__ import annotations

import re

#: What loads a relation to one row and one to many rows with the query, by the way of writing it.
LOADING = {
    "django": ('select_related("{name}")', 'prefetch_related("{name}")'),
    "sqlalchemy": ("selectinload or joinedload of {name}", "selectinload of {name}"),
    "peewee": ("join and select of {name}", "prefetch()"),
}
#: What answers for all rows at once what is only asked about a relation: whether there are any, and how many.
ANSWERING = {
    "exists": "an Exists() annotation of {name}",
    "count": 'annotate(Count("{name}"))',
    "aexists": "an Exists() annotation of {name}",
    "acount": 'annotate(Count("{name}"))',
}
#: Calls that take the rows of a query as they are.
TAKING = frozenset({
    "list", "tuple", "sorted", "set", "frozenset", "enumerate", "reversed", "iter", "len", "bool", "sum", "any", "all",
    "min", "max", "map", "filter", "zip", "chain", "join", "extend", "update", "union", "intersection", "difference",
    "isdisjoint", "issubset", "issuperset", "Counter", "deque", "dict", "next", "print", "str",
})  # fmt: skip
#: A step by which a function asks further of the rows that it is handed: what was loaded before does not serve it.
FURTHER = re.compile(
    r"\.(filter|exclude|values|values_list|union|order_by|annotate|aggregate|distinct|only|defer|select_related|"
    r"prefetch_related|last|latest|earliest|get|in_bulk|iterator|using|with_\w+|for_\w+)\("
)
#: Fields that hold another row.
TO_ONE = frozenset({"ForeignKey", "OneToOneField", "ForeignKeyField", "AutoOneToOneField", "ParentalKey",
                    "DynamicForeignKey"})  # fmt: skip
#: Fields that are managers of other rows.
TO_MANY = frozenset({"ManyToManyField", "GenericRelation", "ParentalManyToManyField", "SortedManyToManyField"})
#: What declares a relation of either kind in SQLAlchemy, and the values of `lazy` with which an access loads it.
RELATIONSHIPS = frozenset({"relationship", "Relationship", "relation"})
LAZY = frozenset({"select", True})
#: Methods that only a manager of related rows has.
MANAGING = frozenset({"all", "exists", "count", "first", "last"})
#: Last words of the names of tables that say how one other row is set up: it has a handful of them.
FEW_PER_PARENT = re.compile(r"(^|_)(attribute|constraint)s?$")
#: What a program calls the rows that something has gone wrong with, of which there are next to none.
GONE_WRONG = re.compile(r"(?i)(^|_)(stuck|hung|hanging|zombies?|orphan(ed|s)?|dangling|broken|corrupt(ed)?)(_|$)")
