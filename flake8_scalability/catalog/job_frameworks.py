"""How queues and message brokers learn of the functions that they start."""

from __future__ import annotations

from flake8_scalability.catalog.rows import Entry, Listing, Place, Signature

_QUEUES = (
    # Celery (https://docs.celeryq.dev/en/stable/userguide/tasks.html)
    Entry(
        "celery",
        Place.STARTUP,
        decorators="celery.{,app.}Celery().{on_after_configure,on_after_finalize,on_after_fork}.connect "
        "app.{on_after_configure,on_after_finalize,on_after_fork}.connect",
    ),
    Entry(
        "celery",
        Place.STARTUP,
        decorators="app.on_after_configure.connect",
        by_name=True,
        receivers="on_after_configure on_after_finalize on_after_fork worker_process_init worker_init worker_ready "
        "worker_shutdown worker_process_shutdown worker_shutting_down beat_init beat_embedded_init setup_logging "
        "celeryd_init celeryd_after_setup after_setup_logger after_setup_task_logger import_modules",
    ),
    Entry(
        "celery",
        Place.WORKER,
        decorators="app.task_prerun.connect",
        by_name=True,
        receivers="task_prerun task_postrun task_success task_failure task_retry task_revoked task_received "
        "task_rejected task_unknown task_internal_error before_task_publish after_task_publish",
    ),
    Entry(
        "celery",
        Place.WORKER,
        decorators="celery.{,app.}Celery().task celery.{shared_task,task,task.task} "
        "celery.{decorators,task}.{task,periodic_task}",
    ),
    Entry("celery", Place.WORKER, bases="celery.{,app.task.,task.,contrib.}Task", methods="run __call__ on_failure "
          "on_success on_retry after_return before_start", per_call=False),
    Entry("celery", Place.WORKER, bases="Task", methods="run __call__", by_name=True, imports="celery", per_call=False),
    # https://python-rq.org/, https://github.com/rq/rq-scheduler
    Entry("rq", Place.WORKER, decorators="rq.decorators.job rq.job django_rq.{,decorators.}job flask_rq2.RQ().job job",
          by_name=True, imports="rq django_rq flask_rq2", receivers="worker workers queue queues rq tasks jobs"),
    Entry("rq", Place.WORKER, decorators="rq.exception_handler", by_name=True, imports="rq django_rq flask_rq2"),
    Entry("rq", Place.WORKER, calls="rq.{,queue.}Queue().{enqueue,enqueue_call} django_rq.enqueue", argument=0,
          keyword="func", by_name=True),
    Entry("rq", Place.WORKER, calls="rq.{,queue.}Queue().{enqueue_in,enqueue_at}", argument=1, keyword="func",
          by_name=True),
    Entry("rq", Place.WORKER, calls="scheduler.{schedule,cron}", argument=1, keyword="func", by_name=True,
          imports="rq rq_scheduler django_rq"),
    # https://django-q2.readthedocs.io/, https://docs.djangoproject.com/en/6.0/topics/tasks/
    Entry("django-q", Place.WORKER, calls="django_q.tasks.{async_task,async_chain}", argument=0, keyword="func"),
    Entry("django-tasks", Place.WORKER, decorators="django.tasks.task django_tasks.task"),
    Entry("background-tasks", Place.WORKER, decorators="background_task.background"),
    # https://dramatiq.io/
    Entry("dramatiq", Place.WORKER, decorators="{dramatiq,remoulade}.actor", by_name=True),
    Entry("dramatiq", Place.WORKER, bases="dramatiq.GenericActor GenericActor", methods="perform", by_name=True),
    # https://huey.readthedocs.io/
    Entry("huey", Place.STARTUP, decorators="huey.{on_startup,on_shutdown}", by_name=True, imports="huey"),
    Entry(
        "huey",
        Place.WORKER,
        decorators="huey.{Huey,RedisHuey,SqliteHuey}().{task,periodic_task,signal} "
        "huey.contrib.djhuey.{task,periodic_task,db_task,db_periodic_task,lock_task,on_commit_task,signal,HUEY.task}",
    ),
    Entry("huey", Place.WORKER, decorators="huey.task", by_name=True, imports="huey", receivers="huey HUEY"),
    Entry("huey", Place.WORKER, decorators="huey.{periodic_task,db_task,db_periodic_task,context_task}", by_name=True),
    # https://arq-docs.helpmanual.io/, https://saq-py.readthedocs.io/
    Entry("arq", Place.WORKER, calls="arq.{,cron.}cron arq.{,worker.}func", argument=0, keyword="coroutine"),
    Entry("saq", Place.WORKER, calls="saq.{,job.}CronJob litestar_saq.{,base.,config.}CronJob", argument=0,
          keyword="function"),
    # https://taskiq-python.github.io/, https://procrastinate.readthedocs.io/
    Entry("taskiq", Place.STARTUP, decorators="broker.on_event", by_name=True, imports="taskiq"),
    Entry("taskiq", Place.WORKER, decorators="taskiq.{,brokers.shared_broker.}async_shared_broker.task", by_name=True,
          imports="taskiq taskiq_redis taskiq_aio_pika taskiq_nats taskiq_fastapi", receivers="broker taskiq_broker"),
    Entry("taskiq", Place.WORKER, calls="broker.register_task app.register_task", argument=0, by_name=True),
    Entry(
        "procrastinate",
        Place.WORKER,
        decorators="procrastinate.{App,Blueprint}().{task,periodic} procrastinate.contrib.django.app.{task,periodic}",
        by_name=True,
        imports="procrastinate",
    ),
    # Any application object that another module made: `app.task`, `broker.task`, `huey.task`
    Entry("celery", Place.WORKER, decorators="app.task shared_task app.periodic_task", by_name=True),
)  # fmt: skip

