"""Settings, all of them from the environment."""

from __future__ import annotations

import os


def number(name: str, default: int) -> int:
    return int(os.environ.get(name, default))


WEB_THREADS = number("WEB_THREADS", 8)
PROXIES = number("PROXIES", 0)
MAX_UPLOAD_BYTES = number("MAX_UPLOAD_BYTES", 10 * 1024 * 1024)
RATE_LIMIT = os.environ.get("RATE_LIMIT", "120 per minute")
LOGIN_RATE_LIMIT = os.environ.get("LOGIN_RATE_LIMIT", "5 per minute")
SESSION_SECONDS = number("SESSION_SECONDS", 12 * 3600)

DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql+psycopg:///parcels")
REPLICA_URL = os.environ.get("REPLICA_URL")
CRM_DATABASE_URL = os.environ.get("CRM_DATABASE_URL")
DB_POOL_SIZE = number("DB_POOL_SIZE", WEB_THREADS)
DB_MAX_OVERFLOW = number("DB_MAX_OVERFLOW", 4)
DB_POOL_TIMEOUT = number("DB_POOL_TIMEOUT", 5)
DB_POOL_RECYCLE = number("DB_POOL_RECYCLE", 1800)
DB_STATEMENT_TIMEOUT_MS = number("DB_STATEMENT_TIMEOUT_MS", 10_000)

REDIS_URL = os.environ.get("REDIS_URL", "redis://localhost:6379/0")
REDIS_MAX_CONNECTIONS = number("REDIS_MAX_CONNECTIONS", 2 * WEB_THREADS)
MAX_BACKLOG = number("MAX_BACKLOG", 10_000)

S3_BUCKET = os.environ.get("S3_BUCKET", "parcels")
S3_ENDPOINT_URL = os.environ.get("S3_ENDPOINT_URL")

CARRIER_URL = os.environ.get("CARRIER_URL")
POSTCODE_URL = os.environ.get("POSTCODE_URL")
PAYMENT_URL = os.environ.get("PAYMENT_URL")
MAIL_FROM = os.environ.get("MAIL_FROM")
SMTP_HOST = os.environ.get("SMTP_HOST", "localhost")
KEEP_DAYS = number("KEEP_DAYS", 90)
