"""How the address of a backing service is written: in arguments, in settings, in URLs, and whose a host is."""

from __future__ import annotations

import re

from flake8_scalability.catalog.rows import System

#: Systems whose every literal host is the operator's own; of the others only a private one is.
STORES = frozenset({System.DATABASE, System.CACHE, System.BROKER, System.SEARCH, System.DIRECTORY})

#: Schemes of addresses that only a store or a broker has, without the driver (`postgresql+asyncpg`).
SCHEMES = frozenset({
    "postgres", "postgresql", "psql", "postgis", "mysql", "mysql2", "mariadb", "mssql", "oracle", "cockroachdb",
    "redshift", "clickhouse", "clickhousedb", "redis", "rediss", "valkey", "valkeys", "sentinel", "memcached",
    "memcache", "amqp", "amqps", "pyamqp", "mongodb", "bolt", "neo4j", "cassandra", "kafka", "nats", "mqtt", "mqtts",
    "ldap", "ldaps", "stomp", "couchbase", "couchbases", "influxdb", "elasticsearch", "rabbitmq", "beanstalk",
    "pulsar", "async+redis", "crate",
})  # fmt: skip

#: Parameters of clients that hold an address or several.
PARAMETERS = (
    "host", "hosts", "hostname", "server", "servers", "address", "addresses", "addr", "url", "urls", "uri", "dsn",
    "conninfo", "connection_string", "bootstrap_servers", "bootstrap.servers", "broker", "broker_url", "backend",
    "result_backend", "base_url", "endpoint", "endpoint_url", "endpoint_override", "node", "nodes", "contact_points",
    "target", "service_url", "startup_nodes", "sentinels", "db_url", "database_url", "storage_uri", "message_queue",
    "parameters", "redis_url", "api_base", "host_url", "api_endpoint", "server_url", "url_object", "host_and_port",
)  # fmt: skip

#: Those of them whose text may be a mere name, with or without a port.
NAMING = (
    "host", "hosts", "hostname", "server", "servers", "address", "addresses", "addr", "bootstrap_servers",
    "bootstrap.servers", "node", "nodes", "contact_points", "target", "startup_nodes", "sentinels", "endpoint",
    "host_and_port",
)  # fmt: skip
#: Arguments that take the place of the network.
WITHOUT_NETWORK = ("transport", "app")
#: Schemes under which other services are called.
WEB_SCHEMES = frozenset({"http", "https", "ws", "wss", "grpc", "tcp"})

#: Objects that clients are given, or that keep an address for them.  (Clients themselves have rows of their own.)
HOLDERS: dict[str, System] = {
    "pika.{ConnectionParameters,URLParameters,connection.ConnectionParameters,connection.URLParameters}": System.BROKER,
    "sqlalchemy.{,engine.,engine.url.}URL.create sqlalchemy.{engine,engine.url}.URL": System.DATABASE,
    "redis.{,asyncio.,asyncio.cluster.,cluster.}ClusterNode": System.CACHE,
    "arq.connections.RedisSettings arq.connections.RedisSettings.from_dsn": System.BROKER,
    "celery.{,app.}Celery kombu.{,connection.}Connection": System.BROKER,
    "dramatiq.brokers.redis.RedisBroker dramatiq.brokers.rabbitmq.RabbitmqBroker": System.BROKER,
    "huey.{RedisHuey,PriorityRedisHuey,RedisExpireHuey}": System.BROKER,
    "{flask_limiter,slowapi}.{,extension.}Limiter": System.CACHE,
    "socketio.{RedisManager,AsyncRedisManager,KombuManager,AsyncAioPikaManager} flask_socketio.SocketIO": System.BROKER,
    "mongoengine.{connect,register_connection}": System.DATABASE,
    "apscheduler.jobstores.redis.RedisJobStore apscheduler.jobstores.sqlalchemy.SQLAlchemyJobStore": System.DATABASE,
    "kazoo.client.KazooClient etcd3.client": System.DATABASE,
    "kafka.{KafkaConsumer,KafkaAdminClient} aiokafka.AIOKafkaConsumer confluent_kafka.Consumer": System.BROKER,
    "limits.storage.{RedisStorage,MemcachedStorage,MongoDBStorage,storage_from_string}": System.CACHE,
    "minio.Minio": System.STORAGE,
    "faststream.{kafka,confluent}.{,broker.}KafkaBroker faststream.nats.NatsBroker faststream.rabbit.RabbitBroker "
    "pykafka.KafkaClient": System.BROKER,
}

#: Clients that take many nodes: a lone one with a name is a single point of failure (SCL901), several are addresses.
CLUSTERED = (
    "elasticsearch opensearchpy elasticsearch_dsl kafka aiokafka confluent_kafka cassandra acsylla kazoo couchbase "
    "acouchbase faststream pykafka"
)

