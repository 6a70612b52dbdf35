"""Message brokers and task queues: Kafka, RabbitMQ, NATS, MQTT, STOMP, Pulsar, Celery, RQ, Huey, arq.

A consumer is not among what ought to be shared: it belongs to one loop.  Kafka's producers give up after 60 s for the
metadata and 2 to 5 min for the delivery.  Sources: kafka-python.readthedocs.io, docs.confluent.io,
aiokafka.readthedocs.io, pika.readthedocs.io, docs.aio-pika.com, nats-io.github.io/nats.py, eclipse.dev/paho,
pulsar.apache.org, docs.celeryq.dev, python-rq.org, arq-docs.helpmanual.io.
"""

from __future__ import annotations

import re

from flake8_scalability.catalog.rows import Api, Deadline, Effect, Resource, System

_FIRST = Deadline(position=0)

KAFKA = (
    # kafka-python: both constructors ask the brokers for their version.
    Api(
        "kafka.{,producer.,producer.kafka.}KafkaProducer",
        System.BROKER,
        makes=Resource.SERVICE_CLIENT,
        blocks=True,
        returns="kafka.KafkaProducer()",
    ),
    Api("kafka.{,consumer.,consumer.group.}KafkaConsumer", System.BROKER, blocks=True, returns="kafka.KafkaConsumer()"),
    Api(
        "kafka.{,admin.,admin.client.}KafkaAdminClient",
        System.BROKER,
        makes=Resource.SERVICE_CLIENT,
        blocks=True,
        returns="kafka.KafkaAdminClient()",
    ),
    # Sending waits for the metadata of a topic that is new to it, and where the buffer is full.
    Api("kafka.KafkaProducer().send", System.BROKER, effect=Effect.WRITE, blocks=True),
    Api("kafka.KafkaProducer().send().get", System.BROKER, blocks=True),
    Api("kafka.KafkaProducer().{flush,partitions_for,commit_transaction}", System.BROKER, blocks=True),
    Api(
        "kafka.KafkaConsumer().{poll,commit,position,committed,topics,end_offsets,beginning_offsets,offsets_for_times}",
        System.BROKER,
        effect=Effect.READ,
        blocks=True,
    ),
    Api(
        "kafka.KafkaAdminClient().{create_topics,delete_topics,list_topics,describe_topics,list_consumer_groups}",
        System.BROKER,
        blocks=True,
    ),
    # confluent-kafka: sending puts the message into a local queue.
    Api(
        "confluent_kafka.{Producer,SerializingProducer} confluent_kafka.serializing_producer.SerializingProducer "
        "confluent_kafka.avro.AvroProducer confluent_kafka.admin.AdminClient",
        System.BROKER,
        makes=Resource.SERVICE_CLIENT,
    ),
    Api(
        "confluent_kafka.schema_registry.{,schema_registry_client.}SchemaRegistryClient",
        System.HTTP,
        makes=Resource.SERVICE_CLIENT,
    ),
    Api("confluent_kafka.{Producer,SerializingProducer}().produce", System.BROKER, effect=Effect.WRITE),
    Api("confluent_kafka.{Producer,SerializingProducer}().flush", System.BROKER, blocks=True),
    Api(
        "confluent_kafka.{Consumer,DeserializingConsumer}().{poll,consume,commit,committed}",
        System.BROKER,
        effect=Effect.READ,
        blocks=True,
    ),
    # aiokafka
    Api("aiokafka.{,producer.}AIOKafkaProducer", System.BROKER, makes=Resource.SERVICE_CLIENT),
    Api("aiokafka.{,producer.}AIOKafkaProducer().{send,send_and_wait,send_batch}", System.BROKER, effect=Effect.WRITE),
    Api("aiokafka.{,consumer.}AIOKafkaConsumer().{getone,getmany}", System.BROKER, effect=Effect.READ),
)

#: Methods that hand a message to a broker.
_PUBLISHING = ("basic_publish", "publish")
_CHANNEL = "pika.BlockingConnection().channel()"
_AIO_CHANNEL = "aio_pika.connect().channel()"

