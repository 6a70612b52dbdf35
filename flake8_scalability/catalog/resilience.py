"""Retries, circuit breakers, bulkheads and deadlines.

A guard's path is that of the decorator without the call that configures it, of the context manager, of the object that
a `for` goes through, or of the function called with what it is to run.  A path that ends in `()` is the object that the
configuring call made: `@breaker`, `with breaker:`, `retryer(function)`; its options stand in that call.

For a deadline, `stop` names the argument that is the time limit: without it, or with None, nothing is bounded.

POSITIONS: where options may stand among the positional arguments
GROWS_ABOVE: for numbers given as an option of `wait`: up to this number the waits stay the same (elsewhere: 0)
GROWING, CONSTANT, ENDLESS: what may be given as an option of `wait` or `stop`, and what it means
NEEDED: guards that are there only where one of these arguments is given
ALARMS: calls after which the rest of the function is bounded by a signal

Sources: tenacity.readthedocs.io, github.com/litl/backoff, github.com/invl/retry, github.com/groodt/retrying,
stamina.hynek.me, urllib3.readthedocs.io, googleapis.dev/python/google-api-core, docs.celeryq.dev,
github.com/fabfuel/circuitbreaker, github.com/danielfm/pybreaker, hyx.readthedocs.io.
"""

from __future__ import annotations

import math

from flake8_scalability.catalog.rows import Guard, GuardKind

_RETRY = GuardKind.RETRY
_BREAKER = GuardKind.BREAKER
_DEADLINE = GuardKind.DEADLINE

_TENACITY = "tenacity.{Retrying,AsyncRetrying,asyncio.AsyncRetrying,tornadoweb.TornadoRetrying,TornadoRetrying}"
_RETRYING_STOP = ("stop_max_attempt_number", "stop_max_delay", "stop_func", "stop")
_RETRYING_WAIT = (
    "wait_exponential_multiplier",
    "wait_exponential_max",
    "wait_incrementing_start",
    "wait_incrementing_increment",
    "wait_func",
    "wait",
)
_GOOGLE = (
    "google.api_core.{retry.Retry,retry.AsyncRetry,retry.StreamingRetry,retry.AsyncStreamingRetry,retry_async.AsyncRetry,"
    "retry.retry_unary.Retry,retry.retry_unary_async.AsyncRetry}"
)

_URLLIB3 = "urllib3.{,util.,util.retry.}Retry requests.adapters.Retry requests.packages.urllib3.util.{,retry.}Retry"

