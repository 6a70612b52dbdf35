"""Where the file shows that there is one for each of many, although a name speaks of a handful."""

from __future__ import annotations

import textwrap

import pytest
from support import model

from flake8_scalability.model.limits.concurrency import unbounded

HEAD = "import asyncio\nfrom collections import defaultdict\n\n"
#: A function that finds clusters; the next line stands in its loop over rows.
FINDS = """
async def find(driver):
    rows = await driver.execute("...")
    clusters = defaultdict(list)
    for row in rows:
        {}
    {}

async def build(driver):
    clusters = await find(driver)
    await asyncio.gather(*[summarise(cluster) for cluster in clusters])
"""


def found(loop: str, returns: str = "return list(clusters.values())") -> list[str]:
    return [each.items for each in unbounded(model(HEAD + textwrap.dedent(FINDS).format(loop, returns)))]


@pytest.mark.parametrize(
    ("loop", "returns"),
    [
        ("clusters[row['cluster_id']].append(row)", "return list(clusters.values())"),
        ("clusters[row['clusterId']].append(row)", "return list(clusters.values())"),
        ("clusters[row.user].append(row)", "return clusters"),
        ("clusters.setdefault(row.path, []).append(row)", "return sorted(clusters.items())"),
        ("clusters[row.id].add(row)", "return list(await asyncio.gather(*[load(c) for c in clusters.values()]))"),
        ("clusters[row.id].add(row)", "found = [c for c in clusters.values()]\n    return found"),
    ],
)
def test_one_for_each_thing_of_the_rows(loop: str, returns: str) -> None:
    assert "clusters" in found(loop, returns)


@pytest.mark.parametrize(
    ("loop", "returns"),
    [
        ("clusters[row.region].append(row)", "return list(clusters.values())"),
        ("clusters[other.user_id].append(row)", "return clusters"),
        ("clusters.pop(row.user_id, None).append(row)", "return clusters"),
        ("clusters.setdefault(row.kind, []).append(row)", "return clusters"),
        ("other[row.user_id].append(row)", "return clusters"),
        ("clusters[row.user_id].append(row)", "return 2"),
        ("clusters[row.user_id].append(row)", "return"),
        ("clusters[row.user_id].append(row)", "return known(clusters)"),
        ("row.append(1)", "return clusters"),
    ],
)
def test_a_handful(loop: str, returns: str) -> None:
    assert found(loop, returns) == []


@pytest.mark.parametrize(
    "rows",
    ["for user_id in (1, 2): groups[user_id].append(xs)", "for x in xs: groups[KIND].append(x)"],
)
def test_few_rows_are_few_groups(rows: str) -> None:
    text = f"async def f(xs):\n    groups = {{}}\n    {rows}\n    await asyncio.gather(*[g(x) for x in groups])\n"
    assert unbounded(model(HEAD + text)) == []


def test_what_comes_from_elsewhere_stays_a_handful() -> None:
    for given in ("api.clusters()", "CLUSTERS", "clusters"):
        text = f"async def f(api):\n    await asyncio.gather(*[g(x) for x in {given}])\n"
        assert unbounded(model(HEAD + text)) == []


def test_functions_that_return_one_another_come_to_an_end() -> None:
    text = (
        "def one():\n    return two()\ndef two():\n    return one()\n"
        "async def f():\n    clusters = one()\n    await asyncio.gather(*[g(x) for x in clusters])\n"
    )
    assert unbounded(model(HEAD + text)) == []
