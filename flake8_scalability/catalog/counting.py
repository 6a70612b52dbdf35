"""What the names of counters and registers, and of what they are handed to, say of who needs them."""

from __future__ import annotations

import re

#: Numbers that are about one process alone: how busy or how deep it is, how often it failed, what it has measured.
OWN = re.compile(
    r"in_?flight|nest(ed|ing)|depth|recursion|concurren|running|in_progress|(^|_)active_(request|task|job|worker|thread|"
    r"call|quer)|pending|waiting|consecutive|fail(s|ed|ures?)?(_|$)|error|retr(y|ies)|breaker|circuit|ref_?count|latency|"
    r"elapsed|duration|(^|_)(hits|misses|timings?)$|generation|epoch|version|debug|trace|profil|metric|telemetry|"
    r"progress|iteration|round_?robin|next_(proxy|server|key|worker|node|host)|heartbeat|uptime|checks?$",
)
#: What collects the numbers of each instance.
MEASURING = re.compile(
    r"metric|statsd|prometheus|telemetry|gauge|histogram|datadog|newrelic|sentry|influx", re.IGNORECASE
)
#: Handlers that answer those who look after the process.
OBSERVING = re.compile(r"metric|health|status|debug|diagnos|monitor|telemetry|probe|ping", re.IGNORECASE)
#: What a number is called that something keeps, and so must be the only one that has it.
NUMBERING = re.compile(
    r"(^|_)(id|no|nr|num|number|ticket|invoice|seq(uence)?|serial|code|reference|position)$", re.IGNORECASE
)
#: Numbers of what lives no longer than the process, or a conversation: messages, aliases, objects in memory.
PASSING = re.compile(
    r"request|(^|_)(req|msg|rpc|call|packet|frame|seq|step|span|event|temp|tmp|alias(es)?|param(eter)?s?|var|label|node|widget|reason|"
    r"thread|task|conn|instance|object|obj|uniq\w*|tie|order_?counter|tiebreak\w*|generation|version|round|turn)(_|$)|message|"
    r"connection|correlation|subscription|placeholder|priority|suffix|prefix",
    re.IGNORECASE,
)
#: Functions whose result is their argument in another form.
PLAIN = frozenset({
    "str", "int", "float", "round", "dict", "list", "tuple", "sum", "max", "min", "len", "format", "copy", "sorted",
    "items", "values", "keys", "get", "isinstance", "bool", "abs", "repr", "join",
})  # fmt: skip
#: Registers of functions and tasks, which no store can hold: what can be said of them is another matter.
CALLABLES = re.compile(r"(^|_)(jobs|callbacks?|handlers?|hooks?|listeners?|functions?|tasks|timers)$")
#: Functions of this process that are called when something happens in it.
SUBSCRIBED = re.compile(
    r"(^|_)(subscri(bers?|ptions?)|listeners?|handlers?|callbacks?|hooks?|observers?|middlewares?)$"
)