AMQP = (
    Api(
        "pika.BlockingConnection pika.adapters.{,blocking_connection.}BlockingConnection",
        System.BROKER,
        makes=Resource.SERVICE_CLIENT,
        blocks=True,
        returns="pika.BlockingConnection()",
    ),
    Api(
        "pika.SelectConnection pika.adapters.asyncio_connection.AsyncioConnection",
        System.BROKER,
        makes=Resource.SERVICE_CLIENT,
    ),
    # 10 s to connect; but a broker that runs out of memory stops reading, and publishing then waits for ever.
    Api(
        "pika.{,connection.}ConnectionParameters",
        System.BROKER,
        deadline=Deadline(("blocked_connection_timeout",), only_beside=_PUBLISHING),
    ),
    Api(
        "pika.{,connection.}URLParameters",
        System.BROKER,
        deadline=Deadline(
            ("blocked_connection_timeout",),
            nested=("url",),
            only_beside=_PUBLISHING,
            nested_position=0,
            advice="add blocked_connection_timeout=300 to the URL",
        ),
    ),
    Api("pika.BlockingConnection().{channel,close,process_data_events,sleep}", System.BROKER, blocks=True),
    Api(_CHANNEL + ".basic_publish", System.BROKER, effect=Effect.WRITE, blocks=True),
    Api(
        _CHANNEL + ".{queue_declare,queue_bind,queue_delete,queue_purge,exchange_declare,exchange_bind,basic_get,"
        "basic_consume,basic_ack,basic_nack,basic_reject,start_consuming,consume,confirm_delivery,close}",
        System.BROKER,
        blocks=True,
    ),
    Api(
        "aio_pika.{connect,connect_robust} aio_pika.connection.connect aio_pika.robust_connection.connect_robust",
        System.BROKER,
        makes=Resource.SERVICE_CLIENT,
        returns="aio_pika.connect()",
    ),
    Api(
        _AIO_CHANNEL + ".{default_exchange,declare_exchange(),get_exchange()}.publish",
        System.BROKER,
        effect=Effect.WRITE,
    ),
    Api("aiormq.connect asyncio_amqp.connect aioamqp.connect", System.BROKER, makes=Resource.SERVICE_CLIENT),
    Api(
        "amqp.{,connection.}Connection",
        System.BROKER,
        makes=Resource.SERVICE_CLIENT,
        deadline=Deadline(("connect_timeout", "read_timeout"), position=10),
    ),
    Api("amqp.{,connection.}Connection().{connect,channel,drain_events,close}", System.BROKER, blocks=True),
    Api("amqp.{,connection.}Connection().channel().basic_publish", System.BROKER, effect=Effect.WRITE, blocks=True),
    # kombu: 5 s to connect
    Api(
        "kombu.{Connection,BrokerConnection,connection.Connection}",
        System.BROKER,
        makes=Resource.SERVICE_CLIENT,
        deadline=Deadline(("connect_timeout",), position=8, sane=True),
        returns="kombu.Connection()",
    ),
    Api("kombu.Connection().{connect,ensure_connection,drain_events}", System.BROKER, blocks=True),
    Api(
        "kombu.{,messaging.}Producer().publish kombu.Connection().Producer().publish",
        System.BROKER,
        effect=Effect.WRITE,
        blocks=True,
        retries=("retry",),
    ),
    Api("kombu.{Connection().,simple.}SimpleQueue().put", System.BROKER, effect=Effect.WRITE, blocks=True),
    Api(
        "kombu.{Connection().,simple.}SimpleQueue().get",
        System.BROKER,
        effect=Effect.READ,
        blocks=True,
        deadline=Deadline(position=1, blocking="block", blocking_position=0),
    ),
)

