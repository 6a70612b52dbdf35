"""How schedulers, workflow engines and clouds learn of the functions that they start."""

from __future__ import annotations

from flake8_scalability.catalog.rows import Entry, Listing, Place, Signature

_SCHEDULERS = (
    # https://apscheduler.readthedocs.io/, https://schedule.readthedocs.io/
    Entry("apscheduler", Place.WORKER, decorators="scheduler.{scheduled_job,cron_schedule}", by_name=True),
    Entry("fastapi", Place.WORKER, decorators="fastapi_utils.tasks.repeat_every repeat_every repeat_at", by_name=True),
    Entry("apscheduler", Place.WORKER, calls="scheduler.{add_job,add_schedule}", argument=0, keyword="func",
          by_name=True),
    Entry("schedule", Place.WORKER, calls="schedule.every().do", argument=0, by_name=True,
          imports="schedule aioschedule"),
    Entry("schedule", Place.WORKER, decorators="schedule.repeat"),
    Entry("aiocron", Place.WORKER, decorators="aiocron.crontab"),
    Entry("aiocron", Place.WORKER, calls="aiocron.crontab", argument=1, keyword="func"),
    Entry("rocketry", Place.WORKER, decorators="rocketry.{Rocketry,Grouper}().{task,cond}"),
    Entry("uwsgi", Place.WORKER, decorators="uwsgidecorators.{timer,rbtimer,cron,spool,spoolforever,mulefunc,filemon,"
          "signal}"),
    Entry("uwsgi", Place.STARTUP, decorators="uwsgidecorators.postfork"),
    Entry("django-cron", Place.WORKER, bases="django_cron.CronJobBase", methods="do", per_call=False),
    Entry("django-cron", Place.WORKER, decorators="kronos.register"),
    # https://airflow.apache.org/docs/
    Entry("airflow", Place.STARTUP, decorators="airflow.{decorators,sdk}.{dag,task_group}"),
    Entry("airflow", Place.WORKER, decorators="airflow.{decorators,sdk}.{task,setup,teardown,task.virtualenv,"
          "task.docker,task.branch,task.short_circuit,task.external_python,task.kubernetes,task.sensor,task.python,task.skip_if,"
          "task.run_if,task.pyspark}"),
    Entry(
        "airflow",
        Place.WORKER,
        bases="airflow.{models,models.baseoperator,sdk,sensors.base,sensors.base_sensor_operator,hooks.base}."
        "{BaseOperator,BaseSensorOperator} BaseOperator BaseSensorOperator",
        methods="execute poke execute_complete pre_execute post_execute on_kill",
        by_name=True,
        per_call=False,
    ),
    # https://docs.prefect.io/, https://docs.dagster.io/, https://luigi.readthedocs.io/, https://docs.metaflow.org/
    Entry("prefect", Place.WORKER, decorators="prefect.{flow,task,flows.flow,tasks.task,materialize}"),
    Entry("dagster", Place.STARTUP, decorators="dagster.{job,graph,repository,definitions,graph_asset,"
          "graph_multi_asset,resource,io_manager}"),
    Entry("dagster", Place.WORKER, decorators="dagster.{asset,op,multi_asset,asset_check,multi_asset_check,sensor,"
          "schedule,asset_sensor,multi_asset_sensor,run_status_sensor,run_failure_sensor,observable_source_asset,solid,"
          "freshness_policy_sensor,success_hook,failure_hook,dynamic_partitioned_config,daily_partitioned_config}"),
    Entry("dagster", Place.WORKER, decorators="dagster_dbt.dbt_assets dagster_dlt.dlt_assets "
          "dagster_sling.sling_assets dlt.{resource,source,transformer}"),
    Entry("luigi", Place.WORKER, bases="luigi.{,task.}{Task,ExternalTask,WrapperTask} luigi.contrib.*",
          methods="run output requires complete", per_call=False),
    Entry("metaflow", Place.WORKER, decorators="metaflow.step"),
    # https://docs.temporal.io/develop/python, https://docs.dbos.dev/, https://docs.hatchet.run/
    Entry("temporal", Place.WORKER, decorators="temporalio.activity.defn temporalio.workflow.{run,signal,query,"
          "update}"),
    Entry("dbos", Place.WORKER, decorators="dbos.DBOS.{workflow,step,transaction,scheduled}"),
    Entry("hatchet", Place.WORKER, decorators="hatchet.{step,on_failure_step}", by_name=True, imports="hatchet_sdk"),
    Entry("inngest", Place.WORKER, decorators="client.create_function", by_name=True, imports="inngest"),
)  # fmt: skip

