"""What becomes of fetched rows: sifted, reduced, given away, or used."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.queries.row_fates import Fate, fate

HEAD = "from app.models import Order\ndef read(session, key, check):\n    rows = session.query(Order).all()\n"

FATES = [
    ("return rows", Fate.GIVEN),
    ("return list(rows)", Fate.GIVEN),
    ("return [row.name for row in rows]", Fate.GIVEN),
    ("yield rows", Fate.GIVEN),
    ("rows = list(rows)\n    return rows", Fate.USED),
    ("return sum(row.price for row in rows) / len(rows)", Fate.REDUCED),
    ("return {row.user_id for row in rows}", Fate.REDUCED),
    ("return sum(rows)", Fate.REDUCED),
    ("return {row for row in rows}", Fate.GIVEN),
    ("return [row for row in rows if row.key == key]", Fate.SIFTED),
    ("return any(row.key == key for row in rows)", Fate.SIFTED),
    ("return next((row for row in rows if row.key.lower() == key), None)", Fate.SIFTED),
    ("return [row for row in rows if check(row)]", Fate.USED),
    ("return [row for row in rows if row == key]", Fate.USED),
    ("return [row for row in rows if row.key]", Fate.USED),
    ("for row in rows:\n        if row.key == key:\n            row.go()", Fate.SIFTED),
    ("for row in rows:\n        if row.key != key:\n            continue\n        row.go()", Fate.SIFTED),
    ("for row in rows:\n        if row.key in known:\n            continue\n        row.go()", Fate.USED),
    ("for row in rows:\n        if not row.key == key:\n            continue\n        row.go()", Fate.SIFTED),
    ("for row in rows:\n        if row.key in seen:\n            continue\n        seen.add(row.key)", Fate.SIFTED),
    ("for row in rows:\n        if row.key != key:\n            row.stop()\n        row.go()", Fate.USED),
    (
        "for row in rows:\n        if row.key == key:\n            row.go()\n        else:\n            row.stop()",
        Fate.USED,
    ),
    ("for row in rows:\n        row.go()", Fate.USED),
    ("found = [row.key for row in rows]\n    return check(found)", Fate.USED),
    ("check(rows)", Fate.USED),
    ("check(all=rows)", Fate.USED),
    ("if not rows:\n        return len(rows)", Fate.NONE),
]


@pytest.mark.parametrize(("body", "expected"), FATES)
def test_fates(body: str, expected: Fate) -> None:
    source = model(HEAD + "    " + body + "\n")
    run = next(run for run in source.query_runs if run.node.lineno == 3)
    function = run.scope.function
    assert function is not None
    assert fate(run, function, source) is expected
