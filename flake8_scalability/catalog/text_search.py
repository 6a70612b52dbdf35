"""Conditions that no ordinary index of a column serves, by the ways of writing queries.

Sources: https://use-the-index-luke.com/sql/where-clause/searching-for-ranges/like-performance-tuning,
https://www.postgresql.org/docs/current/pgtrgm.html, https://docs.djangoproject.com/en/stable/ref/contrib/postgres/search/,
https://www.mongodb.com/docs/manual/reference/operator/query/regex/#index-use
"""

from __future__ import annotations

import re

#: Lookups of keyword filters that look inside the text.
LOOKUPS = frozenset({"icontains", "iregex"})
#: Methods of a query that take conditions, and what puts conditions together.
TAKING = frozenset({"filter", "exclude", "get", "where", "having", "filter_by", "count_documents", "find", "find_one",
                    "objects", "Q", "or_", "and_", "not_", "When"})  # fmt: skip
#: Methods of a column that compare it with a pattern, and those that make the pattern themselves.
PATTERNS = frozenset({"ilike", "like"})
INSIDE = frozenset({"icontains"})
#: Functions of the database that hide a column from its index, where they are compared with something.
HIDING = frozenset({"lower", "upper", "trim", "substr", "substring", "replace", "concat"})
#: What asks a search engine, or says that there is none just now.
ENGINES = re.compile(
    r"(?i)elastic|opensearch|solr|meili|typesense|algolia|haystack|(?<!\bre)\.search[.(]|(search|es|engine)_(is_)?disabled"
)
#: A pattern that begins with anything.
OPEN = re.compile(r"^\s*%+(?!$)|^%%")
#: In the text of SQL: a pattern that begins with anything, or is put in at run time.
SQL_OPEN = re.compile(r"\bI?LIKE\s+(LOWER\s*\(\s*)?(N?'%|CONCAT\s*\(\s*'%|\(?\s*'%'\s*\|\|)", re.IGNORECASE)
SQL_GIVEN = re.compile(r"\bI?LIKE\s+(LOWER\s*\(\s*)?(%\(\w+\)s|%s|\?|:\w+|\$\d+|@\w+)", re.IGNORECASE)
#: Mongo's: a pattern that is bound to the beginning can use the index.
REGEX_KEYS = frozenset({"$regex"})
#: Columns that hold what people have written.
WRITTEN = re.compile(
    r"(^|_)(name|title|email|e?mail_address|username|nickname|login|phone|headline|subject|description|content|body|text|"
    r"message|comment|caption|summary|note|notes|keywords|address)$"
)
#: Columns that say whose rows are searched, so that there are not many.
NARROWING = re.compile(
    r"(^|_)(id|ids|pk|uuid|project|environment|case|team|room|channel|board|network|course|event|parent|group|thread|book|"
    r"document|page|list|chat|bot|conversation|session|identity|feature|slug|key|token)$"
)
#: Keys, of which somebody has a part, and names that things have.
KEY = re.compile(r"^((\w+__)?(id|pk|uuid|guid)|\w+_(id|uuid|guid))$")
LABEL = re.compile(r"^((display|original|full|short|normali[sz]ed|official)_)?name$")
