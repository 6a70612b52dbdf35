"""Names of work that is started, and what they say: whether it lasts, whom it concerns, who would miss it."""

from __future__ import annotations

import re

#: Work that tidies up after this process, or ends it: it means nothing to another one.
OF_THIS_PROCESS = re.compile(
    r"(^|_)(a?close|unlink|rmtree|clean_?up|tear_?down|shut_?down|disconnect|kill|restart|reboot|reload|exit|_exit|stop|"
    r"terminate|cancel|abort|interrupt|reconnect|execv|open_browser|drain|reap|release|reclaim|dismiss|ack|evict|flush)(_|$)|^_*reset$|(remove|delete|del)_(\w+_)?(te?mp\w*|files?|folders?|dirs?|directory|paths?)$|^remove$|"
    r"^(_?exit|quit|open_new(_tab)?)$",
    re.IGNORECASE,
)
#: Work of which only comfort is lost: fetched ahead, a message taken back after a while, or said to be allowed to fail.
OF_NO_CONSEQUENCE = re.compile(
    r"(^|_)(pre_?)?warm(_?up|ing)?(_|$)|(^|_)(prefetch|preload|prime|refresh_\w*cache|populate_\w*cache|build_\w*cache)(_|$)|"
    r"(^|_)(auto|delayed|wait|later|schedule|timed)_?(message_|msg_)?(delete|del|remove)(_|$)|"
    r"(^|_)(delete|del|remove)_?(message_|msg_)?(after|later|delayed|with_delay)|best_?effort|^go_back_|"
    r"(^|_)(expire|on_timeout|after_timeout|when_idle|idle_timeout)(_|$)|(^|[_.])(metrics?|telemetry|analytics)([_.]|$)|^sleep$|^_*log(_|$)|"
    r"(^|_)(write|save|record|store|persist|insert|add|append|create)_(\w+_)?(logs?|log_(entry|row|record)|audit(_\w+)?|usage|"
    r"error_events?)$|(^|_)(report|capture|log)_(\w+_)?(errors?|exceptions?|failures?|crash(es)?)$|(^|_)(record|track|count)_(\w+_)?(visits?|hits?|views?|access|activity)$|"
    r"(^|_)(update|touch|bump|record|set)_last_(seen|used|active|access(ed)?)(_|$)",
    re.IGNORECASE,
)
#: Attributes that are no methods.
DATA = re.compile(
    r"(^|_)(id|ids|pk|uuid|name|email|key|url|path|value|values|data|state|status|body|text|content|user)$"
)
#: Functions that run the function which they are given next, so that its failures are seen or a session is there.
RUNNER_OF_NEXT = re.compile(
    r"^_*(safe(ly)?|guarded|wrapped|protected)(_|$)|(^|_)(run|execute|start|launch)_(\w*_)?(safe(ly)?|background|guarded|logged|"
    r"bg|with_\w+|in_(background|session|context))$|(^|_)background_(task|job|runner)$|^_*run_(task|job|coro\w*)$",
    re.IGNORECASE,
)
#: Methods by which a bot says something in a chat.
MESSAGES = frozenset(
    {"send", "reply", "edit", "edit_text", "send_message", "add_reaction", "remove_reaction", "answer"}
)
#: Arguments with which a program only tells that it is there.
PROBES = frozenset({"-version", "--version", "-V", "-v", "--help", "-h"})
#: Connections of this process, by what a method is called on.
SOCKETS = re.compile(r"(^|_)(ws|web_?socket|sock(et)?|sio|socket_?io|peer|transport)$", re.IGNORECASE)
SCHEDULER = re.compile(r"scheduler$", re.IGNORECASE)
#: Calls around what is run.
WRAPPERS = frozenset(
    {
        "partial",
        "copy_current_request_context",
        "copy_context",
        "shield",
        "safe",
        "wait_for",
        "to_thread",
        "run_in_threadpool",
    }
)
#: Parameters that are there to be called.
CALLABLE = re.compile(r"(^|_)(func|function|fn|coro|coroutine|callback|handler|callable|awaitable|target|job|work)$")
#: Functions that are handed what they run as their next argument.
RUNNING = frozenset({"run_in_executor", "run_in_threadpool", "to_thread", "run_sync"})
#: What runs as long as its owner, a connection or the process, by its name.
LISTENING = re.compile(
    r"loop|forever|heart_?beat|keep_?alive|^_*(listen|poll|watch|monitor|ping|pump|tick|receive|relay|stream)(_|$)|"
    r"(^|_)(consume|listener|poller|watcher|watchdog|reader|writer|receiver|observer|sender|consumer|polling|listening|"
    r"monitoring|monitor|forwarder|pump)$",
    re.IGNORECASE,
)
LASTING = re.compile(
    r"(^|_)(worker|server|main|refresher|scheduler|dispatcher|daemon|supervis\w+|run|runner|thread|updater|flusher|"
    r"timer|periodically)$|^_*(serve|periodic)(_|$)",
    re.IGNORECASE,
)
