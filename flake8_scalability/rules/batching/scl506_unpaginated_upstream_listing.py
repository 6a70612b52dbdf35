"""SCL506: the first page of another service's listing, taken for the whole."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.batching.upstream_listings import first_pages, listing_names
from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class UnpaginatedUpstreamListing(Rule):
    """A listing of another service is asked for once, and its first page is taken for the whole.

    What it does
    ------------
    Finds listings of AWS (`list_…`, `describe_…`, `query`, `scan` and others that answer with a token), of Slack,
    Stripe, GitHub, GitLab, Jira and the Google APIs whose items are gone through or given away in a function that
    never speaks of the next page, and listings of Kubernetes without a `limit`, which send everything at once.

    Why it does not scale
    ---------------------
    A page holds 20, 100 or 1000 items, or a megabyte. Until there are more nobody notices; then what stands on the
    second page does not exist for the service: it is not billed, not cleaned up, not allowed in.

    How to fix it
    -------------
    Use the library's paginator (`get_paginator`, `auto_paging_iter`, `list_next`, `iterator=True`), or ask again with
    the token of the answer until there is none. Where one page is meant, say so with the limit.

    Known limits
    ------------
    A function that speaks of a token, a marker or a paginator is taken to page, and an answer that is returned whole to
    be paged by its caller. Whether there is one item, or more than one, a page tells. Of GitHub, a search, and a
    listing of fewer than a page holds, are silent, and so are the rows of one key on one day, and measurements of a
    cluster, which have no pages. So is what a quota keeps below a page: groups of a user, policies of a role. Which
    accounts never have more than one page is not known.
    """

    code = "SCL506"
    slug = "unpaginated-upstream-listing"
    severity = Severity.MEDIUM
    since = "0.1.0"
    message = "{callee}() in {function}() {what}; {instead}"
    short = "{callee}() {what}; {instead}"
    title = "First page taken for the whole"
    impact = "Once there is more than one page, the rest does not exist for the service"
    fix = "Use the paginator of the library, or follow the token of the answer until there is none"
    references = (
        "https://docs.aws.amazon.com/boto3/latest/guide/paginators.html",
        "https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks",
        "https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api",
    )
    examples = (
        Bad(
            """
            import boto3

            s3 = boto3.client("s3")

            def sizes(bucket):
                answer = s3.list_objects_v2(Bucket=bucket)  # SCL506
                return {each["Key"]: each["Size"] for each in answer.get("Contents", [])}
            """,
            "a thousand keys, and not one more",
        ),
        Bad(
            """
            import boto3
            from boto3.dynamodb.conditions import Key

            visits = boto3.resource("dynamodb").Table("visits")

            def visits_of(person):
                return visits.query(KeyConditionExpression=Key("person").eq(person))["Items"]  # SCL506
            """,
            "the answer ends after a megabyte",
        ),
        Bad(
            """
            import boto3

            class Accounts:
                def __init__(self):
                    self.directory = boto3.client("cognito-idp")

                def names(self, pool):
                    people = self.directory.list_users(UserPoolId=pool)["Users"]  # SCL506
                    for person in people:
                        yield person["Username"]
            """,
            "sixty users",
        ),
        Bad(
            """
            from kubernetes import client

            core = client.CoreV1Api()

            def pods_in(namespace):
                found = core.list_namespaced_pod(namespace, _request_timeout=10)  # SCL506
                return [pod.metadata.name for pod in found.items]
            """,
            "thousands of pods arrive as one answer",
        ),
        Bad(
            """
            from slack_sdk import WebClient

            from app.settings import SLACK_TOKEN

            slack = WebClient(token=SLACK_TOKEN)

            def channel_ids():
                answer = slack.conversations_list(limit=1000)  # SCL506
                return {channel["name"]: channel["id"] for channel in answer["channels"]}
            """,
            "as many as one page holds",
        ),
        Bad(
            """
            from googleapiclient.discovery import build

            def names_of_files(credentials):
                drive = build("drive", "v3", credentials=credentials)
                found = drive.files().list(fields="files(name)").execute()  # SCL506
                return [each["name"] for each in found["files"]]
            """,
            "a hundred files",
        ),
        Good(
            """
            import boto3

            s3 = boto3.client("s3")

            def sizes(bucket):
                for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
                    for each in page.get("Contents", []):
                        yield each["Key"], each["Size"]
            """,
            "the paginator",
        ),
        Good(
            """
            import boto3
            from boto3.dynamodb.conditions import Key

            visits = boto3.resource("dynamodb").Table("visits")

            def visits_of(person):
                asked = {"KeyConditionExpression": Key("person").eq(person)}
                while True:
                    answer = visits.query(**asked)
                    yield from answer["Items"]
                    if "LastEvaluatedKey" not in answer:
                        break
                    asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
            """,
            "asks again until there is no key",
        ),
        Good(
            """
            import boto3

            s3 = boto3.client("s3")

            def exists(bucket, prefix):
                return "Contents" in s3.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1)

            def is_empty(bucket):
                answer = s3.list_objects_v2(Bucket=bucket)
                return answer["KeyCount"] == 0
            """,
            "only whether there is one",
        ),
        Good(
            """
            import boto3

            ec2 = boto3.client("ec2")

            def address_of(machine):
                found = ec2.describe_instances(InstanceIds=[machine])
                for reservation in found["Reservations"]:
                    return reservation["Instances"][0]["PublicIpAddress"]
            """,
            "one machine by its id",
        ),
        Good(
            """
            import boto3
            from boto3.dynamodb.conditions import Key

            people = boto3.resource("dynamodb").Table("people")

            def by_mail(mail):
                answer = people.query(IndexName="mail", KeyConditionExpression=Key("mail").eq(mail))
                items = answer.get("Items", [])
                return items[0] if items else None
            """,
            "the first of those with a key",
        ),
        Good(
            """
            import boto3

            logs = boto3.client("logs")

            def last_lines(group, stream):
                answer = logs.filter_log_events(logGroupName=group, logStreamNames=[stream], limit=50)
                return [event["message"] for event in answer["events"]]
            """,
            "fifty are what is wanted",
        ),
        Good(
            """
            import boto3

            ecs = boto3.client("ecs")

            def tasks(cluster, token=None):
                return ecs.list_tasks(cluster=cluster)
            """,
            "the caller has the whole answer, its token included",
        ),
        Good(
            """
            import httpx

            github = httpx.Client(timeout=5, transport=httpx.HTTPTransport(retries=2))

            def news(repository):
                address = f"https://api.github.com/repos/{repository}/commits"
                answer = github.get(address, params={"per_page": 20})
                return [each["commit"]["message"] for each in answer.json()]
            """,
            "the last twenty",
        ),
        Good(
            """
            import httpx

            github = httpx.Client(timeout=5, transport=httpx.HTTPTransport(retries=2))

            def accounts(token):
                answer = github.get("https://api.github.com/user/installations", headers={"Authorization": token})
                return [each["account"]["login"] for each in answer.json()["installations"]]
            """,
            "one user has an application in a few accounts",
        ),
        Good(
            """
            from googleapiclient.discovery import build

            def links(text, key, engine):
                service = build("customsearch", "v1", developerKey=key)
                found = service.cse().list(q=text, cx=engine).execute()
                return [each["link"] for each in found.get("items", [])]
            """,
            "a search gives what fits best first",
        ),
        Good(
            """
            from kubernetes import client

            core = client.CoreV1Api()

            def pods_of(namespace, app):
                found = core.list_namespaced_pod(namespace, label_selector=f"app={app}", _request_timeout=10)
                return [pod.metadata.name for pod in found.items]
            """,
            "those of one application",
        ),
        Good(
            """
            from slack_sdk import WebClient

            from app.settings import SLACK_TOKEN

            slack = WebClient(token=SLACK_TOKEN)

            def everybody():
                found = []
                for page in slack.users_list(limit=200):
                    found += page["members"]
                return found
            """,
            "the answer of Slack's library is gone through page by page",
        ),
        Good(
            """
            from app.directory import Directory

            def names(directory: Directory):
                return [person.name for person in directory.list_users()]
            """,
            "a method of the project's own",
        ),
        Good(
            """
            import boto3
            from googleapiclient.discovery import build

            from app.log import log

            clusters = boto3.client("eks")

            def only_group(cluster):
                groups = clusters.list_nodegroups(clusterName=cluster)["nodegroups"]
                if len(groups) > 1:
                    log.error("%s groups, none of which is the one", len(groups))
                    return None
                return groups[0]

            def units(credentials):
                directory = build("admin", "directory_v1", credentials=credentials)
                found = directory.orgunits().list(customerId="my_customer").execute()
                return [each["orgUnitPath"] for each in found["organizationUnits"]]
            """,
            "whether there is one, and a listing that has no pages",
        ),
        Good(
            """
            import boto3
            from boto3.dynamodb.conditions import Key

            tides = boto3.resource("dynamodb").Table("tides")

            def tides_of(port, day):
                beginning = f"TIDE#{day}"
                answer = tides.query(KeyConditionExpression=Key("port").eq(port) & Key("at").begins_with(beginning))
                return answer["Items"]
            """,
            "those of one port on one day fit on a page",
        ),
        Bad(
            """
            import boto3
            from boto3.dynamodb.conditions import Key

            tides = boto3.resource("dynamodb").Table("tides")

            def tides_of(port):
                wanted = Key("port").eq(port) & Key("at").begins_with("TIDE#")
                return tides.query(KeyConditionExpression=wanted)["Items"]  # SCL506
            """,
            "all there ever were",
        ),
        Good(
            """
            from kubernetes import client

            objects = client.CustomObjectsApi()

            def usage():
                found = objects.list_cluster_custom_object("metrics.k8s.io", "v1beta1", "nodes", _request_timeout=9)
                return {each["metadata"]["name"]: each["usage"] for each in found["items"]}
            """,
            "the measurements of a cluster have no pages",
        ),
        Good(
            """
            import stripe

            def invoices_of(subscription, begin):
                found = stripe.Invoice.list(subscription=subscription, created={"gte": begin})
                return [each["id"] for each in found["data"]]
            """,
            "those of one subscription, of a month",
        ),
        Good(
            """
            import boto3
            from googleapiclient.discovery import build

            people = boto3.client("cognito-idp")
            visits = build("analytics", "v3")

            def groups_of(pool, name):
                found = people.admin_list_groups_for_user(UserPoolId=pool, Username=name)
                return [each["GroupName"] for each in found["Groups"]]

            def sites():
                found = visits.management().accounts().list().execute()
                return [each["name"] for each in found["items"]]
            """,
            "one user is in a few groups; a page of accounts has a thousand, and no token",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """The methods that list, and the host of GitHub."""
        return words(*listing_names())

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the listings of other services of which only one page is asked for."""
        for page in first_pages(source):
            yield Finding.at(page.site, what=page.what, instead=page.instead)
