"""Calls of Alembic and SQLAlchemy that make columns of a table unique.

https://alembic.sqlalchemy.org/en/latest/ops.html, https://docs.sqlalchemy.org/en/20/core/constraints.html
"""

from __future__ import annotations

#: Those that make several columns unique together, and those that do so if they are told `unique=True`.
MAKING = frozenset({"create_unique_constraint", "UniqueConstraint", "PrimaryKeyConstraint", "create_primary_key"})
IF_TOLD = frozenset({"create_index", "Index"})
#: What makes one column unique by itself.
ALONE = frozenset({"unique", "primary_key"})
#: Functions of a migration that take back what another makes.
UNDOING = frozenset({"downgrade"})
