"""Calls of services that take one item, and what takes many.

Sources: docs.djangoproject.com/en/stable/topics/email, docs.aws.amazon.com (SQS, SNS, Kinesis, Firehose, EventBridge,
S3), platform.openai.com/docs/guides/embeddings, docs.cohere.com/reference/embed,
firebase.google.com/docs/cloud-messaging/send-message, docs.sendgrid.com, postmarkapp.com/developer/user-guide
"""

from __future__ import annotations

import re
from typing import NamedTuple

from flake8_scalability.catalog.rows import System


class Batch(NamedTuple):
    """A call for one item.

    names: last names of the callee
    system: what it talks to, None for any
    path: a part of its access path, "" for any
    what: what is done for each item
    instead: what takes many
    """

    names: str
    system: System | None
    path: str
    what: str
    instead: str


BATCHES = (
    Batch("send_mail", System.MAIL, "django", "sends a mail", "send_mass_mail() or one connection"),
    Batch("send", System.MAIL, "django", "sends a mail", "open one connection for all"),
    Batch("send_email send_raw_email", System.MAIL, "boto3", "sends a mail", "send_bulk_email()"),
    Batch("send_templated_email", System.MAIL, "boto3", "sends a mail", "send_bulk_templated_email()"),
    Batch("send_message", System.BROKER, "", "sends a request", "send_message_batch()"),
    Batch("delete_message", System.BROKER, "", "sends a request", "delete_message_batch()"),
    Batch("publish", System.BROKER, "boto3", "sends a request", "publish_batch()"),
    Batch("put_record", System.BROKER, "boto3", "sends a request", "put_records() or put_record_batch()"),
    Batch("delete_object", System.STORAGE, "boto3", "sends a request", "delete_objects()"),
    Batch("create acreate", System.LLM, "mbedding", "makes a request", "one call with a list as input"),
    Batch("embed embed_query embed_content", None, "", "makes a request", "one call with a list of texts"),
    Batch("send", System.HTTP, "firebase_admin", "sends a push", "messaging.send_each()"),
)
#: Functions of a project, by their names, that send one message to one person; a form for many is theirs to add.
#: A text message has none: services of telephony take one number a call.
SENDERS = re.compile(r"^(a|async_)?send_(e?mail|push|push_notification|fcm\w*|html_email|template_email)$")
#: What sends one message where one connection, or one request, takes many: in the text of such a function.
SINGLE = re.compile(
    r"\bsend_mail\(|\bEmailMessage\(|\bEmailMultiAlternatives\(|\bSMTP(_SSL)?\(|\bmail\.send\(|\bFastMail\(|\bsendmail\(|"
    r"\baiosmtplib\.send\(|\bmessaging\.send\(|\bfcm\.googleapis|\bexp\.host\b|\bsend_(raw_)?email\(\s*(Source|Message|RawMessage)|"
    r"\bSendGridAPIClient\(|\bresend\.Emails\.send\(|\bapi\.(resend|postmarkapp|sendgrid|mailgun)\b|\bpostmark\w*\.\w*send\("
)
#: What to do instead of calling such a function for each message.
TOGETHER = {"mail": "send them over one connection, or as one batch", "push": "send them as one batch"}
#: Calls of which each goes to an address of the item's own.
ADDRESSED = frozenset({"webpush"})
#: Names of the few people who run a service, of the rules they set, and of what is tried until one answers.
FEW = re.compile(
    r"(^|_)(admins?|admin_\w+|owners?|staff|staff_\w+|operators?|team|maintainers?|managers?|rules|supervisors?|channels)$|"
    r"candidate|variant|fallback|alternativ|mirror",
    re.IGNORECASE,
)
#: Addresses and fields of requests with which a language model is asked to answer a prompt.
COMPLETIONS = re.compile(r"/completions?\b|/api/(generate|chat)\b|:generateContent\b|^(messages|prompt)$")
#: Keys under which a platform hands over the events of one call, of which it bounds the number
#: (docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html).
HANDED_OVER = frozenset({"Records"})
#: Functions whose call moves a file of its own, or walks through a tree.
MOVING = re.compile(r"(^|_)(upload|download|crawl|walk|scrape|mkdir|create_(directory|folder))(_|$)")
