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
#: What stands for work that this process is doing: whoever waits for it can only wait here.
FUTURES = re.compile(r"(^|_)fut(ure)?s?$")
#: Work of which only comfort is lost: fetched ahead, a message taken back after a while, or said to be allowed to fail.
OF_NO_CONSEQUENCE = re.compile(
    r"(^|_)(pre_?)?warm(_?up|ing)?(_|$)|(^|_)(prefetch|preload|prime|refresh_\w*cache|populate_\w*cache|build_\w*cache)(_|$)|"
    r"(^|_)(auto|delayed|wait|later|schedule|timed)_?(message_|msg_)?(delete|del|remove)(_|$)|"
    r"(^|_)(delete|del|remove)_?(message_|msg_)?(after|later|delayed|with_delay)|best_?effort|^go_back_|"
    r"(^|_)(expire|on_timeout|after_timeout|when_idle|idle_timeout)(_|$)|(^|[_.])(metrics?|telemetry|analytics)([_.]|$)|^sleep$|^_*log(_|$)|"
    r"(^|_)(write|save|record|store|persist|insert|add|append|create)_(\w+_)?(logs?|log_(entry|row|record)|audit(_\w+)?|usage|"
    r"error_events?)$|(^|_)(report|capture|log)_(\w+_)?(errors?|exceptions?|failures?|crash(es)?)$|(^|_)(record|track|count)_(\w+_)?(visits?|hits?|views?|access|activity)$|"
    r"(^|_)(update|touch|bump|record|set)_last_(seen|used|active|access(ed)?|login)(_|$)|"
    r"^_*(bg_)?(track|refresh)$|(^|_)(simulate|mock|demo|fake)(_|$)",
    re.IGNORECASE,
)
#: What is begun to see whether it works: who pressed the button looks for the result, and presses it again.
ON_TRIAL = re.compile(r"^_*((send|fire|post|publish)_)?test(_|$)")
#: Work that somebody counts on, by its name: it tells people, moves money, or takes long.
WORK = re.compile(
    r"(^|_)(send|sending|notify|e?mail|sms|deliver|charge|pay|payment|payout|refund|invoice|receipt|confirm|book|ship|"
    r"generate|transcribe|summari[sz]e|ingest|(re)?index|train|fine_?tune|render|convert|transcode|encode|extract|ocr|crawl|"
    r"scrape|analy[sz]e|triage|classify|export|import|build|rebuild|compile|deploy|provision|backup|restore|migrate|"
    r"download|upload|evaluate|recalculate|recompute|(re)?process|dispatch|execute|install)(_|$)|^_*run_[a-z]+_\w+|^_*(sync|run)_[a-z]{4,}",
    re.IGNORECASE,
)
#: What has come in and is acknowledged, before anything is done with it: nobody sends it again.
ACKNOWLEDGED = re.compile(
    r"(^|_)(webhooks?|handle_(\w+_)?(events?|messages?|commands?|updates?|payload|callback))(_|$)"
)
TELLING = re.compile(r"(^|[._])(send|notify|e?mail|sms|deliver|confirm)(_|$)", re.IGNORECASE)
#: The same by what the work calls: mail and messages, requests that change something, rows that are written.
DEED = re.compile(
    r"(^|[._])send_?(\w+_)?(e?mails?|sms|messages?|notifications?|invitations?|invites?|reminders?|webhooks?|push\w*|digest|"
    r"receipts?|invoices?|reports?)(_|$)|(^|\.)(sendmail|send_mass_mail|notify\w*|sendall)$|"
    r"(^|[._])(requests|httpx|client|session|http)\.(post|put|patch|delete)$|"
    r"(^|\.)(commit|bulk_create|bulk_update|insert_one|insert_many|update_one|update_many|replace_one|executemany|put_item|"
    r"put_object|upload_file(obj)?|objects\.create|get_or_create|update_or_create|upsert)$|"
    r"(^|[._])(store|repo|repository|db|dao|crud|table)\.(update|insert|save|create|add|upsert|persist|store|mark)\w*$|"
    r"(^|\.)completions\.create$|\.(ainvoke|generate_content)$",
    re.IGNORECASE,
)
#: Functions that only stand around the work, as they are handed on: what they call is the work.
NEUTRAL = re.compile(
    r"^_*(run|run_(it|bg|task|job|sync|async|in_background|background)|do|do_(it|work)|go|fire|work|worker|job|task|bg|"
    r"background(_task|_job)?|inner|wrapper|wrapped|runner|main|target|execute|start|process|<lambda>)$|^_*bg_|^$",
    re.IGNORECASE,
)
CACHED = re.compile(r"(^|[._])(cache|refresh)", re.IGNORECASE)
#: What comments say of work that may be lost.
MAY_BE_LOST = re.compile(
    r"#.*\b(best[- ]effort|non[- ]critical|not critical|cosmetic|nice[- ]to[- ]have)\b", re.IGNORECASE
)
#: A name that is found by its spelling alone.
SPECIFIC = re.compile(r"^(?=.{9}).*[a-z]_[a-z]", re.IGNORECASE)
#: A loop, a schedule or a scheduler's job that runs a function (its name goes in), in the text of a project.
REPEATING = (
    r"\bwhile (?:True|1|not )[^\n]*:\n(?:[^\n]*\n){0,25}?[^\n]*\b%(name)s\b|\badd_job\([^)]{0,80}\b%(name)s\b|"
    r"\.do\(\s*%(name)s\b|(?:repeat_every|scheduled_job|interval|cron)\b[^\n]*\n\s*(?:async )?def %(name)s\b"
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
CALLABLE = re.compile(
    r"(^|_)(func|function|fn|coro|coroutine|callback|handler|callable|awaitable|target|job|work)(_factory)?$"
)
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
#: Names of functions, files and folders that put the data right once, after a change of the program.  Nothing imports a
#: file whose name begins with a number: it is run in its turn.
ONCE = re.compile(
    r"(^|_)(fix|fixes|back_?(fill|populate)|migrate(\d+to\d+)?|(\w+_)?migrations?|migrators?|(ensure_)?seed(ed|s)?|"
    r"(random|demo|sample|fake|seed)_data|populate|repair|(restore|import|load)_?(\w+_)?(backup|database|db|dump)|"
    r"upgrade|downgrade|(un)?install)(_|\.py$|$)|migrate_?\d+|^\d+_\w+\.py$",
    re.IGNORECASE,
)
#: Names of functions that make something anew out of all rows, which is what they are for.
ANEW = re.compile(r"(^|_)(rebuild|re_?index)(_|$)|^_*(update|migrate|convert|upgrade)_all(_|$)", re.IGNORECASE)
