"""Search engines and vector databases: Elasticsearch, OpenSearch, Solr, Meilisearch, Milvus, Qdrant, Weaviate.

Defaults, from the clients' sources: Elasticsearch and OpenSearch wait 10 s, Solr 60 s, Typesense 3 s, Qdrant 5 s,
Weaviate 30 s and more; Meilisearch has none.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Deadline, Effect, Resource, System

_TIMEOUT = Deadline(("request_timeout", "timeout"), sane=True)
_CLIENT = "{elasticsearch.Elasticsearch(),opensearchpy.OpenSearch()}"
_ASYNC_CLIENT = "{elasticsearch.AsyncElasticsearch(),opensearchpy.AsyncOpenSearch()}"
_READS = (
    "{search,get,mget,msearch,count,exists,scroll,get_source,search_template,termvectors,explain,field_caps,"
    "open_point_in_time,create_pit,knn_search,ping}"
)
_WRITES = "{index,create,update,delete,bulk,delete_by_query,update_by_query,reindex}"
_INDICES = "{create,delete,exists,refresh,put_mapping,get_mapping,put_settings,put_template,put_index_template}"

ELASTIC = (
    Api(
        "elasticsearch.{,client.}Elasticsearch",
        System.SEARCH,
        makes=Resource.POOL,
        deadline=_TIMEOUT,
        returns="elasticsearch.Elasticsearch()",
    ),
    Api(
        "opensearchpy.{,client.}OpenSearch",
        System.SEARCH,
        makes=Resource.POOL,
        deadline=_TIMEOUT,
        returns="opensearchpy.OpenSearch()",
    ),
    Api("elasticsearch.Elasticsearch().options", System.SEARCH, returns="elasticsearch.Elasticsearch()"),
    Api(f"{_CLIENT}.{_READS}", System.SEARCH, effect=Effect.READ, blocks=True),
    Api(f"{_CLIENT}.{_WRITES}", System.SEARCH, effect=Effect.WRITE, blocks=True),
    Api(f"{_CLIENT}.indices.{_INDICES}", System.SEARCH, blocks=True),
    Api(_CLIENT + ".cluster.{health,state,stats}", System.SEARCH, effect=Effect.READ, blocks=True),
    # The generators ask the server while they are read, which their maker does next.
    Api("{elasticsearch,opensearchpy}.helpers.scan", System.SEARCH, effect=Effect.READ, blocks=True),
    Api(
        "{elasticsearch,opensearchpy}.helpers.{bulk,streaming_bulk,parallel_bulk,reindex}",
        System.SEARCH,
        effect=Effect.WRITE,
        blocks=True,
    ),
    Api(
        "elasticsearch.AsyncElasticsearch",
        System.SEARCH,
        makes=Resource.POOL,
        deadline=_TIMEOUT,
        returns="elasticsearch.AsyncElasticsearch()",
    ),
    Api("opensearchpy.AsyncOpenSearch", System.SEARCH, makes=Resource.POOL, deadline=_TIMEOUT),
    Api("elasticsearch.AsyncElasticsearch().options", System.SEARCH, returns="elasticsearch.AsyncElasticsearch()"),
    Api(f"{_ASYNC_CLIENT}.{_READS}", System.SEARCH, effect=Effect.READ),
    Api(f"{_ASYNC_CLIENT}.{_WRITES}", System.SEARCH, effect=Effect.WRITE),
    Api(f"{_ASYNC_CLIENT}.indices.{_INDICES}", System.SEARCH),
    Api("{elasticsearch,opensearchpy}.helpers.async_scan", System.SEARCH, effect=Effect.READ),
    Api(
        "{elasticsearch,opensearchpy}.helpers.{async_bulk,async_streaming_bulk,async_reindex}",
        System.SEARCH,
        effect=Effect.WRITE,
    ),
    # The query builder, in a package of its own before version 8.18
    Api(
        "{elasticsearch_dsl,elasticsearch.dsl}.connections.{,connections.}create_connection",
        System.SEARCH,
        makes=Resource.POOL,
        deadline=_TIMEOUT,
        returns="elasticsearch.Elasticsearch()",
    ),
    Api(
        "{elasticsearch_dsl,elasticsearch.dsl,opensearchpy}.Search {elasticsearch_dsl,elasticsearch.dsl}.search.Search",
        System.SEARCH,
        returns="elasticsearch.dsl.Search()",
        fluent=True,
    ),
    Api("elasticsearch.dsl.Search().{execute,count,scan}", System.SEARCH, effect=Effect.READ, blocks=True),
    Api("elasticsearch.dsl.Search().delete", System.SEARCH, effect=Effect.WRITE, blocks=True),
)

OTHERS = (
    Api("pysolr.Solr", System.SEARCH, makes=Resource.POOL, deadline=Deadline(position=3, sane=True)),
    Api("pysolr.Solr().{search,more_like_this}", System.SEARCH, effect=Effect.READ, blocks=True),
    Api("pysolr.Solr().{add,delete,commit,optimize}", System.SEARCH, effect=Effect.WRITE, blocks=True),
    # It keeps no connection, so that there is nothing to share.
    Api(
        "meilisearch.{,client.}Client",
        System.SEARCH,
        deadline=Deadline(position=2),
        returns="meilisearch.Client()",
    ),
    Api(
        "meilisearch.Client().index().{search,get_document,get_documents}",
        System.SEARCH,
        effect=Effect.READ,
        blocks=True,
    ),
    Api(
        "meilisearch.Client().index().{add_documents,update_documents,delete_document,delete_documents}",
        System.SEARCH,
        effect=Effect.WRITE,
        blocks=True,
    ),
    Api("meilisearch.Client().wait_for_task", System.SEARCH, blocks=True),
    Api("typesense.client.Client", System.SEARCH, returns="typesense.Client()"),
    Api("typesense.Client().collections[].documents.search", System.SEARCH, effect=Effect.READ, blocks=True),
    Api(
        "typesense.Client().collections[].documents.{create,upsert,import_,delete}",
        System.SEARCH,
        effect=Effect.WRITE,
        blocks=True,
    ),
)

_WEAVIATE = "weaviate.WeaviateClient().collections.{get(),use()}"

VECTORS = (
    # Milvus: the client connects when it is made; `connections.connect` keeps one for each alias
    Api("pymilvus.MilvusClient", System.DATABASE, makes=Resource.POOL, blocks=True),
    Api("pymilvus.connections.connect", System.DATABASE, blocks=True),
    Api("pymilvus.AsyncMilvusClient", System.DATABASE, makes=Resource.POOL),
    Api(
        "pymilvus.{MilvusClient,Collection}().{search,hybrid_search,query} pymilvus.MilvusClient().get",
        System.DATABASE,
        effect=Effect.READ,
        blocks=True,
    ),
    Api(
        "pymilvus.{MilvusClient,Collection}().{insert,upsert,delete,flush,create_index} pymilvus.Collection().load",
        System.DATABASE,
        effect=Effect.WRITE,
        blocks=True,
    ),
    Api("pymilvus.AsyncMilvusClient().{search,hybrid_search,query,get}", System.DATABASE, effect=Effect.READ),
    Api("pymilvus.AsyncMilvusClient().{insert,upsert,delete}", System.DATABASE, effect=Effect.WRITE),
    # Qdrant
    Api(
        "qdrant_client.{,qdrant_client.}QdrantClient",
        System.DATABASE,
        makes=Resource.POOL,
        returns="qdrant_client.QdrantClient()",
    ),
    Api(
        "qdrant_client.{,async_qdrant_client.}AsyncQdrantClient",
        System.DATABASE,
        makes=Resource.POOL,
        returns="qdrant_client.AsyncQdrantClient()",
    ),
    Api(
        "qdrant_client.QdrantClient().{search,search_batch,query_points,query_batch_points,query,recommend,scroll,"
        "retrieve,count,get_collection,get_collections,collection_exists}",
        System.DATABASE,
        effect=Effect.READ,
        blocks=True,
    ),
    Api(
        "qdrant_client.QdrantClient().{upsert,upload_points,upload_collection,delete,set_payload,create_collection,"
        "recreate_collection,delete_collection}",
        System.DATABASE,
        effect=Effect.WRITE,
        blocks=True,
    ),
    Api(
        "qdrant_client.AsyncQdrantClient().{search,search_batch,query_points,query_batch_points,query,recommend,scroll,"
        "retrieve,count}",
        System.DATABASE,
        effect=Effect.READ,
    ),
    Api("qdrant_client.AsyncQdrantClient().{upsert,delete,set_payload}", System.DATABASE, effect=Effect.WRITE),
    # Weaviate: the clients of version 4 and the one of version 3
    Api(
        "weaviate.{connect_to_local,connect_to_custom,connect_to_weaviate_cloud,connect_to_wcs}",
        System.DATABASE,
        makes=Resource.POOL,
        blocks=True,
        returns="weaviate.WeaviateClient()",
    ),
    Api("weaviate.WeaviateClient weaviate.WeaviateAsyncClient", System.DATABASE, makes=Resource.POOL),
    Api("weaviate.Client", System.DATABASE, makes=Resource.POOL, blocks=True),
    Api(
        "weaviate.{use_async_with_local,use_async_with_custom,use_async_with_weaviate_cloud}",
        System.DATABASE,
        makes=Resource.POOL,
        returns="weaviate.WeaviateAsyncClient()",
    ),
    Api("weaviate.WeaviateClient().connect", System.DATABASE, blocks=True),
    Api(
        _WEAVIATE + ".query.{near_text,near_vector,near_object,bm25,hybrid,fetch_objects,fetch_object_by_id}",
        System.DATABASE,
        effect=Effect.READ,
        blocks=True,
    ),
    Api(
        _WEAVIATE + ".data.{insert,insert_many,update,replace,delete_by_id,delete_many}",
        System.DATABASE,
        effect=Effect.WRITE,
        blocks=True,
    ),
)

ROWS: tuple[Api, ...] = (*ELASTIC, *OTHERS, *VECTORS)