_CLOUDS = (
    # https://learn.microsoft.com/azure/azure-functions/functions-reference-python
    Entry("azure-functions", Place.REQUEST, decorators="azure.functions.{FunctionApp,Blueprint,DFApp}().route "
          "azure.durable_functions.{DFApp,Blueprint}().route azure.functions.{FunctionApp,Blueprint}()."
          "{generic_trigger,mcp_tool_trigger,sql_trigger,assistant_skill_trigger}"),
    Entry(
        "azure-functions",
        Place.WORKER,
        decorators="app.{timer_trigger,blob_trigger,queue_trigger,service_bus_queue_trigger,service_bus_topic_trigger,"
        "event_hub_message_trigger,event_grid_trigger,cosmos_db_trigger,cosmos_db_trigger_v3,activity_trigger,"
        "orchestration_trigger,entity_trigger,kafka_trigger,warm_up_trigger,dapr_service_invocation_trigger}",
        by_name=True,
    ),
    Entry("azure-functions", Place.WORKER, decorators="azure.functions.{FunctionApp,Blueprint}().schedule"),
    Entry("azure-functions", Place.WORKER, calls="azure.durable_functions.{Orchestrator,Entity}.create", argument=0),
    # https://cloud.google.com/functions/docs, https://firebase.google.com/docs/functions
    Entry("google-functions", Place.REQUEST, decorators="functions_framework.{http,typed}"),
    Entry("google-functions", Place.WORKER, decorators="functions_framework.{cloud_event,background_event}"),
    Entry(
        "firebase",
        Place.REQUEST,
        decorators="firebase_functions.{,https_fn.,https.}{on_request,on_call} firebase_functions.identity_fn."
        "{before_user_created,before_user_signed_in}",
    ),
    Entry(
        "firebase",
        Place.WORKER,
        decorators="firebase_functions.{scheduler_fn.on_schedule,pubsub_fn.on_message_published,tasks_fn."
        "on_task_dispatched,eventarc_fn.on_custom_event_published,remote_config_fn.on_config_updated,"
        "test_lab_fn.on_test_matrix_completed,"
        "firestore_fn.{on_document_created,on_document_updated,on_document_deleted,on_document_written,"
        "on_document_created_with_auth_context,on_document_updated_with_auth_context},"
        "db_fn.{on_value_created,on_value_updated,on_value_deleted,on_value_written},"
        "storage_fn.{on_object_finalized,on_object_deleted,on_object_archived,on_object_metadata_updated}}",
    ),
    # https://docs.powertools.aws.dev/lambda/python/, https://aws.github.io/chalice/
    Entry(
        "aws-lambda",
        Place.REQUEST,
        decorators="aws_lambda_powertools.event_handler.{,api_gateway.,appsync.,router.}{APIGatewayRestResolver,"
        "APIGatewayHttpResolver,ALBResolver,LambdaFunctionUrlResolver,VPCLatticeResolver,VPCLatticeV2Resolver,"
        "ApiGatewayResolver,APIGatewayRouter,Router,BedrockAgentResolver,AppSyncResolver}()."
        "{get,post,put,patch,delete,head,route,resolver,tool,exception_handler,not_found}",
    ),
    Entry("aws-lambda", Place.REQUEST, calls="aws_lambda_powertools.utilities.batch.{,async_}process_partial_response",
          keyword="record_handler"),
    Entry("aws-lambda", Place.REQUEST, decorators="aws_lambda_powertools.utilities.data_classes.event_source "
          "aws_lambda_powertools.utilities.idempotency.idempotent aws_lambda_powertools.{,logging.}Logger()."
          "inject_lambda_context aws_lambda_powertools.{,tracing.}Tracer().capture_lambda_handler "
          "aws_lambda_powertools.{,metrics.}Metrics().log_metrics aws_lambda_powertools.utilities.parser.event_parser"),
    Entry("aws-lambda", Place.REQUEST, decorators="app.{get,post,put,patch,delete,exception_handler}", by_name=True,
          imports="aws_lambda_powertools"),
    Entry("aws-lambda", Place.REQUEST, decorators="logger.{inject_lambda_context,capture_lambda_handler}",
          by_name=True),
    Entry(
        "chalice",
        Place.REQUEST,
        decorators="chalice.{,app.}{Chalice,Blueprint}().{route,authorizer,lambda_function,middleware,on_ws_connect,"
        "on_ws_message,on_ws_disconnect}",
    ),
    Entry(
        "chalice",
        Place.WORKER,
        decorators="app.{on_s3_event,on_sns_message,on_sqs_message,on_cw_event,on_kinesis_record,on_dynamodb_record} "
        "chalice.{Chalice,Blueprint}().schedule",
        by_name=True,
        imports="chalice",
    ),
    # https://modal.com/docs/reference
    Entry("modal", Place.STARTUP, decorators="modal.{enter,exit,build}"),
    Entry("modal", Place.TOOL, decorators="modal.{App,Stub}().local_entrypoint app.local_entrypoint", by_name=True),
    Entry("modal", Place.REQUEST, decorators="modal.{web_endpoint,fastapi_endpoint}"),
    Entry("modal", Place.STARTUP, decorators="modal.{asgi_app,wsgi_app,web_server}"),
    Entry("modal", Place.WORKER, decorators="modal.method modal.{App,Stub}().function app.function", by_name=True,
          imports="modal"),
)  # fmt: skip