#: Wrappers, decorators and loops that try again.
RETRIES = (
    # tenacity tries for ever, at once, unless told otherwise.
    Guard("tenacity.retry " + _TENACITY, _RETRY, stop=("stop",), wait=("wait",)),
    Guard(" ".join(f"{_TENACITY}(){end}" for end in ("", ".call", ".wraps")), _RETRY, stop=("stop",), wait=("wait",)),
    Guard("retryhttp.retry", _RETRY, stop=("max_attempt_number",), stops=True, waits=True),
    # backoff: the first argument makes the waits; without a bound it never ends.
    Guard("backoff.{on_exception,on_predicate}", _RETRY, stop=("max_tries", "max_time"), wait=("wait_gen",)),
    # retry and retry2: both are imported as `retry`; for ever, at once.  A jitter is added to the delay each time.
    Guard("retry.{,api.}retry retry.api.retry_call", _RETRY, stop=("tries",), wait=("backoff", "jitter")),
    Guard("retrying.{retry,Retrying}", _RETRY, stop=_RETRYING_STOP, wait=_RETRYING_WAIT),
    Guard("retrying.Retrying().call", _RETRY, stop=_RETRYING_STOP, wait=_RETRYING_WAIT),
    # stamina: ten tries, 45 s, growing waits with jitter; unbounded only where both are None.
    Guard("stamina.{retry,retry_context}", _RETRY, stop=("attempts", "timeout"), stops=True, waits=True),
    Guard(
        "stamina.{RetryingCaller,AsyncRetryingCaller}()",
        _RETRY,
        stop=("attempts", "timeout"),
        stops=True,
        waits=True,
        argument=1,
    ),
    Guard(
        "stamina.{RetryingCaller,AsyncRetryingCaller}().on()",
        _RETRY,
        stop=("attempts", "timeout"),
        stops=True,
        waits=True,
    ),
    Guard(_GOOGLE + "{,()}", _RETRY, stop=("timeout", "deadline"), wait=("multiplier",), stops=True, waits=True),
    Guard("opnieuw.{,retries.}{retry,retry_async}", _RETRY, stop=("max_calls_total",), stops=True, waits=True),
    # riprova: ten tries, 0.1 s apart
    Guard("riprova.{retry,Retrier,AsyncRetrier}", _RETRY, stop=("timeout",), wait=("backoff",), stops=True),
    Guard("riprova.{Retrier,AsyncRetrier}().run", _RETRY, stop=("timeout",), wait=("backoff",), stops=True),
    Guard(
        "redo.{retry,retriable,retrying,retrier}",
        _RETRY,
        stop=("attempts",),
        wait=("sleepscale",),
        stops=True,
        waits=True,
    ),
    Guard(
        "redo.{retry_async,retriable_async}",
        _RETRY,
        stop=("attempts",),
        wait=("sleeptime_callback",),
        stops=True,
        waits=True,
    ),
    # hyx: three tries, 0.5 s apart
    Guard("hyx.retry.{,api.}retry", _RETRY, stop=("attempts",), wait=("backoff",), stops=True),
    # aioretry: a policy function decides everything
    Guard("aioretry.{,retry.}retry", _RETRY, stops=True, waits=True),
    # async_retrying: three tries; its callback sleeps longer each time
    Guard("async_retrying.retry", _RETRY, stop=("attempts",), wait=("callback",), stops=True, waits=True),
    # aiomisc: a constant pause, none by default
    Guard("aiomisc.{,backoff.}asyncbackoff", _RETRY, stop=("max_tries", "deadline")),
    Guard("aiomisc.{,backoff.}asyncretry", _RETRY, stop=("max_tries",)),
    # Task queues that run a failed task again
    # A base class may set the options as well.
    Guard(
        "celery.{,app.}shared_task celery.{,app.base.}Celery().task",
        _RETRY,
        stop=("max_retries", "retry_kwargs"),
        wait=("retry_backoff", "base"),
        stops=True,
    ),
    Guard("dramatiq.{,actor.}actor", _RETRY, stop=("max_retries",), stops=True, waits=True),
    # Temporal's server bounds and spaces the tries of an activity.
    Guard("temporalio.activity.defn", _RETRY, stops=True, waits=True),
)

#: Objects that tell a client, an adapter or a queue how to try again.
POLICIES = (
    # urllib3: ten tries at once (it waits where the server says so)
    Guard(_URLLIB3, _RETRY, stop=("total",), wait=("backoff_factor",), stops=True),
    # A number stands for urllib3's policy without a wait.
    Guard("requests.adapters.HTTPAdapter", _RETRY, stop=("max_retries",), wait=("max_retries",), stops=True),
    Guard("retry_requests.retry", _RETRY, stop=("retries",), wait=("backoff_factor",), stops=True, waits=True),
    # httpx retries failed connections only, and backs off.
    Guard("httpx.{HTTPTransport,AsyncHTTPTransport}", _RETRY, stop=("retries",), stops=True, waits=True),
    Guard("httpx_retries.{,retry.}Retry", _RETRY, stop=("total",), wait=("backoff_factor",), stops=True),
    Guard("httpx_retries.{,transport.}RetryTransport", _RETRY, wait=("retry",), stops=True),
    Guard("aiohttp_retry.{,client.}RetryClient", _RETRY, wait=("retry_options",), stops=True, waits=True),
    Guard(
        "aiohttp_retry.{,retry_options.}{ExponentialRetry,JitterRetry,FibonacciRetry,ListRetry}",
        _RETRY,
        stop=("attempts",),
        stops=True,
        waits=True,
    ),
    # Waits that are random without growing still spread the load.
    Guard("aiohttp_retry.{,retry_options.}RandomRetry", _RETRY, stop=("attempts",), stops=True, waits=True),
    Guard("redis.{,asyncio.}retry.Retry", _RETRY, stop=("retries",), wait=("backoff",), stops=True),
    Guard("rq.{,job.}Retry", _RETRY, stop=("max",), wait=("interval",), stops=True),
    Guard(
        "procrastinate.{,retry.}RetryStrategy",
        _RETRY,
        stop=("max_attempts",),
        wait=("exponential_wait", "linear_wait"),
    ),
    Guard("temporalio.common.RetryPolicy", _RETRY, wait=("backoff_coefficient",), stops=True, waits=True),
)

