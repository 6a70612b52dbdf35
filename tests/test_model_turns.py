"""Turns of a loop that follow one another on purpose, and loops that go over a few items."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.batching.item_calls import calls

HEAD = """
import time
import boto3
from app.mail import send_email
from app.models import EmailAddress, Order
from app.settings import API

KINDS = ("a", "b", "c")
sqs = boto3.client("sqs")
"""
EACH = "def f(keys, wanted):\n    for key in keys:\n"
CALL = 'sqs.send_message(QueueUrl=API, MessageBody={"key": key})'

#: What a loop makes a call for, and whether the calls could go together.
LOOPS = [
    (f"def f(keys):\n    for key in keys:\n        {CALL}\n", True),
    (f"def f(keys):\n    for key in keys:\n        {CALL}\n        time.sleep(1)\n", False),
    (f"def sync(todo):\n    while todo:\n        key = todo.pop()\n        {CALL}\n", True),
    (f"def f(todo):\n    while todo:\n        key = todo.pop()\n        todo.extend({CALL}.json())\n", False),
    (f"def f(todo):\n    while todo:\n        key = todo.pop()\n        todo += {CALL}.json()\n", False),
    (f"def sync(todo, done):\n    while todo:\n        key = todo.pop()\n        done.extend({CALL}.json())\n", True),
    (f"def f(tree):\n    for key in tree.branches:\n        {CALL}\n        f(key)\n", False),
    (
        "def f(names, t):\n    for name in names:\n        t = sqs.send_message(QueueUrl=API, MessageBody=[name, t])\n",
        False,
    ),
    (
        "def sync(names, t):\n    for n in names:\n        low = sqs.send_message(QueueUrl=API, MessageBody=[n, t])\n"
        "        print(low)\n",
        True,
    ),
    (
        EACH + f"        if key.id != wanted:\n            continue\n        {CALL}\n",
        False,
    ),
    (f"def f(keys, wanted):\n    for key in keys:\n        if key.id == wanted:\n            {CALL}\n", False),
    (f"def f(keys):\n    for key in keys:\n        if key.id != 3:\n            continue\n        {CALL}\n", True),
    (
        EACH + f"        {CALL}\n        if key.id != wanted:\n            continue\n",
        True,
    ),
    (
        f"def f(keys, wanted):\n    for key in keys:\n        if key:\n            print(key)\n        else:\n"
        f"            print(wanted)\n        {CALL}\n",
        True,
    ),
    (f"def f(event):\n    for key in event['Records']:\n        {CALL}\n", False),
    ("def f(user):\n    for key in EmailAddress.objects.filter(user=user):\n        " + CALL + "\n", False),
    (
        "def f(user):\n    found = cast(list, EmailAddress.objects.filter(user=user))\n"
        f"    for key in found:\n        {CALL}\n",
        False,
    ),
    ("def f(user):\n    for key in Order.objects.filter(user=user):\n        " + CALL + "\n", True),
    (f"def first(keys):\n    return keys[:3]\n\ndef f(keys):\n    for key in first(keys):\n        {CALL}\n", False),
    (
        "def first(keys):\n    found = sorted(keys)[:3]\n    return found\n\n"
        f"def f(keys):\n    some = first(keys)\n    for key in some:\n        {CALL}\n",
        False,
    ),
    (
        "async def rest(keys):\n    return keys[3:]\n\n"
        f"async def f(keys):\n    some = await rest(keys)\n    for key in some:\n        {CALL}\n",
        True,
    ),
    (
        "def chosen():\n    for kind in KINDS:\n        yield kind\n\n"
        f"def f():\n    for key in chosen():\n        {CALL}\n",
        False,
    ),
    (
        "def chosen(given):\n    return sorted(given)\n\n"
        f"def sync(given):\n    for key in chosen(given):\n        {CALL}\n",
        True,
    ),
    ("def f(alias, text):\n    for box in alias.boxes:\n        send_email(box.address, text)\n", False),
    ("def f(boxes, text):\n    for box in boxes:\n        send_email(box.address, text)\n", False),
    ("def sync(boxes, text):\n    for box in boxes:\n        send_email(box.address, text)\n", True),
    (f"def f(keys):\n    return [{CALL} for key in keys]\n", True),
    (f"def upload_one(key):\n    {CALL}\n\ndef f(keys):\n    for key in keys:\n        upload_one(key)\n", False),
    (f"def tell_one(key):\n    {CALL}\n\ndef f(keys):\n    for key in keys:\n        tell_one(key)\n", True),
]


@pytest.mark.parametrize(("body", "together"), LOOPS)
def test_calls_that_could_go_together(body: str, together: bool) -> None:
    assert bool(list(calls(model(HEAD + body)))) is together
