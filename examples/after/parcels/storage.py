"""Photos, labels and import files, in object storage."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, BinaryIO

import boto3
from botocore.config import Config

from . import config


@cache
def s3() -> Any:
    settings = Config(
        connect_timeout=3,
        read_timeout=10,
        retries={"mode": "standard", "max_attempts": 3},
        max_pool_connections=config.WEB_THREADS,
    )
    return boto3.client("s3", endpoint_url=config.S3_ENDPOINT_URL, config=settings)


def save(key: str, file: BinaryIO, content_type: str) -> None:
    s3().upload_fileobj(file, config.S3_BUCKET, key, ExtraArgs={"ContentType": content_type})


def link(key: str) -> str:
    target = {"Bucket": config.S3_BUCKET, "Key": key}
    return s3().generate_presigned_url("get_object", Params=target, ExpiresIn=300)


def lines(key: str) -> Iterator[str]:
    body = s3().get_object(Bucket=config.S3_BUCKET, Key=key)["Body"]
    for line in body.iter_lines(keepends=True):
        yield line.decode()