_BROKERS = (
    # https://pika.readthedocs.io/, https://docs.aio-pika.com/, https://docs.celeryq.dev/projects/kombu/
    Entry(
        "amqp",
        Place.WORKER,
        calls="channel.basic_consume pika.{BlockingConnection,SelectConnection}().channel().basic_consume",
        argument=1,
        keyword="on_message_callback",
        by_name=True,
    ),
    Entry("amqp", Place.WORKER, calls="channel.basic_consume", argument=0, keyword="consumer_callback"),
    Entry("amqp", Place.WORKER, calls="queue.consume", argument=0, keyword="callback", by_name=True,
          imports="aio_pika aiormq kombu", receivers="queue"),
    Entry("amqp", Place.WORKER, bases="kombu.mixins.{ConsumerMixin,ConsumerProducerMixin}",
          methods="on_message process_task on_task get_consumers", per_call=False),
    # https://faststream.airt.ai/, https://faust-streaming.github.io/faust/
    Entry("faststream", Place.STARTUP, decorators="app.{after_startup,on_shutdown,after_shutdown}",
          by_name=True, imports="faststream"),
    Entry("faststream", Place.STARTUP, decorators="app.on_startup", by_name=True, imports="faststream"),
    Entry("faststream", Place.WORKER, decorators="broker.subscriber", by_name=True),
    Entry("faststream", Place.WORKER, decorators="broker.handle", by_name=True, imports="propan"),
    Entry("faststream", Place.WORKER, calls="faststream.{rabbit,kafka,nats,redis,confluent}.{Rabbit,Kafka,Nats,Redis}"
          "Route",
          argument=0, keyword="call"),
    Entry("faust", Place.REQUEST, decorators="faust.App().page app.page", by_name=True, imports="faust"),
    Entry("faust", Place.WORKER, decorators="faust.App().{agent,timer,crontab,task,on_rebalance_complete} app.agent",
          by_name=True, imports="faust"),
    Entry("faust", Place.WORKER, decorators="app.{agent,timer,crontab}", by_name=True, receivers="app faust_app"),
    # https://nats-io.github.io/nats.py/, https://cloud.google.com/python/docs/reference/pubsub/latest
    Entry("nats", Place.WORKER, calls="nc.subscribe", argument=2, keyword="cb", by_name=True, imports="nats"),
    Entry("pubsub", Place.WORKER, calls="google.cloud.{pubsub,pubsub_v1}.SubscriberClient().subscribe", argument=1,
          keyword="callback"),
    # https://eclipse.dev/paho/files/paho.mqtt.python/html/client.html
    Entry("mqtt", Place.WORKER, decorators="client.{message_callback,topic_callback}", by_name=True, imports="paho"),
    Entry("mqtt", Place.WORKER, decorators="mqtt.{on_message,on_topic,on_connect,subscribe}", by_name=True,
          imports="flask_mqtt fastapi_mqtt gmqtt"),
    Entry("mqtt", Place.WORKER, calls="client.message_callback_add", argument=1, by_name=True),
    Entry("stomp", Place.WORKER, bases="stomp.{,listener.}ConnectionListener", methods="on_message on_error",
          per_call=False),
    Entry("tornado", Place.WORKER, calls="tornado.ioloop.PeriodicCallback", argument=0, keyword="callback"),
)  # fmt: skip

ENTRIES = (*_QUEUES, *_BROKERS)

#: What gives one message after another for as long as a process lives.
STREAMS = (
    "kafka.{,consumer.,consumer.group.}KafkaConsumer() aiokafka.{,consumer.,consumer.consumer.}AIOKafkaConsumer() "
    "redis.{Redis,StrictRedis,from_url,client.Redis}().pubsub().listen() "
    "redis.asyncio.{Redis,StrictRedis,from_url,client.Redis}().pubsub().listen() "
    "pika.BlockingConnection().channel().consume() nats.connect().subscribe().messages "
    "aio_pika.{connect,connect_robust}().channel().declare_queue().iterator() "
    "asyncpg.connect().notifies() psycopg.connect().notifies() psycopg.AsyncConnection.connect().notifies() "
    "websockets.connect() kubernetes.watch.Watch().stream()"
)

LISTINGS = (
    Listing("arq", Place.WORKER, names="functions cron_jobs", imports="arq", owners="WorkerSettings"),
    Listing(
        "arq",
        Place.STARTUP,
        names="on_startup on_shutdown",
        imports="arq",
        owners="WorkerSettings",
    ),
    Listing("arq", Place.WORKER, names="on_job_start on_job_end after_job_end", imports="arq", owners="WorkerSettings"),
    Listing("saq", Place.WORKER, names="functions cron_jobs tasks scheduled_tasks before_process after_process",
            imports="saq litestar_saq"),
    Listing("saq", Place.STARTUP, names="startup shutdown", imports="saq litestar_saq"),
    Listing("mqtt", Place.WORKER, attributes="on_message on_connect on_disconnect", imports="paho"),
    Listing("websocket-client", Place.WORKER, names="on_message on_error on_open on_close", imports="websocket"),
    Listing("kombu", Place.WORKER, names="callbacks", imports="kombu"),
)  # fmt: skip

SIGNATURES = (
    Signature("arq", Place.WORKER, parameters="ctx|_ctx", imports="arq saq", coroutine=True, more=True),
    Signature("arq", Place.WORKER, parameters="ctx|_ctx", annotations="arq.{worker.,typing.,}{Worker,WorkerCoroutine} "
              "saq.types.Context", coroutine=True, more=True),
)  # fmt: skip
