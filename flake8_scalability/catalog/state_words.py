"""What the names of shared state, of its keys and of the functions around it say of its purpose.

Names are searched in lower case, without leading underscores.
"""

from __future__ import annotations

import re

#: Results that could be had again.
CACHE = re.compile(r"cache|memo(ized|s)?$|lru|ttl|prefetch")
#: What a rate limiter, a cooldown or a lock-out remembers.
LIMITER = re.compile(
    r"(rate|spam|flood|slow|login|request|message|ip|user|access|call)s?_?(limit|track|attempt|count|hit|log|window|"
    r"bucket|time)|limits?$|limiter|throttl|attempts|cooldown|hits$|buckets|flood|"
    r"(send|publish|request|call|hit|post)_?times|timestamps|last_(request|message|call|used|sent|reaction|reply)|strikes|"
    r"failed_(login|attempt|try|tries|auth)|bad_logins"
)
#: Limits on what is only there to please.
COSMETIC = re.compile(r"react|emoji|sticker|typing|greet|meme|joke|should_(log|warn)|log_(budget|limit|throttl)")
#: What counts the failures of others, and not the visits of callers.
OF_OTHERS = re.compile(r"error|health|circuit|breaker|fallback|provider|upstream")
#: What a poll compares with what it finds the next time.
BASELINE = re.compile(r"snapshot|baseline|previous|(^|_)prev(_|$)|(^|_)last(_|$)")
#: Collections of what serves this process alone.
PROCESSES = re.compile(r"(^|_)(proc(ess)?|pid|thread|task|timer|worker|loop)$")
POOLED = re.compile(r"(^|_)(browsers|drivers|engines|models|pools|backends|interpreters)$")
#: Who a limiter counts.
CALLERS = re.compile(r"login|attempt|user|(^|_)ips?(_|$)|client|rate|request|visitor|spam|flood")
#: Where somebody is in a list, a form or a dialogue: numbers that count nothing.
POSITION = re.compile(r"(^|_)(page|cursor|offset|position|pos|index|idx|step|choice|level|row)(_|$)")
#: Functions that read what is kept elsewhere.
READING = re.compile(r"^_*(re)?(load|fetch|refresh|sync|pull|read|discover|scan)|_(re)?(load|refresh|sync)(_|$)")
#: What belongs to the session of one user.
SESSIONS = re.compile(
    r"sessions?$|sessions?_|tokens?$|logins?$|logged_in|carts?$|basket|otp|one_time|verification|captcha|conversation|"
    r"dialog|chat_?histor|histor(y|ies)$|user_?(state|data|context|memor|mode)|chat_?(state|data|memor)|wizard|csrf|"
    r"credential|passcode|(pending|auth|reset|email|sms|login|oauth)_?(codes?|states?|users?|verif)|memories"
)
#: Names that speak of numbers about sessions, or of what only this process needs.
NO_SESSIONS = re.compile(
    r"generation|version|index|tracking|monitor|lock|count|limit|stat(s|istics)?$|metric|ref(s|_|$)|seen|identity|outcome|roots|buffer|scrub|redact|(^|_)log(_|$)|"
    r"(^|_)(bot|provider|upstream|broker|exchange)_(tokens|credentials|logins)$"
)
#: Keys that stand for one user or one conversation.
PERSON = re.compile(
    r"(^|_)(user|session|conversation|sender|from_user|phone|visitor|player|customer)(_?id|_number|$)|"
    r"(^|\.)from_user\.id|effective_user\.id"
)
#: Keys that stand for one who talks, or for what is talked in.
TALKER = re.compile(r"user|session|conversation|chat|sender|phone|visitor|player|customer|thread|channel|key|token")
#: State with such keys that is no conversation.
NOT_PERSONAL = re.compile(
    r"job|task|progress|result|status|thread|lock|process|worker|client|model|settings|config|timer|admin"
)
#: Functions that a program calls while it is put together.
ASSEMBLING = re.compile(
    r"_*(un)?(register|enable|disable|install|configure|config|declare|define|bind|include|use|plug|override|patch|mock|"
    r"reset|discover|autodiscover|import|init|load|initiali[sz]e|setup|connect_signals|"
    r"set_(default|up|config|logger|settings|options)|"
    r"(add|set|get_or_add)_(\w+_)?(handler|route|plugin|command|hook|listener|method|caller|subscriber|observer|"
    r"provider|middleware|type|converter|adapter|extension|filter|rule))(_\w+)?|"
    r"\w*_(decorator|registry|registered)|decorator|wrapper|after_declare_\w+|on_after_configure"
)
#: Parameters that are functions and classes.
CALLABLE = re.compile(
    r"_*(fn|func|function|cls|klass|class_|callback|handler|hook|plugin|factory|wrapped|model|type_?|method|view|"
    r"provider)s?"
)
#: Parameters that are called when something happens.
LISTENER = re.compile(r"_*(\w+_)?(callback|handler|hook|listener|observer|subscriber)(_fn|_func)?")
#: Annotations of registries of functions.
FUNCTIONS = re.compile(r"\bCallable\b|(Handler|Callback|Listener|Observer)\b")
#: When this process last did something of its own: refreshed, saved, reported.
LAST_TIME = re.compile(
    r"last_\w*(sync|refresh|load|check|update|clean|fetch|poll|heartbeat|run$|log|warn|report|ts$|persist|writ|flush|"
    r"sav|progress|prun|purg)\w*|_loaded_at"
)
#: When this process was last busy, where that is one point in time and not one for each key.
LAST_BUSY = re.compile(r"^last_(request|access|used|use|activity|active|seen|call|event|message)(_(time|at|ts))?$")
#: What a function asks that makes something once in a process.
DONE = re.compile(r"(^|[^a-z])(registered|initiali[sz]ed|loaded|configured|installed|set_?up|ready)([^a-z]|$)")
#: What is said once in a process.
WARNED = re.compile(r"warn|deprecat|logged$|reported$")
#: What belongs to one process in its nature: weak references, a stand-in for a shared store, instruments.
LOCAL = re.compile(
    r"weak|fallback|(^|_)sids?(_|$)|cached?_(size|bytes|len|count)|(^|_)generation$|recorder|ref_?counts?|last_known|(^|\.)_?(meter|metric|telemetry|tracer|profiler)|(^|_)(hits|misses)$"
)
#: Classes that stand in for one with a shared store, or for a service in tests.
STAND_IN = re.compile(r"^_?(In_?Memory|Memory|Local|Mock|Fake|Dummy|Null|Noop|Stub|Test)|(InMemory|Mock|Fake)\w*$")
#: Classes that are made up for tests and developers, by their names, and by what they say of themselves.
MADE_UP = re.compile(
    r"^_?(Mock|Fake|Dummy|Stub|Dev(?!Ops|Tool))(?=[A-Z])|(Mock|Fake|Dummy|Stub|Fixtures?)$|Test(Data|Case|Helper|Util|Manager|Runner|Suite)"
)
SAYS_MADE_UP = re.compile(
    r"(?i)^\W*(an? |the )?(\w+ )?(dummy|mock(ed)?|fake|stub(bed)?)\b|"
    r"\b(for|in|during|by) ((unit|integration|local|the) )?(tests?|testing|development and testing)\b"
)
#: Files that make the data of tests.
TEST_DATA = re.compile(
    r"(?i)(^|_)(test_?data|testing(_\w+)?|mock_\w+|simulat\w+|test_?(utils?|helpers?|support|suite)|fixtures?|mocks?|fakes?)\.py$"
)
#: Functions that make data up, so that there is something to look at.
MAKES_UP = re.compile(r"(^|_)(sample|demo|seed|mock|fake|dummy|example)s?(_|$)", re.IGNORECASE)
#: Classes of a process of the product itself, of which there is one.
DAEMON = re.compile(r"daemon$", re.IGNORECASE)
#: Bases of which Django makes one object for each model: https://docs.djangoproject.com/en/stable/topics/db/managers/
MANAGER_BASES = frozenset({"Manager", "BaseManager"})
#: Bases of what is made for one request or one form, although a class names it.
PER_REQUEST_BASES = re.compile(r"(Field|Form|FormField|Serializer|Widget|Validator|Schema|Filter|Column|Type)$")
#: Frameworks of chats, whose events reach every process that is connected.
CHATS = frozenset({"pyrogram", "telethon", "discord", "telegram", "aiogram", "telebot", "slack"})
#: Keys of events that one process of a chat's gateway gets; those that only one such gateway has.
SHARDED = re.compile(r"guild|gid|channel|message")
GUILDS = re.compile(r"guild")
#: Classes that watch or protect the process that they are in.
INSTRUMENTS = re.compile(
    r"(Metrics|Telemetry|Profiler|CircuitBreaker|Breaker|Health\w*(Monitor|Supervisor|Checker)|Scheduler)$"
)
#: Modules that have the numbers and the news of a process for those who run it.
OF_OPERATORS = re.compile(r"^_?(diagnos\w+|debug\w*|telemetry|metrics|profil\w+|tracing|instrumentation)$")
#: What is counted for those who run a service.
NUMBERS = re.compile(r"(^|_)(stats|statistics|metrics|counters?|counts|latency|latencies|timings)$")
#: Where nothing shows that library code serves: names of what another instance would miss.
MISSED = re.compile(
    r"job|task|result|progress|status|state|store|data|record|entr(y|ies)|items?$|orders?|users?|document|room|game|player|"
    r"active|running|pending|reserv|build|keys?$|channel|subscri|vote|score|schedul|remind|upload|notif|message|event|"
    r"request|response|lines|rows|messages|products|posts|comments|customers|accounts|balance|stock|inventory|alert|"
    r"workflow|pipeline|agent|device|worker|lease|claim|seat|booking|(^|_)page$"
)
#: What a process may well keep open: the cure of another defect.
KEPT_OPEN = re.compile(
    r"storage|instances|handles|invalid|failed|seen|skip|client|pool|engine|connection|driver|session_?maker|factor(y|ies)|model"
)
#: What runs on this machine for one caller, and can't be put into a store.
HANDLES = re.compile(r"browser|playwright|terminal|(^|_)pty|kernel|sandbox|shell|vnc|(^|_)repl(_|$)|code_?execution")
#: What is collected and written on together.
BUFFER = re.compile(r"buffer|pending_flush|to_flush|batch")
#: Functions that write for developers.
DEBUGGING = re.compile(r"dump|debug|trace|profil|(^|_)log(s|ging)?(_|$)|backtest|(^|_)bt_|simulat")
#: Words of identifiers that are unique without a common counter.
DISTRIBUTED_IDS = re.compile(r"\bgetpid\b|\bgetnode\b|platform\.node|worker_id|machine_id|node_id|snowflake")
#: Names under which a number goes out, and has to be another one than those that other processes give.
IDENTIFYING = re.compile(r"(^|_)(id|ids|no|nr|num|number|seq|sequence|serial|ticket|order|invoice|counter)(_|$)|Id$")


def speaks_of_sessions(name: str) -> bool:
    """Whether a name is one of what belongs to a user's session, and no number about sessions."""
    return SESSIONS.search(name) is not None and NO_SESSIONS.search(name) is None


#: What tells one thread or task of a process from another, and what gives something that only this process has: of the
#: standard library and greenlet.
THREAD_NUMBERS = frozenset({"get_ident", "get_native_id", "current_thread", "current_task", "getcurrent"})
OWN_HANDLES = frozenset({"open", "fdopen", "socket", "socketpair", "Popen", "Process", "Thread", "mkstemp", "dup"})
#: Methods that load a model into the memory of this process: of transformers, PEFT and their kin.
MODEL_LOADERS = frozenset({"from_pretrained", "load_model", "load_checkpoint"})
OWN_PROGRAMS = frozenset({"Popen", "Process", "create_subprocess_exec", "create_subprocess_shell"})