OTHER_BROKERS = (
    # NATS: 2 s to connect, 0.5 s for an answer
    Api(
        "nats.connect nats.aio.client.Client nats.NATS",
        System.BROKER,
        makes=Resource.SERVICE_CLIENT,
        returns="nats.connect()",
    ),
    Api("nats.connect().{publish,jetstream().publish}", System.BROKER, effect=Effect.WRITE),
    Api("nats.connect().request", System.RPC, deadline=Deadline(position=2, sane=True)),
    # MQTT: 5 s to connect
    Api("paho.mqtt.client.Client", System.BROKER, makes=Resource.SERVICE_CLIENT),
    Api("paho.mqtt.client.Client().{connect,reconnect}", System.BROKER, blocks=True),
    Api("paho.mqtt.client.Client().publish", System.BROKER, effect=Effect.WRITE),
    Api("paho.mqtt.client.Client().publish().wait_for_publish", System.BROKER, blocks=True, deadline=_FIRST),
    # These open a connection for the one message.
    Api("paho.mqtt.publish.{single,multiple}", System.BROKER, effect=Effect.WRITE, blocks=True),
    Api("paho.mqtt.subscribe.simple", System.BROKER, effect=Effect.READ, blocks=True),
    Api("{aiomqtt,asyncio_mqtt}.Client gmqtt.Client", System.BROKER, makes=Resource.SERVICE_CLIENT),
    Api("{aiomqtt,asyncio_mqtt}.Client().publish", System.BROKER, effect=Effect.WRITE),
    Api("stomp.{Connection,Connection10,Connection11,Connection12}", System.BROKER, makes=Resource.SERVICE_CLIENT),
    Api("stomp.{Connection,Connection10,Connection11,Connection12}().connect", System.BROKER, blocks=True),
    Api(
        "stomp.{Connection,Connection10,Connection11,Connection12}().send",
        System.BROKER,
        effect=Effect.WRITE,
        blocks=True,
    ),
    # Pulsar: 30 s for an operation
    Api("pulsar.Client pulsar.Client().create_producer", System.BROKER, makes=Resource.SERVICE_CLIENT),
    Api("pulsar.Client().create_producer().send", System.BROKER, effect=Effect.WRITE, blocks=True),
    Api("pulsar.Client().create_producer().send_async", System.BROKER, effect=Effect.WRITE),
    Api(
        "pulsar.Client().{subscribe,create_reader} pulsar.Client().create_producer().flush", System.BROKER, blocks=True
    ),
    Api("pulsar.Client().subscribe().{receive,batch_receive}", System.BROKER, effect=Effect.READ, blocks=True),
)

_RESULT = "celery.result.AsyncResult()"

TASKS = (
    # Celery repeats the sending with growing waits.  Sending a task of the file is known by the method's name.
    Api(
        "celery.{,app.base.}Celery().send_task celery.current_app.send_task "
        "{celery,celery.canvas}.{chain,group,chord,signature,Signature}().{delay,apply_async}",
        System.BROKER,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
        returns=_RESULT,
    ),
    Api(
        "celery.{,app.base.}Celery().AsyncResult celery.result.{GroupResult,ResultSet}", System.BROKER, returns=_RESULT
    ),
    Api(_RESULT + ".{get,wait,join}", System.SYNC, blocks=True, deadline=_FIRST, slow="waits for a task's result"),
    Api(_RESULT + ".{ready,successful,failed,revoke,forget}", System.CACHE, effect=Effect.READ, blocks=True),
    # RQ
    Api("django_rq.get_queue", System.BROKER, returns="rq.Queue()"),
    Api(
        "rq.{,queue.}Queue().{enqueue,enqueue_call,enqueue_in,enqueue_at,enqueue_many,enqueue_job} django_rq.enqueue",
        System.BROKER,
        effect=Effect.WRITE,
        blocks=True,
    ),
    Api("rq.{,queue.}Queue().fetch_job rq.{,job.}Job.fetch", System.BROKER, effect=Effect.READ, blocks=True),
    # Huey, Django Q, arq and others
    Api(
        "huey.{RedisHuey,PriorityRedisHuey,SqliteHuey,Huey}().enqueue", System.BROKER, effect=Effect.WRITE, blocks=True
    ),
    Api("django_q.tasks.{async_task,async_iter,schedule}", System.BROKER, effect=Effect.WRITE, blocks=True),
    Api("arq.{,connections.}create_pool", System.BROKER, makes=Resource.POOL),
    Api(
        "arq.{,connections.}create_pool().enqueue_job arq.{,connections.}ArqRedis().enqueue_job",
        System.BROKER,
        effect=Effect.WRITE,
    ),
)

ROWS: tuple[Api, ...] = (*KAFKA, *AMQP, *OTHER_BROKERS, *TASKS)

#: What bounds how many messages a consumer has that it has not acknowledged.
PREFETCHES = re.compile(r"\bprefetch_count\s*=|\bbasic_qos\(|\.set_qos\(|\bFlowControl\(|\bmax_ack_pending\s*=")