#: Clients that take several addresses of a broker to fail over, and the schemes of brokers that have several nodes.
TAKING_MANY = "celery kombu nats stomp faust faust_streaming"
CLUSTERED_SCHEMES = frozenset({"amqp", "amqps", "pyamqp", "nats", "kafka", "stomp", "confluentkafka"})
#: Settings that hold the nodes of a clustered store.
CLUSTERED_SETTING = re.compile(
    r"(^|_)(KAFKA|ELASTIC\w*|ES|OPENSEARCH|CASSANDRA|SCYLLA|ZOOKEEPER|ZK|ETCD|COUCHBASE|NATS)_|"
    r"^(ELASTICSEARCH_DSL|HAYSTACK_CONNECTIONS)$|BOOTSTRAP_SERVERS",
    re.IGNORECASE,
)
#: Hosts behind which a provider keeps several nodes, and ports on which nodes themselves are asked.
MANAGED = re.compile(
    r"\.(amazonaws|elastic-cloud|aivencloud|confluent|upstash|cloudamqp|azure|windows|googleapis|bonsaisearch|searchly|"
    r"instaclustr|eventstore|cloudkarafka|found|ondigitalocean|scylla|datastax)\.|\.(cloud|es)\.io$|(^|[-_.])(lb|vip|"
    r"cluster|balancer|proxy|headless|bootstrap)([-_.]|$)",
    re.IGNORECASE,
)
NODE_PORT = re.compile(r":(9092|9093|9094|19092|29092|9200|9300|9042|2181|2379|5672|5671|4222)(/|$)")

#: Callees by whose form an address with one of the schemes is taken for that of a client.
CONNECTING = re.compile(r"^(from_url|connect(_\w+)?|create_\w*(engine|pool|client|connection)|[A-Z]\w*)$")
#: Callees that keep a default, describe a type or only look at the text; a `DatabaseURLValue` reads the environment.
DESCRIBING = re.compile(
    r"Field|Option|Argument|Dsn$|Secret|Setting|Ur[il]$|URL$|Env|Default|Error|Exception|Mock|Query$|Value$"
)

#: What a client is asked for that speaks with the process manager of its machine: `proxy.supervisor.getState()`.
PROCESS_MANAGERS = frozenset({"supervisor"})

#: Names of settings that hold the address of a backing service.
BACKING_SETTING = re.compile(
    r"(^|_)(DATABASE|DB|POSTGRES\w*|PG|MYSQL|MARIADB|MONGO\w*|REDIS|VALKEY|CACHE|MEMCACHED?|BROKER|CELERY\w*|RABBIT(MQ)?|"
    r"AMQP|KAFKA|ELASTIC\w*|ES|OPENSEARCH|SOLR|NEO4J|CLICKHOUSE|CASSANDRA|QDRANT|CHROMA\w*|MILVUS|WEAVIATE|ETCD|MINIO|"
    r"RESULT|\w*SERVICE)_(\w+_)?(URL|URI|HOST|HOSTS|HOSTNAME|DSN|SERVER|SERVERS|ADDR|ADDRESS|ENDPOINT|BACKEND|NODES)$|"
    r"^(SQLALCHEMY_DATABASE_URI|RATELIMIT_STORAGE_UR[IL])$",
    re.IGNORECASE,
)
#: Settings of Celery, which are the ones that modules write in small letters.
CELERY_SETTINGS = frozenset({"broker_url", "broker_read_url", "broker_write_url", "result_backend"})
#: Words in a setting's name that make it a fallback, a development value, or the service's own address.
NOT_BACKING = re.compile(
    r"(^|_)(DEFAULT|EXAMPLE|SAMPLE|TESTS?|TESTING|DEV|DEVELOPMENT|LOCAL|FALLBACK|MOCK|FAKE|FRONTEND|REDIRECT|CALLBACK|"
    r"ORIGINS?|CORS|ALLOWED|BIND|LISTEN|DOCS?|PUBLIC|DEMO)(_|$)",
    re.IGNORECASE,
)
#: Mappings of settings whose entries describe backing services, and the keys in them that hold the address.
SETTINGS = frozenset({
    "DATABASES", "CACHES", "CHANNEL_LAYERS", "RQ_QUEUES", "MONGODB_SETTINGS", "MONGODB_DATABASES",
    "HAYSTACK_CONNECTIONS", "ELASTICSEARCH_DSL", "CACHEOPS_REDIS", "Q_CLUSTER", "HUEY", "DRAMATIQ_BROKER",
    "TORTOISE_ORM", "DB_CONFIG", "DATABASE_CONFIG", "REDIS_CONFIG", "DATABASE", "REDIS", "MYSQL_CONFIG", "PG_CONFIG",
})  # fmt: skip
ADDRESS_KEYS = frozenset({
    "HOST", "LOCATION", "URL", "HOSTS", "SERVER", "URI", "ADDRESS", "DSN", "BROKER_URL", "DEFAULT",
})  # fmt: skip
#: Ends of names of settings whose text may be a mere name.
NAMING_ENDINGS = ("HOST", "HOSTS", "HOSTNAME", "SERVER", "SERVERS", "ADDR", "ADDRESS", "NODES")
#: What an entry says whose address, if it has one, is a name inside the process or a file.
WITHIN_PROCESS = re.compile(
    r"sqlite|locmem|DummyCache|FileBasedCache|DatabaseCache|InMemory|SimpleCache", re.IGNORECASE
)
#: Where an application keeps its settings: `app.config[...]`, `celery.conf.broker_url`.
CONFIGURATIONS = frozenset({"config", "conf"})

