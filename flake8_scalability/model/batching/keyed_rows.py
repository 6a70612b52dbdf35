"""Keyed rows: queries that ask for the rows with a key, or with keys, and give as many as there are of these."""

from __future__ import annotations

import ast

from flake8_scalability.catalog import origins as known
from flake8_scalability.model.queries.growth import grows_per_owner
from flake8_scalability.model.queries.queries import Query

#: Ends of the name of a key that begins with the name of its table: `parcelid`, `parcel_uuid`.
_KEY_ENDS = ("id", "pk", "uuid", "guid")


def is_one(query: Query) -> bool:
    """Whether a query asks for the row with a key: `id=…`, or `parcelid=…` of parcels; a loop over it has one turn.

    So it has, or two, where it asks for the people with one address: `email__iexact=…`.
    """
    own = not grows_per_owner(query)
    return any(
        each.operator in known.EQUAL
        and each.value is not None
        and (_is_key(each.column, query) or (own and known.PERSONAL.match(each.column) is not None))
        for each in query.filters
    )


def keys_of(query: Query) -> ast.expr | None:
    """Return the keys of which a query has a row each: `id__in=keys`, `Parcel.id.in_(keys)`; None where it is none."""
    for each in query.filters:
        if each.operator == "in" and each.value is not None and _is_key(each.column, query):
            return each.value
    return None


def _is_key(column: str, query: Query) -> bool:
    of_table = {query.entity.lower() + end for end in _KEY_ENDS} if query.entity else set()
    return column in ("id", "pk", "_id") or column.replace("_", "").lower() in of_table


def are_addresses(query: Query) -> bool:
    """Whether the rows of one other row are the addresses that somebody has noted there: `club.contact_emails`."""
    return query.related and known.ADDRESSES.search(query.entity) is not None