BREAKERS = (
    Guard("{circuitbreaker,aiocircuitbreaker}.circuit", _BREAKER),
    Guard("{circuitbreaker,aiocircuitbreaker}.CircuitBreaker{,()}", _BREAKER),
    Guard(
        "circuitbreaker.CircuitBreaker().{call,call_async,decorate} aiocircuitbreaker.CircuitBreaker().call", _BREAKER
    ),
    Guard("pybreaker.CircuitBreaker{,(),().call,().call_async,().calling}", _BREAKER),
    Guard("aiobreaker.{,circuitbreaker.}CircuitBreaker{,(),().call,().call_async}", _BREAKER),
    # A breaker of purgatory comes from a factory: `@factory("name")`, `async with await factory.get_breaker("name")`.
    Guard("purgatory.{Async,Sync}CircuitBreakerFactory(){,.get_breaker}", _BREAKER),
    Guard("pycircuitbreaker.{circuit,CircuitBreaker().call}", _BREAKER),
    Guard("hyx.circuitbreaker.{,api.}consecutive_breaker{,()}", _BREAKER),
    Guard(
        "aiomisc.{,circuit_breaker.}cutout aiomisc.{,circuit_breaker.}CircuitBreaker().{call,call_async,context}",
        _BREAKER,
    ),
    # pyfailsafe: with a retry policy, a breaker, or both
    Guard("failsafe.{,failsafe.}Failsafe().run", _BREAKER),
)

#: Only so many at once; the rest wait or are refused.
BULKHEADS = (
    Guard("hyx.bulkhead.{,api.}bulkhead{,()}", GuardKind.BULKHEAD),
    Guard("{asyncio,asyncio.locks,threading}.{Semaphore,BoundedSemaphore}()", GuardKind.BULKHEAD),
    Guard("{anyio,trio}.{Semaphore,CapacityLimiter}()", GuardKind.BULKHEAD),
    Guard(
        "gevent.{lock,coros}.{Semaphore,BoundedSemaphore}() eventlet.semaphore.{Semaphore,BoundedSemaphore}()",
        GuardKind.BULKHEAD,
    ),
    Guard("aiolimiter.{,leakybucket.}AsyncLimiter() asyncio_throttle.{,throttler.}Throttler()", GuardKind.BULKHEAD),
)