#: Names that resolve inside one network only.
PRIVATE_ENDINGS = (
    ".local", ".internal", ".svc", ".lan", ".corp", ".intra", ".intranet", ".private", ".consul", ".localdomain",
)  # fmt: skip
#: Not a service of the operator: the machine's own metadata, and texts to be replaced.
NO_HOST = re.compile(r"^169\.254\.|^metadata\.|example|your|dummy|placeholder|change_?me|invalid|[*<>{}$%\s\[(]")

#: The name of a variable of the environment.
VARIABLE = re.compile(r"[A-Z0-9]+(_[A-Z0-9]+)+")

#: What the test of a branch says that is for development, a fallback or one of several environments.
BRANCHING = re.compile(
    r"environ|getenv|debug|(\b|_)dev|local|test|docker|prod|(\b|_)env\b|platform|argv|__name__|stag(e|ing)|mock|fake|"
    r"url|uri|host|dsn|addr|endpoint|broker|redis",
    re.IGNORECASE,
)
#: Names of classes and files whose settings are not those of production.
NOT_PRODUCTION = re.compile(
    r"dev|test|local|debug|example|sample|demo|mock|fake|compose|(^|[_.])ci([_.]|$)", re.IGNORECASE
)
#: Folders of what developers run on their own machines.
FOR_DEVELOPERS = re.compile(r"dev(el|elopment|elopers?)?([-_.](env|environment|setup|container|tools))?", re.IGNORECASE)
#: Comments on what a setting is to be where the service runs.
SPEAKS_OF_PRODUCTION = re.compile(r"\b(in|for|on)\s+(a\s+|your\s+|the\s+)?prod(uction)?\b", re.IGNORECASE)
#: Modules of values that every deployment has others for.
DEFAULTS = re.compile(r"defaults?(_?(config(uration)?|settings))?", re.IGNORECASE)
#: Classes of settings with which none of the project's instances runs.
NO_INSTANCE = re.compile(r"^(Doc(s|umentation)?|Defaults?)(Config(uration)?|Settings)?$")
#: A file that stands in for other services, or in a folder for developers.
STAND_IN = re.compile(r"mock|fake|stub|dummy|[\\/](devel|playground|play|sandbox)[\\/]", re.IGNORECASE)
#: What a tunnel is asked for: the port that it has opened on this machine, behind which another one answers.
OPENED_PORTS = frozenset({"local_bind_port", "local_bind_ports"})
PRODUCTION = re.compile(r"prod|live|deploy|stag(e|ing)|heroku|docker|aws", re.IGNORECASE)
#: Bases of classes whose fields the environment, or the caller, sets.
FILLED_BASES = frozenset({"BaseSettings", "BaseModel", "Struct", "NamedTuple", "TypedDict", "SQLModel"})
FILLED_BY = frozenset({"dataclass", "define", "s", "attrs", "frozen", "dataclasses", "environ"})

#: Cloud services that hold what an application keeps, and so tie it to the region in which they are asked.
REGIONAL = frozenset({"dynamodb", "sqs", "sns", "kinesis", "firehose", "s3", "rds-data", "timestream-write"})
#: How a region is named; `auto` and `global`, which other stores than Amazon's ask for, tie nothing to a place.
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")

#: What stands in a file that may name a host or a region: without one of these nobody looks closer.
MENTIONS = (
    "host", "server", "broker", "redis", "region_name", "location", "address", "node", "dsn", "connect",
    "client", "contact_points",
)  # fmt: skip
NUMERIC = re.compile(r"\d\.\d+\.\d+\.\d")
#: A part of it that begins with a character of its own is found in a text at a seventh of the cost.
NUMERIC_END = re.compile(r"\.\d+\.\d+\.\d")
#: Calls that ask the environment for something, and take a default.
READS_ENVIRONMENT = re.compile(r"(^|\.)(getenv|environ\.get|env(\.\w+)?|config)$")
