"""The clients of Google Cloud and Firebase.

They bound their calls (60 s for storage, per method elsewhere) and repeat with growing waits what may be repeated.
Sources: docs.cloud.google.com/python, googleapis.github.io/google-api-python-client,
firebase.google.com/docs/reference/admin/python.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Deadline, Effect, Resource, System

_GOOGLE_CLIENTS = (
    "google.cloud.bigquery.{,client.}Client google.cloud.bigquery_storage{,_v1}.BigQueryReadClient "
    "google.cloud.bigtable.{,client.}Client google.cloud.datastore.{,client.}Client google.cloud.spanner{,_v1}.Client "
    "google.cloud.firestore{,_v1}.AsyncClient google.cloud.pubsub{,_v1}.{PublisherClient,SubscriberClient} "
    "google.cloud.secretmanager{,_v1}.{SecretManagerServiceClient,SecretManagerServiceAsyncClient} "
    "google.cloud.tasks{,_v2}.{CloudTasksClient,CloudTasksAsyncClient} "
    "google.cloud.vision{,_v1}.{ImageAnnotatorClient,ImageAnnotatorAsyncClient} "
    "google.cloud.speech{,_v1}.{SpeechClient,SpeechAsyncClient} "
    "google.cloud.texttospeech{,_v1}.{TextToSpeechClient,TextToSpeechAsyncClient} "
    "google.cloud.translate{_v2,}.Client google.cloud.translate{_v3,}.TranslationServiceClient "
    "google.cloud.language{,_v1}.LanguageServiceClient google.cloud.documentai{,_v1}.DocumentProcessorServiceClient "
    "google.cloud.dialogflow{,_v2}.SessionsClient google.cloud.dialogflowcx{,_v3}.SessionsClient "
    "google.cloud.kms{,_v1}.KeyManagementServiceClient google.cloud.dlp{,_v2}.DlpServiceClient "
    "google.cloud.recaptchaenterprise{,_v1}.RecaptchaEnterpriseServiceClient "
    "google.cloud.videointelligence.VideoIntelligenceServiceClient "
    "google.cloud.logging.{,client.}Client google.cloud.monitoring_v3.MetricServiceClient "
    "google.cloud.scheduler{,_v1}.CloudSchedulerClient google.cloud.workflows.executions{,_v1}.ExecutionsClient"
)
_BUCKET = "google.cloud.storage.Client().bucket()"
_BLOB = "google.cloud.storage.Client().bucket().blob()"
_BIGQUERY = "google.cloud.bigquery.{,client.}Client()"
_FIRESTORE = "google.cloud.firestore.Client()"
_FIRESTORE_ASYNC = "google.cloud.firestore{,_v1}.AsyncClient()"

GOOGLE = (
    Api(_GOOGLE_CLIENTS, System.CLOUD, makes=Resource.SERVICE_CLIENT),
    # Storage
    Api("google.cloud.storage.Client", System.STORAGE, makes=Resource.SERVICE_CLIENT),
    Api(
        "google.cloud.storage.client.Client google.cloud.storage.Client.{from_service_account_json,"
        "from_service_account_info,create_anonymous_client}",
        System.STORAGE,
        makes=Resource.SERVICE_CLIENT,
        returns="google.cloud.storage.Client()",
    ),
    Api("google.cloud.storage.Client().bucket google.cloud.storage.{,bucket.}Bucket", System.STORAGE, returns=_BUCKET),
    Api(
        "google.cloud.storage.Client().get_bucket google.cloud.storage.Client().lookup_bucket",
        System.STORAGE,
        effect=Effect.READ,
        blocks=True,
        retried=True,
        returns=_BUCKET,
    ),
    Api(
        "google.cloud.storage.Client().{list_blobs,list_buckets,download_blob_to_file} "
        + _BUCKET
        + ".{exists,list_blobs}",
        System.STORAGE,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api(_BUCKET + ".get_blob", System.STORAGE, effect=Effect.READ, blocks=True, retried=True, returns=_BLOB),
    Api("google.cloud.storage.{,blob.}Blob", System.STORAGE, returns=_BLOB),
    Api(
        "google.cloud.storage.Client().create_bucket "
        + _BUCKET
        + ".{copy_blob,create,delete,delete_blob,delete_blobs,rename_blob}",
        System.STORAGE,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
    Api(
        _BLOB + ".{exists,reload,download_as_bytes,download_as_string,download_as_text,download_to_file,"
        "download_to_filename}",
        System.STORAGE,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api(
        _BLOB + ".{compose,delete,make_public,patch,rewrite,update,upload_from_file,upload_from_filename,"
        "upload_from_string}",
        System.STORAGE,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
    # Pub/Sub: publishing gathers messages and sends them from another thread.
    Api(
        "google.cloud.pubsub{,_v1}.PublisherClient().publish",
        System.BROKER,
        effect=Effect.WRITE,
        retried=True,
        returns="google.cloud.pubsub_v1.publisher.futures.Future()",
    ),
    # It ends when the retries of the publishing do, after ten minutes.
    Api(
        "google.cloud.pubsub_v1.publisher.futures.Future().result",
        System.BROKER,
        blocks=True,
        deadline=Deadline(position=0),
    ),
    Api(
        "google.cloud.pubsub{,_v1}.SubscriberClient().{pull,acknowledge,modify_ack_deadline}",
        System.BROKER,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    # BigQuery and the document stores
    Api(
        _BIGQUERY + ".{query,query_and_wait,list_rows,get_table,get_dataset,list_tables,list_datasets,get_job}",
        System.DATABASE,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api(
        _BIGQUERY + ".{query,load_table_from_uri,load_table_from_file,load_table_from_json,load_table_from_dataframe,"
        "extract_table,copy_table,get_job}().{result,to_dataframe,to_arrow}",
        System.DATABASE,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api(
        _BIGQUERY
        + ".{insert_rows,insert_rows_json,insert_rows_from_dataframe,load_table_from_uri,load_table_from_file,"
        "load_table_from_json,load_table_from_dataframe,create_table,create_dataset,delete_table,extract_table,copy_table}",
        System.DATABASE,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
    Api("google.cloud.firestore.Client", System.DATABASE, makes=Resource.SERVICE_CLIENT),
    Api(
        "google.cloud.firestore_v1.Client google.cloud.firestore{,_v1}.client.Client",
        System.DATABASE,
        makes=Resource.SERVICE_CLIENT,
        returns=_FIRESTORE,
    ),
    # The application object holds the client.
    Api("firebase_admin.firestore.client", System.DATABASE, returns=_FIRESTORE),
    Api("firebase_admin.firestore_async.client", System.DATABASE, returns="google.cloud.firestore.AsyncClient()"),
    Api(
        _FIRESTORE + ".{collection,collection_group,document}",
        System.DATABASE,
        returns=_FIRESTORE + ".collection()",
        fluent=True,
    ),
    Api(
        _FIRESTORE + ".{get_all,collections} " + _FIRESTORE + ".collection().{get,stream,list_documents,collections}",
        System.DATABASE,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api(
        _FIRESTORE + ".collection().{add,create,set,update,delete} " + _FIRESTORE + ".{batch,transaction}().commit",
        System.DATABASE,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
    Api(
        _FIRESTORE_ASYNC + ".{collection,collection_group,document}",
        System.DATABASE,
        returns="google.cloud.firestore.AsyncClient().collection()",
        fluent=True,
    ),
    Api(
        "google.cloud.firestore.AsyncClient().collection().{get,stream,list_documents}",
        System.DATABASE,
        effect=Effect.READ,
        retried=True,
    ),
    Api(
        "google.cloud.firestore.AsyncClient().collection().{add,create,set,update,delete}",
        System.DATABASE,
        effect=Effect.WRITE,
        retried=True,
    ),
    Api("google.cloud.datastore.{,client.}Client().{get,get_multi}", System.DATABASE, effect=Effect.READ, blocks=True),
    Api(
        "google.cloud.datastore.{,client.}Client().{put,put_multi,delete,delete_multi}",
        System.DATABASE,
        effect=Effect.WRITE,
        blocks=True,
    ),
    # Services behind generated clients: the methods that go to the service.  Not all of them repeat a call by default.
    Api(
        "google.cloud.secretmanager{,_v1}.SecretManagerServiceClient().{access_secret_version,get_secret,list_secrets} "
        "google.cloud.kms{,_v1}.KeyManagementServiceClient().{encrypt,decrypt,get_public_key,asymmetric_sign}",
        System.CLOUD,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api(
        "google.cloud.tasks{,_v2}.CloudTasksClient().create_task "
        "google.cloud.secretmanager{,_v1}.SecretManagerServiceClient().{add_secret_version,create_secret} "
        "google.cloud.workflows.executions{,_v1}.ExecutionsClient().create_execution",
        System.CLOUD,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
    Api(
        "google.cloud.vision{,_v1}.ImageAnnotatorClient().{annotate_image,batch_annotate_images,text_detection,"
        "document_text_detection,label_detection,face_detection,safe_search_detection,web_detection} "
        "google.cloud.speech{,_v1}.SpeechClient().recognize "
        "google.cloud.texttospeech{,_v1}.TextToSpeechClient().synthesize_speech "
        "google.cloud.translate{_v2,}.Client().{translate,detect_language} "
        "google.cloud.translate{_v3,}.TranslationServiceClient().{translate_text,detect_language} "
        "google.cloud.language{,_v1}.LanguageServiceClient().{analyze_sentiment,analyze_entities,classify_text} "
        "google.cloud.documentai{,_v1}.DocumentProcessorServiceClient().process_document "
        "google.cloud.dialogflow{,_v2}.SessionsClient().detect_intent "
        "google.cloud.dialogflowcx{,_v3}.SessionsClient().detect_intent "
        "google.cloud.dlp{,_v2}.DlpServiceClient().{inspect_content,deidentify_content} "
        "google.cloud.recaptchaenterprise{,_v1}.RecaptchaEnterpriseServiceClient().create_assessment",
        System.CLOUD,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    # The discovery-based library: `build(...).files().list(...).execute()`, 60 s by default.
    Api(
        "googleapiclient.discovery.{build,build_from_document}",
        System.CLOUD,
        makes=Resource.SERVICE_CLIENT,
        returns="googleapiclient.discovery.build()",
        fluent=True,
    ),
    Api("googleapiclient.discovery.build().execute", System.CLOUD, blocks=True, retries=("num_retries",)),
)

FIREBASE = (
    # 120 s, and four tries where the service is not to be had
    Api(
        "firebase_admin.messaging.{send,send_all,send_each,send_each_for_multicast,send_multicast,subscribe_to_topic}",
        System.CLOUD,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
    Api(
        "firebase_admin.auth.{get_user,get_user_by_email,get_user_by_phone_number,get_users,list_users}",
        System.CLOUD,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api(
        "firebase_admin.auth.{create_user,update_user,delete_user,set_custom_user_claims,revoke_refresh_tokens}",
        System.CLOUD,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
    Api("firebase_admin.db.reference().get", System.DATABASE, effect=Effect.READ, blocks=True, retried=True),
    Api(
        "firebase_admin.db.reference().{set,push,update,delete,transaction}",
        System.DATABASE,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
)

ROWS: tuple[Api, ...] = (*GOOGLE, *FIREBASE)