DEADLINES = (
    Guard("asyncio.{,tasks.}wait_for", _DEADLINE, stop=("timeout",)),
    Guard("asyncio.{,tasks.}{wait,as_completed}", _DEADLINE, stop=("timeout",)),
    Guard("asyncio.{,timeouts.}timeout", _DEADLINE, stop=("delay",)),
    Guard("asyncio.{,timeouts.}timeout_at", _DEADLINE, stop=("when",)),
    Guard("async_timeout.timeout", _DEADLINE, stop=("delay", "timeout")),
    Guard("async_timeout.timeout_at", _DEADLINE, stop=("deadline",)),
    Guard("anyio.{fail_after,move_on_after}", _DEADLINE, stop=("delay",)),
    Guard("trio.{fail_after,move_on_after}", _DEADLINE, stop=("seconds",)),
    Guard("trio.{fail_at,move_on_at} {anyio,trio}.CancelScope", _DEADLINE, stop=("deadline", "relative_deadline")),
    Guard("curio.{timeout_after,ignore_after}", _DEADLINE, stop=("seconds",), argument=1),
    Guard("tornado.gen.with_timeout", _DEADLINE, stop=("timeout",), argument=1),
    Guard("aiomisc.{,timeout.}timeout", _DEADLINE, stop=("value",)),
    Guard("hyx.timeout.{,api.}timeout{,()}", _DEADLINE, stop=("max_delay_secs",)),
    Guard("{eventlet,gevent}.{,timeout.}Timeout gevent.{,timeout.}Timeout.start_new", _DEADLINE, stop=("seconds",)),
    Guard("{eventlet,gevent}.{,timeout.}with_timeout", _DEADLINE, stop=("seconds",), argument=1),
    Guard("timeout_decorator.{,timeout_decorator.}timeout", _DEADLINE, stop=("seconds",)),
    Guard("wrapt_timeout_decorator.{,wrapt_timeout_decorator.}timeout", _DEADLINE, stop=("dec_timeout",)),
    Guard("func_timeout.{,dafunc.}func_timeout", _DEADLINE, stop=("timeout",), argument=1),
    Guard("func_timeout.{,dafunc.}func_set_timeout", _DEADLINE, stop=("timeout",)),
    Guard("stopit.{ThreadingTimeout,SignalTimeout}", _DEADLINE, stop=("seconds",)),
    # The limit comes with the call of the decorated function.
    Guard("stopit.{threading,signal}_timeoutable", _DEADLINE, stops=True),
)

GUARDS: tuple[Guard, ...] = (
    *RETRIES,
    *POLICIES,
    *BREAKERS,
    *BULKHEADS,
    *DEADLINES,
)

POSITIONS: dict[str, dict[str, int]] = {
    "backoff.{on_exception,on_predicate}": {"wait_gen": 0},
    "retry.{,api.}retry": {"tries": 1, "backoff": 4, "jitter": 5},
    "retry.api.retry_call": {"tries": 4, "backoff": 7, "jitter": 8},
    "stamina.retry_context": {"attempts": 1, "timeout": 2},
    "riprova.{retry,Retrier,AsyncRetrier}": {"timeout": 0, "backoff": 1},
    "redo.retry": {"attempts": 1, "sleepscale": 4},
    "redo.{retriable,retrier}": {"attempts": 0, "sleepscale": 3},
    "redo.retrying": {"attempts": 1, "sleepscale": 4},
    _URLLIB3: {"total": 0},
    "requests.adapters.HTTPAdapter": {"max_retries": 2},
    "retry_requests.retry": {"retries": 1, "backoff_factor": 2},
    "httpx_retries.{,retry.}Retry": {"total": 0},
    "httpx_retries.{,transport.}RetryTransport": {"retry": 1},
    "aiohttp_retry.{,client.}RetryClient": {"retry_options": 2},
    "aiohttp_retry.{,retry_options.}{ExponentialRetry,JitterRetry,FibonacciRetry,RandomRetry}": {"attempts": 0},
    "redis.{,asyncio.}retry.Retry": {"backoff": 0, "retries": 1},
    "rq.{,job.}Retry": {"max": 0, "interval": 1},
    "asyncio.{,tasks.}wait_for": {"timeout": 1},
    "asyncio.{,timeouts.}timeout anyio.{fail_after,move_on_after}": {"delay": 0},
    "asyncio.{,timeouts.}timeout_at": {"when": 0},
    "async_timeout.timeout": {"delay": 0},
    "async_timeout.timeout_at trio.{fail_at,move_on_at}": {"deadline": 0},
    "trio.{fail_after,move_on_after} curio.{timeout_after,ignore_after}": {"seconds": 0},
    "{eventlet,gevent}.{,timeout.}{Timeout,with_timeout} gevent.{,timeout.}Timeout.start_new": {"seconds": 0},
    "timeout_decorator.{,timeout_decorator.}timeout stopit.{ThreadingTimeout,SignalTimeout}": {"seconds": 0},
    "wrapt_timeout_decorator.{,wrapt_timeout_decorator.}timeout": {"dec_timeout": 0},
    "tornado.gen.with_timeout func_timeout.{,dafunc.}{func_timeout,func_set_timeout}": {"timeout": 0},
    "aiomisc.{,timeout.}timeout": {"value": 0},
    "aiomisc.{,backoff.}asyncbackoff": {"deadline": 1},
    "aiomisc.{,backoff.}asyncretry": {"max_tries": 0},
    "hyx.timeout.{,api.}timeout{,()}": {"max_delay_secs": 0},
}

