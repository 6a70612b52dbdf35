"""The clients of AWS and of the S3-compatible MinIO.

botocore: 60 s to connect and to read, and up to five tries in the legacy mode, which is the default.  MinIO: 5 min and
five tries.  Sources: boto3.amazonaws.com, botocore.amazonaws.com, aioboto3.readthedocs.io, min.io/docs.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Deadline, Effect, Resource, System

_CONFIG = Deadline(("read_timeout", "connect_timeout"), sane=True, nested=("config",))

#: Methods of a client that do not go to the service.
_LOCAL = "{can_paginate,close,generate_presigned_url,generate_presigned_post,get_paginator,get_waiter}"
_S3_READS = (
    "{download_file,download_fileobj,get_object,get_object_tagging,head_bucket,head_object,list_buckets,"
    "list_object_versions,list_objects,list_objects_v2}"
)
_S3_WRITES = (
    "{complete_multipart_upload,copy,copy_object,create_multipart_upload,delete_object,delete_objects,put_object,"
    "put_object_tagging,upload_file,upload_fileobj,upload_part}"
)
_DYNAMO_READS = "{batch_get_item,get_item,query,scan,transact_get_items}"
_DYNAMO_WRITES = "{batch_write_item,delete_item,put_item,transact_write_items,update_item}"
_PUBLISHES = (
    "{send_message,send_message_batch,publish,publish_batch,put_record,put_records,put_record_batch,put_events,"
    "delete_message,delete_message_batch}"
)
_STARTS = "{start_execution,start_sync_execution}"
#: Classes that the stub packages define, for annotations.
_STUBS = " ".join(
    f"{{mypy,types}}_boto3_{name}().*"
    for name in (
        "s3.{,client.}S3Client",
        "sqs.{,client.}SQSClient",
        "sns.{,client.}SNSClient",
        "dynamodb.{,client.}DynamoDBClient",
        "kinesis.{,client.}KinesisClient",
        "lambda.{,client.}LambdaClient",
        "secretsmanager.{,client.}SecretsManagerClient",
        "ses.{,client.}SESClient",
        "ssm.{,client.}SSMClient",
        "stepfunctions.{,client.}SFNClient",
    )
)

SYNCHRONOUS = (
    Api("boto3.Session", System.CLOUD, makes=Resource.SERVICE_CLIENT),
    Api(
        "boto3.session.Session botocore.session.{Session,get_session}",
        System.CLOUD,
        makes=Resource.SERVICE_CLIENT,
        returns="boto3.Session()",
    ),
    Api("boto3.client", System.CLOUD, makes=Resource.SERVICE_CLIENT, deadline=_CONFIG),
    Api(
        "boto3.{Session,session.Session}().client {boto3.Session,botocore.session.Session}().create_client",
        System.CLOUD,
        makes=Resource.SERVICE_CLIENT,
        deadline=_CONFIG,
        returns="boto3.client()",
    ),
    Api("boto3.resource", System.CLOUD, makes=Resource.SERVICE_CLIENT, deadline=_CONFIG),
    Api(
        "boto3.{Session,session.Session}().resource",
        System.CLOUD,
        makes=Resource.SERVICE_CLIENT,
        deadline=_CONFIG,
        returns="boto3.resource()",
    ),
    Api("boto3.client().* " + _STUBS, System.CLOUD, blocks=True, retried=True),
    Api(
        f"boto3.client().{_LOCAL} {{mypy,types}}_boto3_s3.{{,client.}}S3Client().{_LOCAL} "
        "{mypy,types}_boto3_dynamodb.{,client.}DynamoDBClient().{get_paginator,get_waiter}",
        System.CLOUD,
    ),
    Api("boto3.client()." + _S3_READS, System.STORAGE, effect=Effect.READ, blocks=True, retried=True),
    Api("boto3.client()." + _S3_WRITES, System.STORAGE, effect=Effect.WRITE, blocks=True, retried=True),
    Api("boto3.client()." + _DYNAMO_READS, System.DATABASE, effect=Effect.READ, blocks=True, retried=True),
    Api("boto3.client()." + _DYNAMO_WRITES, System.DATABASE, effect=Effect.WRITE, blocks=True, retried=True),
    Api("boto3.client()." + _PUBLISHES, System.BROKER, effect=Effect.WRITE, blocks=True, retried=True),
    Api("boto3.client().receive_message", System.BROKER, effect=Effect.READ, blocks=True, retried=True),
    Api("boto3.client()." + _STARTS, System.CLOUD, effect=Effect.WRITE, blocks=True, retried=True),
    Api(
        "boto3.client().invoke",
        System.CLOUD,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
        slow="waits for another function to run",
        quick=(("InvocationType", "Event"), ("InvocationType", "DryRun")),
    ),
    # The pages are fetched as they are asked for.
    Api("boto3.client().get_paginator().paginate", System.CLOUD, effect=Effect.READ, blocks=True, retried=True),
    Api(
        "boto3.client().get_paginator().paginate().build_full_result",
        System.CLOUD,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api("boto3.client().get_waiter().wait", System.CLOUD, blocks=True, slow="waits for a resource to change its state"),
)

# Naming a resource does not go to the service; what is done with it does.
_TABLE = (
    "{boto3.resource().Table,mypy_boto3_dynamodb.service_resource.Table,types_boto3_dynamodb.service_resource.Table}()"
)

RESOURCES = (
    Api("boto3.resource().meta.client.*", System.CLOUD, blocks=True, retried=True),
    Api("boto3.resource().meta.client." + _LOCAL, System.CLOUD),
    Api("boto3.resource().Bucket().Object", System.STORAGE, returns="boto3.resource().Object()"),
    Api("boto3.resource().Object().Bucket", System.STORAGE, returns="boto3.resource().Bucket()"),
    Api(
        "boto3.resource().{Bucket,Object}().{download_file,download_fileobj,get,load}",
        System.STORAGE,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api(
        "boto3.resource().{Bucket,Object}().{copy,copy_from,create,delete,delete_objects,put,put_object,upload_file,"
        "upload_fileobj}",
        System.STORAGE,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
    Api(
        "boto3.resource().Bucket().objects.{all,filter,limit}",
        System.STORAGE,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api(
        "boto3.resource().Bucket().objects.{all(),filter()}.delete",
        System.STORAGE,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
    Api(_TABLE + ".{get_item,query,scan,load}", System.DATABASE, effect=Effect.READ, blocks=True, retried=True),
    Api(
        _TABLE + ".{put_item,update_item,delete_item}", System.DATABASE, effect=Effect.WRITE, blocks=True, retried=True
    ),
    Api("boto3.resource().batch_get_item", System.DATABASE, effect=Effect.READ, blocks=True, retried=True),
    Api("boto3.resource().batch_write_item", System.DATABASE, effect=Effect.WRITE, blocks=True, retried=True),
    # The writer gathers 25 items and sends them together.
    Api(
        "boto3.resource().Table().batch_writer().{put_item,delete_item}",
        System.DATABASE,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
    Api(
        "boto3.resource().get_queue_by_name",
        System.BROKER,
        effect=Effect.READ,
        blocks=True,
        retried=True,
        returns="boto3.resource().Queue()",
    ),
    Api(
        "boto3.resource().Queue().{send_message,send_messages,delete_messages} boto3.resource().Topic().publish",
        System.BROKER,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
    Api("boto3.resource().Queue().receive_messages", System.BROKER, effect=Effect.READ, blocks=True, retried=True),
)

ASYNCHRONOUS = (
    Api("aioboto3.Session", System.CLOUD, makes=Resource.SERVICE_CLIENT),
    Api(
        "aioboto3.session.Session aiobotocore.get_session aiobotocore.session.{get_session,AioSession}",
        System.CLOUD,
        makes=Resource.SERVICE_CLIENT,
        returns="aioboto3.Session()",
    ),
    Api("aioboto3.Session().{client,resource}", System.CLOUD, makes=Resource.SERVICE_CLIENT, deadline=_CONFIG),
    Api(
        "aioboto3.client aioboto3.session.Session().client "
        "{aioboto3.Session,aiobotocore.session.AioSession}().create_client",
        System.CLOUD,
        makes=Resource.SERVICE_CLIENT,
        deadline=_CONFIG,
        returns="aioboto3.Session().client()",
    ),
    Api(
        "aioboto3.resource aioboto3.session.Session().resource",
        System.CLOUD,
        makes=Resource.SERVICE_CLIENT,
        deadline=_CONFIG,
        returns="aioboto3.Session().resource()",
    ),
    Api("aioboto3.Session().client().* aiobotocore.client.AioBaseClient().*", System.CLOUD, retried=True),
    Api("aioboto3.Session().client()." + _LOCAL, System.CLOUD),
    Api("aioboto3.Session().client()." + _S3_READS, System.STORAGE, effect=Effect.READ, retried=True),
    Api("aioboto3.Session().client()." + _S3_WRITES, System.STORAGE, effect=Effect.WRITE, retried=True),
    Api("aioboto3.Session().client()." + _DYNAMO_READS, System.DATABASE, effect=Effect.READ, retried=True),
    Api("aioboto3.Session().client()." + _DYNAMO_WRITES, System.DATABASE, effect=Effect.WRITE, retried=True),
    Api("aioboto3.Session().client()." + _PUBLISHES, System.BROKER, effect=Effect.WRITE, retried=True),
    Api("aioboto3.Session().client().receive_message", System.BROKER, effect=Effect.READ, retried=True),
    Api("aioboto3.Session().client()." + _STARTS, System.CLOUD, effect=Effect.WRITE, retried=True),
    Api(
        "aioboto3.Session().resource().Table().{get_item,query,scan}", System.DATABASE, effect=Effect.READ, retried=True
    ),
    Api(
        "aioboto3.Session().resource().Table().{put_item,update_item,delete_item}",
        System.DATABASE,
        effect=Effect.WRITE,
        retried=True,
    ),
)

MINIO = (
    Api("minio.{,api.}Minio", System.STORAGE, makes=Resource.SERVICE_CLIENT),
    Api(
        "minio.{,api.}Minio().{bucket_exists,fget_object,get_object,list_buckets,list_objects,stat_object}",
        System.STORAGE,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api(
        "minio.{,api.}Minio().{compose_object,copy_object,fput_object,make_bucket,put_object,remove_bucket,remove_object,"
        "remove_objects,set_object_tags}",
        System.STORAGE,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
)

ROWS: tuple[Api, ...] = (*SYNCHRONOUS, *RESOURCES, *ASYNCHRONOUS, *MINIO)
