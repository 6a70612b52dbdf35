"""How watchers of folders learn of the functions that they call for each event (python-watchdog.readthedocs.io)."""

from __future__ import annotations

from flake8_scalability.catalog.rows import Entry, Place

ENTRIES = (
    Entry(
        "watchdog",
        Place.WORKER,
        bases="watchdog.events.{FileSystem,PatternMatching,RegexMatching,Logging}EventHandler FileSystemEventHandler",
        methods="dispatch on_any_event on_created on_modified on_moved on_deleted on_closed on_opened",
        by_name=True,
        per_call=False,
    ),
)
