"""How a queue or a scheduler is handed a function that another module defines.

Sources: https://python-rq.org/docs/, https://github.com/rq/rq-scheduler, https://apscheduler.readthedocs.io/
"""

from __future__ import annotations

import re

#: A module that speaks to a queue or a scheduler which takes functions, as it imports it.
SPEAKS = re.compile(r"^[ \t]*(?:from|import)[ \t]+(?:rq|rq_scheduler|django_rq|flask_rq2|apscheduler)\b", re.MULTILINE)
#: What is handed over by its name or dotted path to what can only be a queue, `queue.enqueue(f)`; and to anything of
#: such a module, `scheduler.add_job(f)`, or in the tables from which it makes jobs, `{"func": f}`.
ENQUEUED = re.compile(r"\.(?:enqueue|enqueue_call)\(\s*(?:func\s*=\s*)?(?P<path>[A-Za-z_][\w.]*)")
HANDED = re.compile(r"(?:\.add_job\(\s*(?:func\s*=\s*)?|[\"']func[\"']\s*:\s*|\bfunc\s*=\s*)(?P<path>[A-Za-z_][\w.]*)")
#: What a module imports by name, and from where.
IMPORTED = re.compile(r"^[ \t]*from[ \t]+(?P<source>[\w.]+)[ \t]+import[ \t]+(?P<names>\([^)]*\)|[^\n]+)", re.MULTILINE)
