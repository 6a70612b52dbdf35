"""First pages and dropped failures: what becomes of the answers of other services that hold a part, or tell of one."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.batching.batch_failures import dropped
from flake8_scalability.model.batching.upstream_listings import first_pages

AWS = "import boto3\ns3 = boto3.client('s3')\niam = boto3.client('iam')\nt = boto3.resource('dynamodb').Table('a')\n"
ITEMS = "['Contents']"

PAGES: list[tuple[str, str, bool]] = [
    ("gone through", f"for k in s3.list_objects_v2(Bucket=b){ITEMS}:\n  print(k)", True),
    ("given away", f"return s3.list_objects_v2(Bucket=b){ITEMS}", True),
    ("given away in a list", f"return [*s3.list_objects_v2(Bucket=b){ITEMS}]", True),
    ("given to a call", f"work(s3.list_objects_v2(Bucket=b){ITEMS})", True),
    ("counted", f"return len(s3.list_objects_v2(Bucket=b){ITEMS})", True),
    ("counted to see whether there is one", f"return len(s3.list_objects_v2(Bucket=b){ITEMS}) > 0", False),
    ("looked at", f"return bool(s3.list_objects_v2(Bucket=b){ITEMS})", False),
    ("tested", f"if s3.list_objects_v2(Bucket=b){ITEMS}:\n  return 1", False),
    ("the first", f"return s3.list_objects_v2(Bucket=b){ITEMS}[0]", False),
    ("the first ten", f"return s3.list_objects_v2(Bucket=b){ITEMS}[:10]", False),
    ("all but the first", f"return s3.list_objects_v2(Bucket=b){ITEMS}[1:]", True),
    ("by a name", "a = s3.list_objects_v2(Bucket=b)\n c = a['Contents']\n return sorted(c)", True),
    ("by an annotated name", "a: dict = s3.list_objects_v2(Bucket=b)\n return list(a.get('Contents', []))", True),
    ("by a name in a test", "if a := s3.list_objects_v2(Bucket=b):\n  return list(a['Contents'])", True),
    ("or nothing", "a = s3.list_objects_v2(Bucket=b).get('Contents') or []\n return list(a)", True),
    ("by a key that is not known", "a = s3.list_objects_v2(Bucket=b)\n return list(a[k])", False),
    ("asked for by a name", "a = s3.list_objects_v2(Bucket=b)\n return list(a.get(k))", False),
    ("beside the items", "a = s3.list_objects_v2(Bucket=b)\n return list(a['ResponseMetadata'])", False),
    ("another method", "a = s3.list_objects_v2(Bucket=b)\n return a.keys()", False),
    ("given away whole", "return s3.list_objects_v2(Bucket=b)", False),
    ("kept on an object", "a.b = s3.list_objects_v2(Bucket=b)", False),
    ("a part of what it calls for", f"s3.list_objects_v2(Bucket=b){ITEMS}.sort()", False),
    ("as many as asked for", f"return list(s3.list_objects_v2(Bucket=b, MaxKeys=10){ITEMS})", False),
    ("as many as the caller wants", f"return list(s3.list_objects_v2(Bucket=b, MaxKeys=k){ITEMS})", False),
    ("as many as a page holds", f"return list(s3.list_objects_v2(Bucket=b, MaxKeys=1000){ITEMS})", True),
    ("deferred", f"return lambda: list(s3.list_objects_v2(Bucket=b){ITEMS})", False),
    ("with the next page", f"a = list(s3.list_objects_v2(Bucket=b){ITEMS})\n return a, NextContinuationToken", False),
    ("users", "return list(iam.list_users()['Users'])", True),
    ("users of an unknown client", "return list(client.list_users()['Users'])", True),
    ("machines by their ids", "return list(ec2.describe_instances(InstanceIds=a)['Reservations'])", False),
    ("machines", "return list(ec2.describe_instances()['Reservations'])", True),
    ("rows by a key", "return t.query(KeyConditionExpression=k)['Items']", True),
    ("rows by a key of another table", "return t.query(KeyConditionExpression=Key('person_id').eq(k))['Items']", True),
    ("a row by its id", "return t.query(KeyConditionExpression=Key('id').eq(k))['Items']", False),
    ("a row by the table's id", "return visits.query(KeyConditionExpression='visit_id = :v')['Items']", False),
    ("rows by two keys", "return visits.query(KeyConditionExpression=Key('visit_id').eq('a'))['Items']", True),
    ("rows of a day", "return t.query(KeyConditionExpression=Key('a').begins_with(f'A#{day}'))['Items']", False),
    ("rows of a kind", "return t.query(KeyConditionExpression=Key('a').begins_with(f'A#{kind}'))['Items']", True),
    ("rows by another key", "return t.query(KeyConditionExpression=Key('colour').eq(k))['Items']", True),
    ("rows by an order", "return t.query(KeyConditionExpression='a = :a AND b > :b')['Items']", True),
    ("how many rows by a key", "return list(t.query(KeyConditionExpression=k, Select='COUNT')['Items'])", False),
    ("a query without a hint", "return list(q.query()['Items'])", False),
    ("a scan of what operators fill", "return settings_table.scan(ConsistentRead=True)['Items']", False),
    ("a scan, of which another rule speaks", "return t.scan()['Items']", False),
]  # fmt: skip

OTHERS: list[tuple[str, str, bool]] = [
    ("scan of a parameter",
     "def f(a):\n return a.scan(TableName='b', FilterExpression=c)['Items']", True),
    ("users without the library", "def f(a):\n return list(a.list_users()['Users'])", False),
    ("users of a class of the file",
     AWS + "class A:\n def list_users(self): return 1\ndef f():\n return list(A().list_users()['Users'])", False),
    ("a client that somebody else pages",
     AWS + "def g(paginator): return f()\ndef f():\n return list(iam.list_users()['Users'])", False),
    ("at the module's level", AWS + "A = list(iam.list_users()['Users'])", False),
    ("a program", AWS + "def f():\n return list(iam.list_users()['Users'])\nif __name__ == '__main__':\n f()", False),
    ("google", "from googleapiclient.discovery import build\ndef f():\n"
     " return build('a').files().list().execute()['files'][1:]", True),
    ("google with a size", "from googleapiclient.discovery import build\ndef f(d):\n"
     " return list(d.files().list(pageSize=3).execute()['files'])", False),
    ("google with a token", "from googleapiclient.discovery import build\ndef f(d, pageToken):\n"
     " return list(d.files().list().execute()['files'])", False),
    ("google, executed later",
     "from googleapiclient.discovery import build\ndef f(d):\n return d.files().list()", False),
    ("a list of no collection", "from googleapiclient.discovery import build\ndef f(d):\n"
     " return list(d.list().execute()['files'])", False),
    ("gitlab", "import gitlab\nA = gitlab.Gitlab('a')\ndef f():\n return list(A.projects.list())", True),
    ("gitlab whole", "import gitlab\nA = gitlab.Gitlab('a')\ndef f():\n return list(A.projects.list(get_all=True))",
     False),
    ("gitlab, not taken", "import gitlab\nA = gitlab.Gitlab('a')\ndef f():\n return A.projects.list()[0]", False),
    ("stripe", "import stripe\ndef f():\n return [c.id for c in stripe.Customer.list().data]", True),
    ("stripe, one", "import stripe\ndef f():\n return stripe.Customer.list(limit=1).data[0]", False),
    ("stripe, one of them", "import stripe\ndef f():\n return stripe.Customer.list().data[0]", False),
    ("stripe page by page", "import stripe\ndef f():\n return list(stripe.Customer.list().auto_paging_iter())", False),
    ("stripe at the module's level", "import stripe\nA = list(stripe.Customer.list().data)", False),
    ("another list", "def f(a):\n return list(a.list())", False),
    ("github", "import requests\ndef f(r):\n return requests.get(f'https://api.github.com/repos/{r}/issues').json()",
     True),
    ("github by a name", "import requests\ndef f(r):\n u = 'https://api.github.com/repos/' + r + '/issues'\n"
     " return requests.get(u).json()", True),
    ("github page by page", "import requests\ndef f(r, page):\n"
     " return requests.get(f'https://api.github.com/repos/{r}/issues?page={page}').json()", False),
    ("github, thirty", "import requests\ndef f(r):\n"
     " return requests.get(f'https://api.github.com/repos/{r}/issues', params={'per_page': 30}).json()", False),
    ("github, as many as a page holds", "import requests\ndef f(r):\n"
     " return requests.get(f'https://api.github.com/repos/{r}/issues', params={'per_page': 100}).json()", True),
    ("github, searched", "import requests\ndef f(q):\n"
     " return requests.get('https://api.github.com/search/issues', params={'q': q}).json()", False),
    ("one of github's", "import requests\ndef f(r):\n return requests.get(f'https://api.github.com/repos/{r}').json()",
     False),
    ("a post to github", "import requests\ndef f(r):\n"
     " return requests.post(f'https://api.github.com/repos/{r}/issues', json={'title': 1}).json()", False),
    ("an address of two kinds", "import requests\ndef f(r):\n u = 'https://api.github.com/repos'\n"
     " if r: u = 'https://api.github.com/user/repos'\n return requests.get(u)", False),
    ("kubernetes", "from kubernetes import client\nv = client.CoreV1Api()\ndef f():\n"
     " return [p.name for p in v.list_namespaced_pod('a').items]", True),
    ("kubernetes in pieces", "from kubernetes import client\nv = client.CoreV1Api()\ndef f():\n"
     " return [p.name for p in v.list_namespaced_pod('a', limit=9).items]", False),
]  # fmt: skip

DROPPED: list[tuple[str, str, bool]] = [
    ("dropped", "s.send_message_batch(QueueUrl=q, Entries=e)", True),
    ("awaited and dropped", "await s.send_message_batch(QueueUrl=q, Entries=e)", True),
    ("told", "print(s.send_message_batch(QueueUrl=q, Entries=e))", True),
    ("told in a text", "print(f'sent {s.send_message_batch(QueueUrl=q, Entries=e)}')", True),
    ("told by a name", "a = s.send_message_batch(QueueUrl=q, Entries=e)\n log.info('%s', a)", True),
    ("a name that nobody reads", "a: dict = s.send_message_batch(QueueUrl=q, Entries=e)", True),
    ("asked for something else", "a = s.send_message_batch(QueueUrl=q, Entries=e)\n return a['Successful']", True),
    ("asked for something else by a method",
     "a = s.send_message_batch(QueueUrl=q, Entries=e)\n return a.get('ResponseMetadata')", True),
    ("asked for the failures", "a = s.send_message_batch(QueueUrl=q, Entries=e)\n return a.get('Failed')", False),
    ("asked for a key that is not known", "a = s.send_message_batch(QueueUrl=q, Entries=e)\n return a[k]", False),
    ("asked for a key of a name", "a = s.send_message_batch(QueueUrl=q, Entries=e)\n return a.get(k)", False),
    ("returned", "return s.send_message_batch(QueueUrl=q, Entries=e)", False),
    ("handed on", "check(s.send_message_batch(QueueUrl=q, Entries=e))", False),
    ("kept on an object", "s.a = s.send_message_batch(QueueUrl=q, Entries=e)", False),
    ("a name of the module", "global A\n A = s.send_message_batch(QueueUrl=q, Entries=e)", False),
    ("in a test", "if (a := s.send_message_batch(QueueUrl=q, Entries=e)):\n  print(a)", True),
    ("without the argument", "s.put_records(e)", False),
    ("a plain function", "put_records(Records=e)", False),
    ("deferred", "return lambda: s.send_message_batch(QueueUrl=q, Entries=e)", False),
    ("rows", "from google.cloud import bigquery\n bigquery.Client().insert_rows_json('t', e)", True),
    ("rows of another library", "s.insert_rows_json('t', e)", False),
    ("documents", "from elasticsearch import helpers\n helpers.bulk(s, e, raise_on_error=False)", True),
    ("documents, as a setting says",
     "from elasticsearch import helpers\n helpers.bulk(s, e, raise_on_error=k)", False),
    ("documents, raised", "from elasticsearch import helpers\n helpers.bulk(s, e)", False),
    ("documents, all but the failures",
     "from elasticsearch import helpers\n n, _ = helpers.bulk(s, e, raise_on_error=False)\n return n", True),
    ("documents and failures",
     "from elasticsearch import helpers\n n, x = helpers.bulk(s, e, raise_on_error=False)\n return x", False),
]  # fmt: skip


def _ids(cases: list[tuple[str, str, bool]]) -> list[str]:
    return [case[0] for case in cases]


@pytest.mark.parametrize(("name", "body", "expected"), PAGES, ids=_ids(PAGES))
def test_first_pages(name: str, body: str, expected: bool) -> None:
    assert bool(list(first_pages(model(f"{AWS}def f(b, k, client, ec2, q):\n {body}")))) is expected


@pytest.mark.parametrize(("name", "source", "expected"), OTHERS, ids=_ids(OTHERS))
def test_first_pages_of_others(name: str, source: str, expected: bool) -> None:
    assert bool(list(first_pages(model(source)))) is expected


@pytest.mark.parametrize(("name", "body", "expected"), DROPPED, ids=_ids(DROPPED))
def test_dropped(name: str, body: str, expected: bool) -> None:
    assert bool(list(dropped(model(f"async def f(s, q, e, k, log):\n {body}")))) is expected


def test_a_client_answers_with_the_errors_of_a_bulk() -> None:
    source = "from elasticsearch import Elasticsearch\ndef f(es, orders, e):\n es.bulk(body=e)\n orders.bulk(e)"
    assert [each.site.node.lineno for each in dropped(model(source))] == [3]


def test_a_function_of_the_file_is_no_batch_call() -> None:
    source = "class A:\n def put_events(self, Entries): pass\ndef f(a: A):\n a.put_events(Entries=1)"
    assert list(dropped(model(source))) == []
    program = "import boto3\ns = boto3.client('sqs')\nif __name__ == '__main__':\n s.put_events(Entries=1)"
    assert list(dropped(model(program))) == []
