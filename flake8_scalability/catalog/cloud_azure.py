"""The clients of Azure.

azure-core: 300 s (20 s to connect and 60 s to read for storage) and ten tries with growing waits (three for storage).
Source: learn.microsoft.com/python/api.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Effect, Resource, System

_SERVICE = "azure.storage.blob.BlobServiceClient()"
_CONTAINER = "azure.storage.blob.ContainerClient()"
_BLOB_CLIENT = "azure.storage.blob.BlobClient()"
_BLOB_READS = (
    "{download_blob,exists,get_blob_properties,get_container_properties,list_blobs,list_blob_names,walk_blobs}"
)
_BLOB_WRITES = (
    "{upload_blob,upload_blob_from_url,delete_blob,delete_blobs,create_container,delete_container,start_copy_from_url,"
    "stage_block,commit_block_list,append_block,set_blob_metadata}"
)
_COSMOS = "azure.cosmos.CosmosClient().{get_database_client,create_database_if_not_exists}()"
_COSMOS += ".{get_container_client,create_container_if_not_exists}()"

# The modules under `.aio` have the same classes, whose methods are coroutines.
AZURE = (
    # A credential keeps the token that it fetched.
    Api(
        "azure.identity.{,aio.}{DefaultAzureCredential,ManagedIdentityCredential,ClientSecretCredential,"
        "ChainedTokenCredential,EnvironmentCredential,CertificateCredential,WorkloadIdentityCredential}",
        System.CLOUD,
        makes=Resource.SERVICE_CLIENT,
    ),
    Api(
        "azure.identity.{DefaultAzureCredential,ManagedIdentityCredential,ClientSecretCredential}().get_token",
        System.CLOUD,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api(
        "azure.storage.blob.{,aio.}{BlobServiceClient,ContainerClient,BlobClient} "
        "azure.storage.filedatalake.{,aio.}{DataLakeServiceClient,FileSystemClient} "
        "azure.storage.fileshare.{,aio.}{ShareServiceClient,ShareClient}",
        System.STORAGE,
        makes=Resource.SERVICE_CLIENT,
    ),
    Api(
        "azure.storage.blob.aio.BlobServiceClient.from_connection_string",
        System.STORAGE,
        makes=Resource.SERVICE_CLIENT,
        returns="azure.storage.blob.aio.BlobServiceClient()",
    ),
    Api(
        "azure.storage.blob.BlobServiceClient.from_connection_string",
        System.STORAGE,
        makes=Resource.SERVICE_CLIENT,
        returns=_SERVICE,
    ),
    Api(
        "azure.storage.blob.ContainerClient.from_{connection_string,container_url}",
        System.STORAGE,
        makes=Resource.SERVICE_CLIENT,
        returns=_CONTAINER,
    ),
    Api(
        "azure.storage.blob.BlobClient.from_{connection_string,blob_url}",
        System.STORAGE,
        makes=Resource.SERVICE_CLIENT,
        returns=_BLOB_CLIENT,
    ),
    # What a client makes of itself goes through its own connections.
    Api(_SERVICE + ".get_container_client", System.STORAGE, returns=_CONTAINER),
    Api(f"{_SERVICE}.get_blob_client {_CONTAINER}.get_blob_client", System.STORAGE, returns=_BLOB_CLIENT),
    Api(
        f"azure.storage.blob.{{BlobServiceClient,ContainerClient,BlobClient}}().{_BLOB_READS} "
        f"{_BLOB_CLIENT}.download_blob().{{readall,readinto,content_as_bytes,content_as_text}} "
        f"{_CONTAINER}.download_blob().{{readall,readinto}} {_SERVICE}.list_containers",
        System.STORAGE,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api(
        f"azure.storage.blob.{{BlobServiceClient,ContainerClient,BlobClient}}().{_BLOB_WRITES}",
        System.STORAGE,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
    # Queues, Service Bus and Event Hubs
    Api(
        "azure.storage.queue.{,aio.}{QueueServiceClient,QueueClient} azure.servicebus.{,aio.}ServiceBusClient "
        "azure.eventhub.{,aio.}EventHubProducerClient azure.eventgrid.{,aio.}EventGridPublisherClient",
        System.BROKER,
        makes=Resource.SERVICE_CLIENT,
    ),
    Api(
        "azure.storage.queue.QueueClient.from_{connection_string,queue_url}",
        System.BROKER,
        makes=Resource.SERVICE_CLIENT,
        returns="azure.storage.queue.QueueClient()",
    ),
    Api(
        "azure.servicebus.ServiceBusClient.from_connection_string",
        System.BROKER,
        makes=Resource.SERVICE_CLIENT,
        returns="azure.servicebus.ServiceBusClient()",
    ),
    Api(
        "azure.servicebus.aio.ServiceBusClient.from_connection_string",
        System.BROKER,
        makes=Resource.SERVICE_CLIENT,
        returns="azure.servicebus.aio.ServiceBusClient()",
    ),
    Api(
        "azure.eventhub.{,aio.}EventHubProducerClient.from_connection_string",
        System.BROKER,
        makes=Resource.SERVICE_CLIENT,
    ),
    Api(
        "azure.storage.queue.QueueServiceClient().get_queue_client",
        System.BROKER,
        returns="azure.storage.queue.QueueClient()",
    ),
    Api(
        "azure.storage.queue.QueueClient().{receive_message,receive_messages,peek_messages,get_queue_properties} "
        "azure.servicebus.ServiceBusClient().{get_queue_receiver,get_subscription_receiver}()."
        "{receive_messages,peek_messages}",
        System.BROKER,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api(
        "azure.storage.queue.QueueClient().{send_message,delete_message,update_message,create_queue} "
        "azure.servicebus.ServiceBusClient().{get_queue_sender,get_topic_sender}().{send_messages,schedule_messages} "
        "azure.servicebus.ServiceBusClient().{get_queue_receiver,get_subscription_receiver}()."
        "{complete_message,abandon_message,dead_letter_message} azure.eventhub.EventHubProducerClient().send_batch "
        "azure.eventhub.EventHubProducerClient.from_connection_string().send_batch "
        "azure.eventgrid.EventGridPublisherClient().send",
        System.BROKER,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
    # Cosmos DB and tables
    Api(
        "azure.cosmos.{,cosmos_client.,aio.}CosmosClient azure.data.tables.{,aio.}{TableServiceClient,TableClient}",
        System.DATABASE,
        makes=Resource.SERVICE_CLIENT,
    ),
    Api(
        "azure.cosmos.CosmosClient.from_connection_string",
        System.DATABASE,
        makes=Resource.SERVICE_CLIENT,
        returns="azure.cosmos.CosmosClient()",
    ),
    Api(
        _COSMOS + ".{query_items,read_item,read_all_items,read_items} "
        "azure.data.tables.TableClient().{get_entity,query_entities,list_entities}",
        System.DATABASE,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api(
        _COSMOS + ".{create_item,upsert_item,replace_item,patch_item,delete_item} "
        "azure.data.tables.TableClient().{create_entity,upsert_entity,update_entity,delete_entity,submit_transaction}",
        System.DATABASE,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
    # Key Vault, App Configuration and the AI services
    Api(
        "azure.keyvault.secrets.{,aio.}SecretClient azure.keyvault.keys.{,aio.}KeyClient "
        "azure.keyvault.certificates.{,aio.}CertificateClient "
        "azure.appconfiguration.{,aio.}AzureAppConfigurationClient "
        "azure.ai.formrecognizer.{,aio.}DocumentAnalysisClient azure.ai.textanalytics.{,aio.}TextAnalyticsClient "
        "azure.ai.documentintelligence.{,aio.}DocumentIntelligenceClient "
        "azure.ai.inference.{,aio.}{ChatCompletionsClient,EmbeddingsClient} "
        "azure.search.documents.{,aio.}SearchClient azure.search.documents.indexes.{,aio.}SearchIndexClient",
        System.CLOUD,
        makes=Resource.SERVICE_CLIENT,
    ),
    Api(
        "azure.keyvault.secrets.SecretClient().{get_secret,list_properties_of_secrets} "
        "azure.keyvault.keys.KeyClient().get_key azure.keyvault.certificates.CertificateClient().get_certificate "
        "azure.appconfiguration.AzureAppConfigurationClient().{get_configuration_setting,list_configuration_settings} "
        "azure.ai.textanalytics.TextAnalyticsClient().{analyze_sentiment,recognize_entities,extract_key_phrases}",
        System.CLOUD,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api(
        "azure.keyvault.secrets.SecretClient().set_secret", System.CLOUD, effect=Effect.WRITE, blocks=True, retried=True
    ),
    Api("azure.search.documents.SearchClient().search", System.SEARCH, effect=Effect.READ, blocks=True, retried=True),
    Api(
        "azure.search.documents.SearchClient().{upload_documents,merge_or_upload_documents,delete_documents}",
        System.SEARCH,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
)

ROWS: tuple[Api, ...] = AZURE
