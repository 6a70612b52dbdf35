"""Document, wide-column and graph databases: MongoDB, Cassandra, Neo4j, ArangoDB, CouchDB, Couchbase, InfluxDB ...

The path of a MongoDB collection is written by subscription, `pymongo.MongoClient()[][]`, for both of its spellings:
`client["shop"]["orders"]` and `client.shop.orders`.

Defaults, from the drivers' sources: pymongo waits 30 s for a server and 20 s for a connection, but for ever for an
answer (`socketTimeoutMS`, `timeoutMS`); the InfluxDB 1 client, happybase, tarantool and couchdb have none; Cassandra
waits 5 s to connect and 10 s for an answer, Neo4j 30 s to connect, ArangoDB 60 s, InfluxDB 2 10 s, RethinkDB 20 s.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Deadline, Effect, Resource, System

# The connection string may hold it as well.
_MONGO = Deadline(("socketTimeoutMS", "timeoutMS"), nested=("host",), nested_position=0)
_READS = "{find_one,count_documents,estimated_document_count,distinct,aggregate,index_information}"
_WRITES = (
    "{insert_one,insert_many,update_one,update_many,replace_one,delete_one,delete_many,bulk_write,find_one_and_update,"
    "find_one_and_replace,find_one_and_delete,create_index,create_indexes,drop_index}"
)
_COLLECTION = "{pymongo.MongoClient()[],flask_pymongo.PyMongo().db}[]"
_ASYNC_COLLECTION = "pymongo.AsyncMongoClient()[][]"

#: Of these an attribute that no row mentions is an item.
ITEMS_BY_ATTRIBUTE = "pymongo.{,Async}MongoClient(){,[]} flask_pymongo.PyMongo().db"

MONGODB = (
    Api(
        "pymongo.{,mongo_client.,synchronous.mongo_client.}MongoClient",
        System.DATABASE,
        makes=Resource.POOL,
        deadline=_MONGO,
        returns="pymongo.MongoClient()",
    ),
    Api(
        "pymongo.{,asynchronous.mongo_client.}AsyncMongoClient "
        "motor.motor_asyncio.AsyncIOMotorClient motor.{,motor_tornado.}MotorClient",
        System.DATABASE,
        makes=Resource.POOL,
        deadline=_MONGO,
        returns="pymongo.AsyncMongoClient()",
    ),
    Api("flask_pymongo.{,wrappers.}PyMongo", System.DATABASE, makes=Resource.POOL, returns="flask_pymongo.PyMongo()"),
    # Ways to a database and a collection
    Api(
        "pymongo.MongoClient().{get_database,get_default_database} pymongo.{,synchronous.}database.Database",
        System.DATABASE,
        returns="pymongo.MongoClient()[]",
    ),
    Api(
        "pymongo.MongoClient()[].get_collection pymongo.MongoClient()[][].with_options "
        "pymongo.{,synchronous.}collection.Collection",
        System.DATABASE,
        returns="pymongo.MongoClient()[][]",
    ),
    Api(
        "pymongo.AsyncMongoClient().{get_database,get_default_database} pymongo.asynchronous.database.AsyncDatabase "
        "motor.motor_asyncio.AsyncIOMotorDatabase",
        System.DATABASE,
        returns="pymongo.AsyncMongoClient()[]",
    ),
    Api(
        "pymongo.AsyncMongoClient()[].get_collection pymongo.AsyncMongoClient()[][].with_options "
        "pymongo.asynchronous.collection.AsyncCollection motor.motor_asyncio.AsyncIOMotorCollection",
        System.DATABASE,
        returns="pymongo.AsyncMongoClient()[][]",
    ),
    # A cursor asks the server when it is read, which its maker does next.
    Api(_COLLECTION + ".find", System.DATABASE, effect=Effect.READ, blocks=True, fluent=True),
    Api(f"{_COLLECTION}.{_READS}", System.DATABASE, effect=Effect.READ, blocks=True),
    Api(f"{_COLLECTION}.{_WRITES}", System.DATABASE, effect=Effect.WRITE, blocks=True),
    Api(_COLLECTION + ".find().{to_list,next,distinct,explain,count}", System.DATABASE, blocks=True),
    Api(
        "pymongo.MongoClient(){[],.admin}.{command,list_collection_names,create_collection,drop_collection} "
        "pymongo.MongoClient().{server_info,list_database_names,drop_database}",
        System.DATABASE,
        blocks=True,
    ),
    Api(
        "pymongo.MongoClient().start_session().{with_transaction,commit_transaction,abort_transaction}",
        System.DATABASE,
        blocks=True,
    ),
    Api(_ASYNC_COLLECTION + ".find", System.DATABASE, effect=Effect.READ, fluent=True),
    Api(f"{_ASYNC_COLLECTION}.{_READS}", System.DATABASE, effect=Effect.READ),
    Api(f"{_ASYNC_COLLECTION}.{_WRITES}", System.DATABASE, effect=Effect.WRITE),
    Api(_ASYNC_COLLECTION + ".find().{to_list,next,distinct,explain}", System.DATABASE),
    Api(
        "pymongo.AsyncMongoClient(){[],.admin}.{command,list_collection_names,create_collection,drop_collection}",
        System.DATABASE,
    ),
)

_ANSWER = Deadline(("timeout",), 2, sane=True)

CASSANDRA = (
    Api(
        "cassandra.cluster.Cluster",
        System.DATABASE,
        makes=Resource.POOL,
        deadline=Deadline(("connect_timeout",), sane=True),
    ),
    Api("cassandra.cluster.Cluster().connect", System.DATABASE, blocks=True, returns="cassandra.cluster.Session()"),
    Api("cassandra.cluster.Session().execute", System.DATABASE, blocks=True, deadline=_ANSWER),
    Api("cassandra.cluster.Session().prepare", System.DATABASE, blocks=True),
    Api("cassandra.cluster.Session().execute_async().result", System.DATABASE, blocks=True),
    Api("cassandra.concurrent.{execute_concurrent,execute_concurrent_with_args}", System.DATABASE, blocks=True),
    Api("acsylla.create_cluster", System.DATABASE, makes=Resource.POOL),
    Api("acsylla.create_cluster().create_session().{execute,create_prepared}", System.DATABASE),
)

NEO4J = (
    Api(
        "neo4j.{,v1.}GraphDatabase.{driver,bolt_driver,neo4j_driver}",
        System.DATABASE,
        makes=Resource.POOL,
        returns="neo4j.Driver()",
    ),
    Api("neo4j.Driver().session", System.DATABASE, returns="neo4j.Session()"),
    Api(
        "neo4j.Driver().{execute_query,verify_connectivity} "
        "neo4j.Session().{run,execute_read,execute_write,read_transaction,write_transaction} "
        "neo4j.Session().begin_transaction().{run,commit}",
        System.DATABASE,
        blocks=True,
    ),
    Api(
        "neo4j.AsyncGraphDatabase.{driver,bolt_driver,neo4j_driver}",
        System.DATABASE,
        makes=Resource.POOL,
        returns="neo4j.AsyncDriver()",
    ),
    Api("neo4j.AsyncDriver().session", System.DATABASE, returns="neo4j.AsyncSession()"),
    Api(
        "neo4j.AsyncDriver().{execute_query,verify_connectivity} neo4j.AsyncSession().{run,execute_read,execute_write}",
        System.DATABASE,
    ),
    Api("py2neo.{,database.}Graph", System.DATABASE, makes=Resource.POOL, returns="py2neo.Graph()"),
    Api("py2neo.Graph().{run,evaluate,create,merge,push,pull,delete}", System.DATABASE, blocks=True),
    Api("neomodel.db.cypher_query", System.DATABASE, blocks=True),
    # TinkerPop
    Api(
        "gremlin_python.driver.client.Client gremlin_python.driver.driver_remote_connection.DriverRemoteConnection",
        System.DATABASE,
        makes=Resource.POOL,
    ),
    Api("gremlin_python.driver.client.Client().submit", System.DATABASE, blocks=True),
)

_KEY_VALUE = "couchbase.cluster.Cluster().bucket().{default_collection(),collection(),scope().collection()}"

OTHERS = (
    # ArangoDB
    Api(
        "arango.{,client.}ArangoClient",
        System.DATABASE,
        makes=Resource.SERVICE_CLIENT,
        returns="arango.ArangoClient()",
    ),
    Api("arango.ArangoClient().db().aql.execute", System.DATABASE, blocks=True),
    Api(
        "arango.ArangoClient().db().collection().{get,find,all,has,get_many}",
        System.DATABASE,
        effect=Effect.READ,
        blocks=True,
    ),
    Api(
        "arango.ArangoClient().db().collection().{insert,insert_many,update,update_many,replace,delete,import_bulk}",
        System.DATABASE,
        effect=Effect.WRITE,
        blocks=True,
    ),
    Api("aioarangodb.ArangoClient", System.DATABASE, makes=Resource.SERVICE_CLIENT),
    # CouchDB: a session may hold the bound; the client of Python 3 waits 300 s
    Api(
        "couchdb.{,client.}Server",
        System.DATABASE,
        makes=Resource.POOL,
        deadline=Deadline(("session",), 2, advice="pass a couchdb.Session with a timeout"),
        returns="couchdb.Server()",
    ),
    Api("couchdb.Server()[].{get,view,find}", System.DATABASE, effect=Effect.READ, blocks=True),
    Api("couchdb.Server()[].{save,delete,update}", System.DATABASE, effect=Effect.WRITE, blocks=True),
    Api("couchdb3.Server aiocouch.CouchDB", System.DATABASE, makes=Resource.POOL),
    # Couchbase: connects when it is made, and bounds each operation by itself
    Api(
        "couchbase.cluster.{Cluster,Cluster.connect}",
        System.DATABASE,
        makes=Resource.POOL,
        blocks=True,
        returns="couchbase.cluster.Cluster()",
    ),
    Api("acouchbase.cluster.{Cluster,Cluster.connect}", System.DATABASE, makes=Resource.POOL),
    Api(_KEY_VALUE + ".{get,exists,get_multi,lookup_in}", System.DATABASE, effect=Effect.READ, blocks=True),
    Api(
        _KEY_VALUE + ".{insert,upsert,replace,remove,mutate_in,upsert_multi}",
        System.DATABASE,
        effect=Effect.WRITE,
        blocks=True,
    ),
    # InfluxDB 1, 2 and 3; the batching writer of 2 and 3 does not wait
    Api(
        "influxdb.{,client.}InfluxDBClient influxdb.DataFrameClient",
        System.DATABASE,
        makes=Resource.POOL,
        deadline=Deadline(position=7, nested=("session",)),
        returns="influxdb.InfluxDBClient()",
    ),
    Api("influxdb.InfluxDBClient().{query,ping}", System.DATABASE, effect=Effect.READ, blocks=True),
    Api("influxdb.InfluxDBClient().{write_points,write}", System.DATABASE, effect=Effect.WRITE, blocks=True),
    Api(
        "influxdb_client.{,client.influxdb_client.}InfluxDBClient",
        System.DATABASE,
        makes=Resource.POOL,
        deadline=Deadline(position=3, sane=True),
        returns="influxdb_client.InfluxDBClient()",
    ),
    Api(
        "influxdb_client.InfluxDBClient().query_api().{query,query_csv,query_raw,query_stream,query_data_frame}",
        System.DATABASE,
        effect=Effect.READ,
        blocks=True,
    ),
    Api(
        "influxdb_client.client.influxdb_client_async.InfluxDBClientAsync aioinflux.{,client.}InfluxDBClient",
        System.DATABASE,
        makes=Resource.POOL,
    ),
    Api("influxdb_client_3.InfluxDBClient3", System.DATABASE, makes=Resource.POOL),
    Api("influxdb_client_3.InfluxDBClient3().query", System.DATABASE, effect=Effect.READ, blocks=True),
    # RethinkDB
    Api(
        "rethinkdb.{r,RethinkDB()}.connect",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=Deadline(sane=True),
    ),
    # HBase, over Thrift
    Api(
        "happybase.{,connection.}Connection",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=Deadline(position=2),
        returns="happybase.Connection()",
    ),
    Api(
        "happybase.{,pool.}ConnectionPool",
        System.DATABASE,
        makes=Resource.POOL,
        blocks=True,
        deadline=Deadline(),
        returns="happybase.ConnectionPool()",
    ),
    Api("happybase.ConnectionPool().connection", System.DATABASE, returns="happybase.Connection()"),
    Api("happybase.Connection().table().{row,rows,cells,scan}", System.DATABASE, effect=Effect.READ, blocks=True),
    Api("happybase.Connection().table().{put,delete}", System.DATABASE, effect=Effect.WRITE, blocks=True),
    # Tarantool, Aerospike, Hazelcast, Dgraph
    Api(
        "tarantool.{,connection.}Connection",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=Deadline(("socket_timeout",), 5),
        returns="tarantool.Connection()",
    ),
    Api("tarantool.Connection().{call,eval,select,insert,replace,delete,update,upsert}", System.DATABASE, blocks=True),
    Api("aerospike.client", System.DATABASE, makes=Resource.POOL),
    Api("aerospike.client().connect", System.DATABASE, blocks=True, returns="aerospike.client()"),
    Api("aerospike.client().{get,select,exists}", System.DATABASE, effect=Effect.READ, blocks=True),
    Api("aerospike.client().{put,remove,increment,operate}", System.DATABASE, effect=Effect.WRITE, blocks=True),
    Api("hazelcast.{,client.}HazelcastClient", System.DATABASE, makes=Resource.POOL, blocks=True),
    Api("pydgraph.{,client_stub.}DgraphClientStub", System.DATABASE, makes=Resource.SERVICE_CLIENT),
)

ROWS: tuple[Api, ...] = (*MONGODB, *CASSANDRA, *NEO4J, *OTHERS)
