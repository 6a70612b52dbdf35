"""Calls that take many items and succeed as a whole although some of them failed, and where they tell which.

Sources: https://docs.aws.amazon.com/boto3/latest/reference/services/ (sqs, sns, kinesis, firehose, events, dynamodb),
https://elasticsearch-py.readthedocs.io/en/stable/helpers.html, https://opensearch.org/docs/latest/clients/python-low-level/,
https://cloud.google.com/python/docs/reference/bigquery/latest/google.cloud.bigquery.client.Client,
https://firebase.google.com/docs/cloud-messaging/send-message
"""

from __future__ import annotations

import re
from typing import NamedTuple


class BatchCall(NamedTuple):
    """A call whose result tells which items failed.

    names: last names of the callee
    given: an argument that tells the call from others of the same name, "" where the name does
    failures: the part of the result that holds the failures, as messages name it
    only_with: an argument and the literal without which failures are raised
    roots: packages one of which the path begins with, or the file imports; () where the name is distinctive
    """

    names: str
    given: str
    failures: str
    only_with: tuple[str, object] | None = None
    roots: tuple[str, ...] = ()


_SEARCH = ("elasticsearch", "opensearchpy", "elasticsearch_dsl", "elasticsearch8", "elasticsearch7")

BATCH_CALLS = (
    # A message that could not be deleted comes back, as any may that is delivered at least once.
    BatchCall("send_message_batch send_messages", "Entries", "Failed"),
    BatchCall("publish_batch", "PublishBatchRequestEntries", "Failed"),
    BatchCall("put_records", "Records", "FailedRecordCount"),
    BatchCall("put_record_batch", "Records", "FailedPutCount"),
    BatchCall("put_events", "Entries", "FailedEntryCount"),
    BatchCall("batch_write_item", "RequestItems", "UnprocessedItems"),
    BatchCall("batch_get_item", "RequestItems", "UnprocessedKeys"),
    BatchCall("bulk async_bulk", "", "the list of errors", ("raise_on_error", False), _SEARCH),
    BatchCall("streaming_bulk parallel_bulk async_streaming_bulk", "", "each result", ("raise_on_error", False),
              _SEARCH),
    BatchCall("insert_rows_json insert_rows insert_rows_from_dataframe", "", "the list of errors", None,
              ("google", "bigquery")),
    BatchCall("send_each send_each_for_multicast send_all send_multicast", "", "failure_count", None,
              ("firebase_admin",)),
)  # fmt: skip
#: A client's own method, whose answer holds `errors` and never raises for one item.
CLIENT_BULK = BatchCall("bulk", "", "errors", None, _SEARCH)
#: Names of clients on which `bulk` is that method.
SEARCH_CLIENTS = re.compile(
    r"(^|_)(es|elastic|elasticsearch|opensearch|os_client|search_client|es_client|client)$", re.IGNORECASE
)
#: What only says whether the call as a whole went through, or how it was.
BESIDE = frozenset({"ResponseMetadata", "took", "MessageId", "Successful", "RequestId", "HTTPStatusCode"})
#: Calls that only tell somebody.
TELLING = re.compile(r"^(debug|info|warning|warn|error|exception|critical|log|print|pprint|trace|success)$")
