"""SCL503: a call of another service for each item of a loop."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.batching.item_calls import calls
from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.sites import display_name
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class RemoteCallInLoop(Rule):
    """A loop calls another service once for each of its items.

    What it does
    ------------
    Finds, in loops over items, calls that have a form for many: mails and pushes, messages of SQS and SNS, records of
    streams, deletions in S3, embeddings, senders of mail and pushes by their names, and, where a request is held up,
    calls over HTTP to one host; also where a function of the file makes the call for the item it is given.

    Why it does not scale
    ---------------------
    Each call is a round trip to somebody else, ten to a thousand times as long as one to a database. A hundred of
    them in a row keep the worker busy for seconds and meet the service's limit of calls.

    How to fix it
    -------------
    Send the items together: `send_mass_mail` or one connection, `send_message_batch`, `publish_batch`,
    `delete_objects`, a list as the input of an embedding, the batch endpoint of the service. Where it has none, put
    the items on a task queue, or call with a bounded number at a time.

    The loop has to grow with the data, in sight of the file: it goes over rows of a query without a limit, what a
    client or another service has sent, what a function of that kind of name fetches, or an argument whose name says
    that it is many (`rows`, `user_ids`) and that no caller of the file cuts or writes down.

    Known limits
    ------------
    What a function is given by another name (`people`, `addresses`) is silent, as are the addresses that one thing has,
    what somebody has chosen on a form, and people with one address: these are mostly a handful. Functions that send,
    known by their names, are silent where the project does not show that one message is a connection or a request of
    its own: they may put it on a queue, or be a library's. Addresses that come with the item (webhooks, feeds,
    crawlers) are silent, since nothing could go together; so are loops over staff, chunks, pages, tries and a few known
    items, and turns that follow one another on purpose. Whether an API has a batch endpoint is not known. Of HTTP calls
    that a request awaits one by one SCL509 speaks.
    """

    code = "SCL503"
    slug = "remote-call-in-loop"
    severity = Severity.MEDIUM
    since = "0.1.0"
    load = "remote call per item"
    message = "{callee}() {what} per item of {items} in {function}(); {instead}"
    short = "{callee}() {what} per item of {items}; {instead}"
    title = "Remote call in a loop"
    impact = "A round trip to another service for each item, one after the other, against its limit of calls"
    fix = "Send the items together (send_mass_mail, send_message_batch, delete_objects, a list), or on a task queue"
    references = (
        "https://docs.djangoproject.com/en/stable/topics/email/#send-mass-mail",
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html",
    )
    examples = (
        Bad(
            """
            from django.core.mail import send_mail
            from library.models import Loan

            def remind():
                for loan in Loan.objects.filter(returned=None):
                    send_mail("Reminder", "Your loan is due", None, [loan.address])  # SCL503
        """,
            "a connection to the mail server for each mail",
        ),
        Bad(
            """
            import boto3

            sqs = boto3.client("sqs")

            def publish(queue_url, records):
                for record in records:
                    sqs.send_message(QueueUrl=queue_url, MessageBody=record)  # SCL503
        """,
            "ten go into one request",
        ),
        Bad(
            """
            from app.mail import send_email
            from app.people import list_all_members

            def invite():
                for member in list_all_members():
                    send_email(member.address, "Welcome")  # SCL503
        """,
            "a sender of the project, by its name",
        ),
        Bad(
            """
            from openai import OpenAI

            client = OpenAI(timeout=20)

            def vectors(rows):
                return [client.embeddings.create(model="small", input=row.text) for row in rows]  # SCL503
        """,
            "the input may be a list",
        ),
        Bad(
            """
            import boto3

            s3 = boto3.client("s3")

            def _remove(key):
                s3.delete_object(Bucket="exports", Key=key)

            def sweep(table):
                for row in table.fetchall():
                    _remove(row.key)  # SCL503
        """,
            "through a function of the file",
        ),
        Bad(
            """
            from app.mail import send_email
            from app.people import address_of

            def invite(member_ids):
                for member_id in member_ids:
                    send_email(address_of(member_id), "Welcome")  # SCL503
        """,
            "keys of a table that gets rows as long as the service is used",
        ),
        Good(
            """
            from django.core.mail import send_mass_mail

            def remind(addresses):
                send_mass_mail([("Reminder", "Your loan is due", None, [address]) for address in addresses])
        """,
            "one connection",
        ),
        Good(
            """
            import boto3

            sqs = boto3.client("sqs")

            def publish(queue_url, batches):
                for batch in batches:
                    sqs.send_message_batch(QueueUrl=queue_url, Entries=batch)["Failed"]
        """,
            "batches",
        ),
        Good(
            """
            from app.mail import send_email

            TEAM = ("ops@example.org", "dev@example.org")

            def alarm(text):
                for address in TEAM:
                    send_email(address, text)
        """,
            "two people",
        ),
        Good(
            """
            from app.mail import send_email

            def alarm(people, text):
                for person in people[:5]:
                    send_email(person.address, text)
        """,
            "five at most",
        ),
        Good(
            """
            from app.mail import send_email

            class Watch:
                def __init__(self):
                    self.readers = [{"mail": "ops@example.org"}, {"mail": "it@example.org"}]

                def tell(self, text):
                    for reader in self.readers:
                        send_email(reader["mail"], text)
        """,
            "the object's own list, which the program writes down",
        ),
        Good(
            """
            from app.club import board
            from app.mail import send_email

            def invite(text):
                for person in board.people():
                    send_email(person.address, text)  # todo: SCL503
        """,
            "nothing shows how many these are",
        ),
        Good(
            """
            from openai import OpenAI

            client = OpenAI(timeout=20)

            def vectors(texts):
                return [each.embedding for each in client.embeddings.create(model="small", input=texts).data]
        """,
            "the iterable of a comprehension is evaluated once",
        ),
        Good(
            """
            import boto3

            s3 = boto3.client("s3")

            def sizes(keys):
                return {key: s3.head_object(Bucket="exports", Key=key)["ContentLength"] for key in keys}
        """,
            "there is no such call for many",
        ),
        Good(
            """
            from app.mail import send_email

            def warn(person, addresses):
                for address in addresses:
                    if address.is_confirmed:
                        send_email(address.text, "Warning")
                        break
        """,
            "one mail, to the first that is confirmed",
        ),
        Good(
            """
            from app.notices import Notice

            def all_of(notices):
                for notice in notices:
                    notice.send_email("now")
        """,
            "what a notice does when it is sent is its own affair",
        ),
        Good(
            """
            import boto3

            sqs = boto3.client("sqs")

            def drain(queue_url, work):
                while True:
                    answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
                    work(answer)
        """,
            "a consumer",
        ),
        Good(
            """
            from texts import send_sms
            from library.models import Member

            def remind():
                for member in Member.objects.filter(overdue=True):
                    send_sms(member.phone, "Your loan is due")
        """,
            "a text message goes to one number",
        ),
        Good(
            """
            from app.rules import load_rules
            from mails import send_email

            async def run():
                rules = await load_rules()
                for rule in rules:
                    await send_email(rule["recipients"], rule["subject"])
        """,
            "what somebody has set up is a handful",
        ),
        Good(
            """
            from app.mail import send_email

            def tell(text, ways=None):
                for way in ways or ["desk", "door"]:
                    send_email(way, text)
        """,
            "what stands in for the list says how long it is",
        ),
        Good(
            """
            from django.contrib.auth.models import User
            from app.mail import send_email

            def alarm(text):
                for person in User.objects.filter(is_staff=True):
                    send_email(person.email, text)
        """,
            "the few who run the service",
        ),
        Good(
            """
            from app.mail import send_email
            from django.contrib.auth.models import User

            def tell(club, people, address):
                for each in club.contact_emails.all():
                    send_email(each.email, "News")
                for person in people:
                    send_email(person.address, "News")  # todo: SCL503
                for account in User.objects.filter(email__iexact=address):
                    send_email(account.email, "Your account")
        """,
            "the addresses of one thing, somebody's few, and the accounts with one address",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """What begins a loop, comprehensions included."""
        return words("for while")

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the calls of other services that a loop makes once per item."""
        for call in calls(source):
            names = {"callee": call.callee, "what": call.what, "items": call.items, "instead": call.instead}
            yield Finding(call.node, {**names, "function": display_name(call.scope.function)})