ENTRIES = (*_SCHEDULERS, *_CLOUDS)

LISTINGS = (
    Listing("airflow", Place.WORKER, names="python_callable on_failure_callback on_success_callback on_retry_callback "
            "sla_miss_callback on_execute_callback execution_date_fn", imports="airflow"),
    Listing("temporal", Place.WORKER, names="activities", imports="temporalio"),
    Listing("aws-lambda", Place.REQUEST, names="record_handler", imports="aws_lambda_powertools"),
)  # fmt: skip

_TRIGGERS = (
    "{TimerRequest,QueueMessage,ServiceBusMessage,EventHubEvent,EventGridEvent,InputStream,Document,DocumentList,"
    "KafkaEvent}"
)
SIGNATURES = (
    Signature("luigi", Place.WORKER, imports="luigi", names="run requires output complete", method=True),
    Signature("azure-functions", Place.REQUEST, annotations="azure.functions.HttpRequest", imports="azure",
              names="main"),
    Signature("azure-functions", Place.WORKER, annotations=f"azure.functions.{_TRIGGERS}", imports="azure",
              names="main"),
    Signature("aws-lambda", Place.REQUEST, parameters="event|_event|evt|_ context|_context|ctx|lambda_context|_|__",
              names="lambda_handler handler"),
    Signature("aws-lambda", Place.REQUEST, annotations="aws_lambda_powertools.utilities.typing.LambdaContext "
              "aws_lambda_powertools.utilities.typing.lambda_context.LambdaContext aws_lambda_typing.context.Context "
              "aws_lambda_context.LambdaContext", names="lambda_handler handler main"),
    Signature("google-functions", Place.REQUEST, parameters="request|req", annotations="flask.Request",
              names="main handler entrypoint"),
)  # fmt: skip