GROWS_ABOVE: dict[str, dict[str, float]] = {
    "retry.{,api.}retry retry.api.retry_call": {"backoff": 1},
    "redo.{retry,retriable,retrying,retrier}": {"sleepscale": 1},
    _GOOGLE + "{,()}": {"multiplier": 1},
    "temporalio.common.RetryPolicy": {"backoff_coefficient": 1},
    # A plain number is one pause for all tries; a list may grow.
    "hyx.retry.{,api.}retry": {"backoff": math.inf},
    "rq.{,job.}Retry": {"interval": math.inf},
    "requests.adapters.HTTPAdapter": {"max_retries": math.inf},
}

GROWING: tuple[str, ...] = (
    "tenacity.{,wait.}{wait_exponential,wait_random_exponential,wait_full_jitter,wait_exponential_jitter,wait_incrementing}",
    "backoff.{expo,fibo,runtime}",
    "riprova.{,strategies.}{ExponentialBackOff,FibonacciBackoff}",
    "hyx.retry.backoffs.{expo,linear,fibo,decorrexp,softexp}",
    "redis.backoff.{ExponentialBackoff,ExponentialWithJitterBackoff,FullJitterBackoff,EqualJitterBackoff,"
    "DecorrelatedJitterBackoff}",
)

#: `wait_random` is in neither list: it does not grow, but spreads the load.
CONSTANT: tuple[str, ...] = (
    "tenacity.{,wait.}{wait_fixed,wait_none}",
    "backoff.constant",
    "riprova.{,strategies.}ConstantBackoff",
    "hyx.retry.backoffs.const",
    "redis.backoff.{ConstantBackoff,NoBackoff}",
)

ENDLESS: tuple[str, ...] = ("tenacity.{,stop.}stop_never",)

NEEDED: dict[str, tuple[str, ...]] = {
    "celery.{,app.}shared_task celery.{,app.base.}Celery().task": ("autoretry_for",),
    "httpx.{HTTPTransport,AsyncHTTPTransport}": ("retries",),
    "requests.adapters.HTTPAdapter": ("max_retries",),
}

ALARMS: tuple[str, ...] = ("signal.{alarm,setitimer}",)

#: Options of a decorator that tell which guard it is where it can't be resolved itself: `@app.task(autoretry_for=...)`.
TELLTALES: dict[str, str] = {"autoretry_for": "celery.shared_task"}

#: Methods with which a task asks for another try of itself, and the option that says when.
TASK_RETRIES: dict[str, str] = {"retry": "countdown"}

#: How a breaker that is worked by hand is asked whether calls may pass, and told what became of one.
BREAKER_QUESTIONS = frozenset(
    {"is_open", "is_closed", "is_available", "allow_request", "allow", "can_execute", "can_request", "before_call"}
)
BREAKER_RECORDS = frozenset(
    {"record_failure", "record_success", "on_failure", "on_success", "mark_failure", "mark_success", "report_failure"}
)
