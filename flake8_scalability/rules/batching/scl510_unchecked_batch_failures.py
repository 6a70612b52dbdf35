"""SCL510: a batch call whose partial failures nobody reads."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.batching.batch_failures import dropped, names
from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class UncheckedBatchFailures(Rule):
    """A batch call answers that some items failed, and nobody looks.

    What it does
    ------------
    Finds batch calls of SQS, SNS, Kinesis, Firehose, EventBridge and DynamoDB, `bulk` of Elasticsearch and OpenSearch
    where errors are not raised, rows put into BigQuery and messages sent by Firebase, whose result is dropped, only
    logged, or asked for something else than what failed.

    Why it does not scale
    ---------------------
    These calls succeed as a whole although single items were refused. With little traffic that never happens; once a
    shard or a table is throttled, a part of every batch is lost without a trace.

    How to fix it
    -------------
    Read the part of the answer that holds the failures (`Failed`, `FailedRecordCount`, `UnprocessedItems`, `errors`)
    and send those items again with backoff, a few times; then put them where somebody finds them.

    Known limits
    ------------
    A result that is returned or handed on is taken to be inspected there. `delete_objects` of S3 is not reported,
    nor are messages of SQS that are deleted together: one that is left comes once more.
    """

    code = "SCL510"
    slug = "unchecked-batch-failures"
    severity = Severity.MEDIUM
    since = "0.1.0"
    message = "{callee}() in {function}() drops partial failures; read {failures}, send those again"
    short = "{callee}() drops partial failures; read {failures}"
    title = "Failures of a batch dropped"
    impact = "Once the other side throttles, a part of every batch is lost and nobody notices"
    fix = "Read the failures in the answer (Failed, FailedRecordCount, UnprocessedItems) and send those items again"
    references = (
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html",
        "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html",
        "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html",
    )
    examples = (
        Bad(
            """
            import boto3

            sqs = boto3.client("sqs")

            def announce(queue_url, entries):
                sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)  # SCL510
            """,
            "each entry may be refused while the call succeeds",
        ),
        Bad(
            """
            import logging

            log = logging.getLogger(__name__)

            class Measurements:
                def __init__(self, kinesis):
                    self.kinesis = kinesis

                def store(self, records):
                    answer = self.kinesis.put_records(StreamName="measured", Records=records)  # SCL510
                    log.debug("stored: %s", answer["ResponseMetadata"]["HTTPStatusCode"])
            """,
            "the status is that of the call, not of the records; the method's name and argument say whose it is",
        ),
        Bad(
            """
            from elasticsearch import Elasticsearch, helpers

            from app.settings import SEARCH_URL

            search = Elasticsearch(SEARCH_URL, request_timeout=10)

            def index(documents):
                helpers.bulk(search, documents, raise_on_error=False)  # SCL510
            """,
            "errors are not raised, and the list of them is dropped",
        ),
        Bad(
            """
            from google.cloud import bigquery

            warehouse = bigquery.Client()

            def record(rows):
                warehouse.insert_rows_json("app.visits", rows, timeout=10)  # SCL510
            """,
            "the call returns the errors, and raises none",
        ),
        Bad(
            """
            import boto3

            dynamodb = boto3.client("dynamodb")

            def store(items):
                answer = dynamodb.batch_write_item(RequestItems={"visits": items})  # SCL510
                print("stored", answer)
            """,
            "what is printed is not sent again",
        ),
        Good(
            """
            import boto3

            sqs = boto3.client("sqs")

            def announce(queue_url, entries):
                answer = sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)
                failed = {each["Id"] for each in answer.get("Failed", [])}
                return [each for each in entries if each["Id"] in failed]
            """,
            "the caller gets what has to be sent again",
        ),
        Good(
            """
            import boto3

            sqs = boto3.client("sqs")

            def announce(queue_url, entries):
                return sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)
            """,
            "the caller has the answer and may read it",
        ),
        Good(
            """
            import boto3

            dynamodb = boto3.client("dynamodb")

            def store(items, attempts=5):
                pending = {"visits": items}
                while pending and attempts:
                    pending = dynamodb.batch_write_item(RequestItems=pending)["UnprocessedItems"]
                    attempts -= 1
                return pending
            """,
            "what was not processed is sent again",
        ),
        Good(
            """
            import boto3

            visits = boto3.resource("dynamodb").Table("visits")

            def store(items):
                with visits.batch_writer() as batch:
                    for item in items:
                        batch.put_item(Item=item)
            """,
            "the batch writer sends unprocessed items again by itself",
        ),
        Good(
            """
            from elasticsearch import Elasticsearch, helpers

            from app.settings import SEARCH_URL

            search = Elasticsearch(SEARCH_URL, request_timeout=10)

            def index(documents):
                helpers.bulk(search, documents)
            """,
            "raises for the first document that fails",
        ),
        Good(
            """
            from elasticsearch import Elasticsearch, helpers

            from app.settings import SEARCH_URL

            search = Elasticsearch(SEARCH_URL, request_timeout=10)

            def index(documents):
                done, errors = helpers.bulk(search, documents, raise_on_error=False)
                if errors:
                    raise RuntimeError(f"{len(errors)} of {done} documents failed")
            """,
            "the errors are read",
        ),
        Good(
            """
            from app.archive import Archive

            def keep(archive: Archive, records):
                archive.put_records(records)
            """,
            "a method of the project's own, which takes no `Records=`",
        ),
        Good(
            """
            from app.report import check

            def announce(sns, topic, entries):
                answer = sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)
                check(answer)
            """,
            "handed to somebody who may well inspect it",
        ),
        Good(
            """
            class Table:
                def bulk(self, rows, raise_on_error):
                    return rows

            def fill(table: Table, rows):
                table.bulk(rows, raise_on_error=False)
            """,
            "a class of the file's own",
        ),
        Good(
            """
            def finish(sqs, url, done):
                entries = [{"Id": each["MessageId"], "ReceiptHandle": each["ReceiptHandle"]} for each in done]
                sqs.delete_message_batch(QueueUrl=url, Entries=entries)
            """,
            "a message that was not deleted comes once more, as any may",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """The methods that take many items."""
        return words(*names())

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the batch calls whose partial failures are dropped."""
        for each in dropped(source):
            yield Finding.at(each.site, failures=each.failures)
