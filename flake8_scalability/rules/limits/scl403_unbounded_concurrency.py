"""SCL403: a task, thread or process for each item of an input of unknown size."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.limits.concurrency import names, unbounded
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class UnboundedConcurrency(Rule):
    """One task, thread or process is started for each item of an input of unknown size.

    What it does
    ------------
    Finds `asyncio.gather`, `wait` and `as_completed` over a comprehension, `map` or list that holds one awaitable for
    each item; `create_task`, `TaskGroup`, `start_soon`, `Thread`, `Process` in a loop over items or in the endless loop
    of a consumer; a thread for each event of a file watcher; and pools whose size is `len(items)`, with nothing that
    lets only so many run at a time. The items have to come from a parameter, an awaited call, or one that reads what is
    kept somewhere (`fetchall()`, `list_users()`, `iterdir()`), and each coroutine has to wait for something outside of
    the process.

    Why it does not scale
    ---------------------
    Ten items start ten calls at once, ten thousand start ten thousand: sockets, memory and the connections of the
    database run out, and the service on the other side is flooded or answers "too many requests". What worked with the
    data of the test fails with that of the largest customer.

    How to fix it
    -------------
    Wait at an `asyncio.Semaphore` in the coroutine, use `anyio.CapacityLimiter`, go through the input in chunks, or put
    the items on a bounded queue that a fixed number of workers drains. For threads: one `ThreadPoolExecutor` with
    `max_workers`.

    Known limits
    ------------
    How many items there are is judged by the text: literals, slices, pages, query limits and names of what there are a
    few of (`workers`, `shards`, `plugins`) count as bounded, as do mappings that an object holds, what another call
    gives, all of a function that takes a page of rows, parts of an argument whose class refuses more than a maximum,
    and what a language model is asked for by a `prompt`. Coroutines that await nothing, an event of the process, or
    only the threads of a pool, are no load; nor is what clears up after a failure, what is begun once for each kind,
    and what only the start of the service calls; nor, by their names, batches of SQS, which hold ten messages at most.
    So are the parts of one thing that a call gives by its key (`find_series(scan_id)`), and those who have a role.
    A limit inside a client of another module is not seen.
    """

    code = "SCL403"
    slug = "unbounded-concurrency"
    severity = Severity.HIGH
    since = "0.1.0"
    message = "{callee}() runs one {runner} per {each} at once; {remedy}"
    short = "{callee}(): one {runner} per {each}, unbounded; {remedy}"
    title = "Unbounded concurrency"
    impact = "The size of the input decides how many calls, threads and connections are open at once"
    fix = "Bound it: asyncio.Semaphore or a CapacityLimiter, chunks, or a pool with a fixed number of workers"
    references = (
        "https://docs.python.org/3/library/asyncio-sync.html#asyncio.Semaphore",
        "https://anyio.readthedocs.io/en/stable/synchronization.html#capacity-limiters",
    )
    examples = (
        Bad(
            """
            import asyncio

            async def refresh(feeds, fetch):
                return await asyncio.gather(*[fetch(feed) for feed in feeds])  # SCL403
        """,
            "as many fetches at once as there are feeds",
        ),
        Bad(
            """
            import asyncio

            async def notify(store, send):
                waiting = []
                for subscriber in await store.subscribers():
                    waiting.append(asyncio.create_task(send(subscriber)))
                await asyncio.gather(*waiting)  # SCL403
        """,
            "a list filled in a loop over rows; one finding, where all run together",
        ),
        Bad(
            """
            import threading

            def thumbnails(paths, shrink):
                crew = [threading.Thread(target=shrink, args=(path,)) for path in paths]  # SCL403
                for member in crew:
                    member.start()
                for member in crew:
                    member.join(timeout=60)
        """,
            "a thread for each file",
        ),
        Bad(
            """
            import asyncio

            async def export(rows, upload):
                async with asyncio.TaskGroup() as group:
                    for row in rows:
                        group.create_task(upload(row))  # SCL403
        """,
            "a task group waits for all, and limits nothing",
        ),
        Bad(
            """
            import threading

            def accept_all(listener, serve):
                while True:
                    connection, address = listener.accept()
                    threading.Thread(target=serve, args=(connection,)).start()  # SCL403
        """,
            "whoever connects decides how many threads there are",
        ),
        Bad(
            """
            import threading
            from watchdog.events import FileSystemEventHandler

            class Inbox(FileSystemEventHandler):
                def on_created(self, event):
                    threading.Thread(target=digest, args=(event.src_path,)).start()  # SCL403

            def digest(path):
                print(path)
        """,
            "a thousand files copied into the folder are a thousand threads",
        ),
        Bad(
            """
            from concurrent.futures import ThreadPoolExecutor

            def ping_all(addresses, ping):
                with ThreadPoolExecutor(max_workers=len(addresses)) as pool:  # SCL403
                    return list(pool.map(ping, addresses, timeout=30))
        """,
            "a pool as large as its input bounds nothing",
        ),
        Bad(
            """
            import asyncio
            from collections import defaultdict

            async def find_clusters(graph):
                rows = await graph.execute_query("MATCH (n) RETURN n.uuid AS node, n.clusterId LIMIT 1000000")
                members = defaultdict(list)
                for row in rows:
                    members[row["clusterId"]].append(row["node"])
                return list(members.values())

            async def describe_all(graph, model):
                clusters = await find_clusters(graph)
                return await asyncio.gather(*[model.describe(cluster) for cluster in clusters])  # SCL403
        """,
            "one for each cluster of the graph, not of the machines",
        ),
        Good(
            """
            import asyncio

            async def refresh(feeds, fetch):
                gate = asyncio.Semaphore(10)

                async def one(feed):
                    async with gate:
                        return await fetch(feed)

                return await asyncio.gather(*[one(feed) for feed in feeds])
        """,
            "each waits at a semaphore",
        ),
        Good(
            """
            import asyncio

            class Crawler:
                def __init__(self, fetch):
                    self.fetch = fetch
                    self.slots = asyncio.Semaphore(20)

                async def one(self, url):
                    async with self.slots:
                        return await self.fetch(url)

                async def all(self, urls):
                    return await asyncio.gather(*(self.one(url) for url in urls))
        """,
            "the semaphore is the object's, the wait in the method that is started",
        ),
        Good(
            """
            import asyncio
            from itertools import islice

            async def refresh(feeds, fetch):
                for start in range(0, len(feeds), 25):
                    await asyncio.gather(*[fetch(feed) for feed in feeds[start : start + 25]])

            async def newest(feeds, fetch):
                return await asyncio.gather(*[fetch(feed) for feed in islice(feeds, 10)])
        """,
            "in chunks, and only some",
        ),
        Good(
            """
            import asyncio

            async def scores(answers):
                return await asyncio.gather(*[score(answer) for answer in answers])

            async def score(answer):
                return sum(answer.points)
        """,
            "coroutines that await nothing run one after another",
        ),
        Good(
            """
            import asyncio

            async def shrink_all(pictures, shrink):
                return await asyncio.gather(*[asyncio.to_thread(shrink, picture) for picture in pictures])
        """,
            "the pool has so many threads, and no more",
        ),
        Good(
            """
            import asyncio

            async def run(plan, perform):
                ready = plan.ready()
                await asyncio.gather(*[perform(step_of_plan) for step_of_plan in ready])  # todo: SCL403
        """,
            "how many a call gives that reads nothing is not known",
        ),
        Good(
            """
            import threading

            def refresh(rows, refreshers):
                begun = {}
                for row in rows:
                    if row.kind not in begun:
                        begun[row.kind] = threading.Thread(target=refreshers[row.kind])
                        begun[row.kind].start()
                for each in begun.values():
                    each.join(timeout=60)
        """,
            "one for each kind",
        ),
        Good(
            """
            import asyncio

            async def overview(user, load):
                return await asyncio.gather(*[load(user, part) for part in ("profile", "orders", "invoices")])
        """,
            "three are three",
        ),
        Good(
            """
            import asyncio

            async def overview(user, orders, invoices):
                return await asyncio.gather(orders(user), invoices(user))
        """,
            "what is written out is bounded by the text",
        ),
        Good(
            """
            import asyncio

            async def serve(queue, handle, concurrency):
                workers = [asyncio.create_task(handle(queue)) for _ in range(concurrency)]
                await asyncio.gather(*workers)
        """,
            "a fixed crew of workers is the cure",
        ),
        Good(
            """
            import asyncio

            class Hub:
                def __init__(self, plugins):
                    self.plugins = plugins

                async def tick(self):
                    await asyncio.gather(*[plugin.tick() for plugin in self.plugins])
        """,
            "an object has a handful of plug-ins",
        ),
        Good(
            """
            import asyncio
            from app.timers import repeated

            class Watch:
                def __init__(self):
                    self.running = []

                def begin(self, feeds, read):
                    for feed in feeds:
                        reading = repeated(read, feed, every=60)
                        self.running.append(asyncio.create_task(reading))

                def end(self):
                    for task in self.running:
                        task.cancel()
        """,
            "each goes on until it is cancelled: those that had to wait for a place would never begin",
        ),
        Good(
            """
            import asyncio

            async def hang_up(lines):
                await asyncio.gather(*[line.aclose() for line in lines])
        """,
            "what is open is ended: nobody had too many",
        ),
        Good(
            """
            import asyncio
            from collections import defaultdict

            async def rates(orders, rate):
                by_currency = defaultdict(list)
                for order in orders:
                    by_currency[order.currency].append(order)
                await asyncio.gather(*[rate(currency) for currency in by_currency])
        """,
            "however many orders, the currencies are a handful",
        ),
        Good(
            """
            import asyncio

            class Scraper:
                async def one(self, url):
                    raise NotImplementedError

                async def several(self, urls):
                    return await asyncio.gather(*[self.one(url) for url in urls])
        """,
            "what is done for each, and whether it waits for its turn, subclasses decide",
        ),
        Good(
            """
            import asyncio

            async def look_up(words, ask):
                return await asyncio.gather(*[ask(word) for word in words])

            async def handler(event, ask):
                words = []
                words.append(event["title"])
                words.append(event["text"])
                return await look_up(words, ask)
        """,
            "the only caller gives two",
        ),
        Good(
            """
            import asyncio

            async def until_all_are_there(arrivals):
                await asyncio.gather(*[arrival.wait() for arrival in arrivals])
        """,
            "events of this process cost nothing",
        ),
        Good(
            """
            import asyncio
            from sqlalchemy import select
            from app.models import Parcel

            async def with_places(session, locate, page):
                wanted = select(Parcel).order_by(Parcel.id).limit(50).offset(page * 50).subquery()
                found = await session.execute(select(Parcel).join(wanted, wanted.c.id == Parcel.id))
                return await asyncio.gather(*[locate(parcel) for parcel in found.all()])
        """,
            "one page of the rows",
        ),
        Good(
            """
            import asyncio

            async def warm_up(plan, load):
                await asyncio.gather(*[load(kind, version) for kind, version in plan.parts.items()])
        """,
            "what an object has an entry for each of are kinds",
        ),
        Good(
            """
            import asyncio

            async def drain(unfinished):
                await asyncio.gather(*(task for task in unfinished if not task.done()))
        """,
            "what runs already is only waited for",
        ),
        Good(
            """
            from concurrent.futures import ThreadPoolExecutor

            pool = ThreadPoolExecutor(max_workers=8)

            def ping_all(addresses, ping):
                return list(pool.map(ping, addresses, timeout=30))
        """,
            "eight threads, however many addresses",
        ),
        Good(
            """
            import asyncio

            MOST = 50

            async def refresh(feeds, fetch):
                if len(feeds) > MOST:
                    raise ValueError("too many feeds")
                return await asyncio.gather(*[fetch(feed) for feed in feeds])
        """,
            "more are refused",
        ),
        Good(
            """
            import asyncio

            MOST = 50

            async def check_all(harbours, ask):
                return await asyncio.gather(*[ask(harbour) for harbour in harbours])

            async def save(request, ask):
                harbours = request.json["harbours"]
                if len(harbours) > MOST:
                    raise ValueError("too many harbours")
                return await check_all(harbours, ask)
            """,
            "its only caller refuses more",
        ),
        Good(
            """
            import asyncio

            async def announce(session, event, deliver):
                webhooks = await read_webhooks(session, event)
                await asyncio.gather(*[deliver(webhook, event) for webhook in webhooks])
            """,
            "somebody has set up each, for one kind of event: a handful",
        ),
        Good(
            """
            import asyncio

            async def recent(posts, enrich):
                latest = await posts.find(limit=20)
                return await asyncio.gather(*[enrich(post) for post in latest])
        """,
            "the query has a limit",
        ),
        Good(
            """
            import argparse
            import asyncio

            async def probe(hosts, ping):
                await asyncio.gather(*[ping(host) for host in hosts])

            if __name__ == "__main__":
                parser = argparse.ArgumentParser()
                parser.add_argument("hosts", nargs="+")
                asyncio.run(probe(parser.parse_args().hosts, print))
        """,
            "a tool of the command line",
        ),
        Good(
            """
            import subprocess

            def convert(paths):
                for path in paths:
                    child = subprocess.Popen(["convert", path])
                    child.wait(timeout=60)
        """,
            "one after the other",
        ),
        Good(
            """
            import asyncio
            from discord.ext import commands

            class Inventories(commands.Cog):
                @commands.command()
                @commands.is_owner()
                async def refresh(self, ctx):
                    urls = await self.bot.store.inventory_urls()
                    await asyncio.gather(*[self.bot.load(url) for url in urls])
        """,
            "the owner of the bot does so himself, and seldom",
        ),
        Good(
            """
            import asyncio
            import discord
            from discord.ext import commands

            MOST = 8

            class Rooms(commands.Cog):
                @commands.command()
                async def invite(self, ctx, room, *guests: discord.Member):
                    if len(room.people + guests) > MOST:
                        return
                    room.people.extend(guests)

                @commands.command()
                async def tell(self, ctx, room, text):
                    await asyncio.gather(*[person.send(text) for person in room.people])
        """,
            "another command sees to it that there are few",
        ),
        Good(
            """
            import asyncio

            async def notify(bot, text):
                targets = await bot.get_admin_destinations()
                await asyncio.gather(*[target.send(text) for target in targets])
        """,
            "the administrators are a handful",
        ),
        Good(
            """
            import asyncio

            class Feed:
                def __init__(self):
                    self.pending = asyncio.Queue(maxsize=100)

                async def hand_over(self, orders):
                    await asyncio.gather(*[self.pending.put(order) for order in orders])
        """,
            "putting waits where the queue is full",
        ),
        Good(
            """
            import asyncio

            async def wait_for_the_rest():
                others = []
                for task in asyncio.all_tasks():
                    if task is not asyncio.current_task():
                        others.append(task)
                await asyncio.gather(*others)
        """,
            "what runs already is only waited for",
        ),
        Good(
            """
            import asyncio

            class Albums:
                def __init__(self, shrink):
                    self.free = asyncio.Semaphore(3)
                    self.shrink = shrink

                async def publish(self, album):
                    begun = []
                    for photo in album.photos:
                        task = asyncio.create_task(self._publish_one(photo))
                        begun.append(task)
                    await asyncio.gather(*begun)

                async def _publish_one(self, photo):
                    async with self.free:
                        await self.shrink(photo)
        """,
            "each task waits until one of three places is free",
        ),
        Good(
            """
            import asyncio

            class Room:
                def __init__(self):
                    self.sockets = {}

                async def _tell(self, guest, news):
                    if guest in self.sockets:
                        await self.sockets[guest].send_json(news)

                async def tell_all(self, guests, news):
                    sends = []
                    for guest in guests:
                        sends.append(self._tell(guest, news))
                    await asyncio.gather(*sends)
        """,
            "one small message for each connection that the process holds anyway",
        ),
        Good(
            """
            import asyncio
            import os
            from app.desk import desk

            class Menus:
                async def load_all(self, folder):
                    for item in os.listdir(folder):
                        try:
                            self.load(item)
                        except ValueError as broken:
                            asyncio.create_task(desk.report_error(broken, item))
        """,
            "only of what has failed somebody is told",
        ),
        Good(
            """
            import asyncio

            MOST = 6

            class Route:
                stops: list

                def check(self):
                    number = len(self.stops)
                    limit = MOST
                    if number > limit:
                        raise ValueError("too many stops")

            async def look_up(route: Route, find):
                return await asyncio.gather(*[find(stop) for stop in route.stops])
        """,
            "the class of the argument refuses more than so many",
        ),
        Good(
            """
            import asyncio

            async def are_free(names, ask):
                return await asyncio.gather(*[ask(name) for name in names])

            async def suggest(model, ask):
                names = await model.answer(prompt="Five names for a library, please.")
                return await are_free(names, ask)
        """,
            "a language model writes down the handful that it was asked for",
        ),
        Good(
            """
            import asyncio

            async def refresh(shelves, count, weigh):
                while True:
                    await shelves.wait_for_change()
                    async with asyncio.TaskGroup() as stages:
                        stages.create_task(count(shelves))
                        stages.create_task(weigh(shelves))
        """,
            "each turn waits for the group that it opens",
        ),
        Bad(
            """
            import asyncio

            class Route:
                stops: list

                def is_empty(self):
                    return len(self.stops) < 1

            async def look_up(route: Route, find):
                return await asyncio.gather(*[find(halt) for halt in route.halts])  # SCL403
        """,
            "a class that asks only whether there is any",
        ),
        Good(
            """
            import asyncio

            async def unplaced(Parcel):
                parcels = await Parcel.filter(place=None).limit(50)
                return parcels

            async def place_all(parcels, locate):
                await asyncio.gather(*[locate(parcel) for parcel in parcels])

            async def run(Parcel, locate):
                while True:
                    parcels = await unplaced(Parcel)
                    await place_all(parcels, locate)
        """,
            "a helper of the file reads no more than so many",
        ),
        Good(
            """
            from concurrent.futures import ThreadPoolExecutor

            def handle_all(sqs_messages, handle):
                with ThreadPoolExecutor(max_workers=len(sqs_messages)) as pool:
                    return list(pool.map(handle, sqs_messages))
        """,
            "the queue gives ten messages at once at most",
        ),
        Good(
            """
            import asyncio
            from app.pictures import store

            async def pictures_of_scan(scan_id):
                series = await store.find_series(scan_id)
                return await asyncio.gather(*[store.load(each) for each in series])
            """,
            "the parts of one thing are few",
        ),
        Good(
            """
            import asyncio
            from app.people import accounts

            class Alarm:
                async def raise_for(self, role, text):
                    people = await accounts.filter_by_role(role)
                    await self._tell(people or [accounts.founder], text)

                async def _tell(self, people, text):
                    await asyncio.gather(*(self.bot.write(each, text) for each in people))
            """,
            "those who have a role are few",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """What starts work, or waits for much at once."""
        return words(*names())

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield where the input decides how much runs at once."""
        for found in unbounded(source):
            each = found.items if " " in found.items else f"item of {found.items}"
            yield Finding.at(found.site, runner=found.runner, each=each, remedy=found.remedy)
