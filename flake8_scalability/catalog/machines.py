"""Programs that belong to one machine: what those import that work a device or a desktop, and what shows a larger one.

Sources: https://pyserial.readthedocs.io/, https://gpiozero.readthedocs.io/, https://python-zeroconf.readthedocs.io/,
https://pypi.org/project/paho-mqtt/, https://bleak.readthedocs.io/, https://pystray.readthedocs.io/
"""

from __future__ import annotations

import re

#: Packages with which a program speaks to what is plugged into its machine or stands in the same house, or sits in the
#: tray of a desktop.
_DEVICES = (
    "serial RPi gpiozero pigpio smbus smbus2 spidev usb hid bleak bluetooth zeroconf aiomqtt gmqtt "
    "paho pystray rumps infi win32serviceutil"
)
USES_A_DEVICE = re.compile(rf"^[ \t]*(?:import|from)[ \t]+(?:{'|'.join(_DEVICES.split())})\b", re.MULTILINE)
_SERVERS = (
    r"psycopg|asyncpg|postgres|mysql|mariadb|pymongo|mongo(?:db|engine)|\b(?:aio)?redis\b|valkey|memcache|"
    r"\bcelery\b|kafka|rabbitmq|\bpika\b|cassandra|dynamodb|oracledb|cx_oracle|pymssql|pyodbc|clickhouse|"
    r"mssql|sqlserver|cockroach|influx|timescale|neo4j|couch(?:db|base)|rethinkdb|arangodb|surrealdb|libsql|snowflake|redshift|"
    r"zookeeper|hazelcast|\betcd3?\b|\bnats\b|\bpulsar\b|qdrant|weaviate|milvus|pinecone"
)
#: Names of clients that mean something else in a text.
_CLIENTS = r"\bmotor\b"
_CLOUDS = r"\bboto3\b|google[-.]cloud|\bazure\b|supabase|firebase|elasticsearch|opensearch"
#: What a program asks for, imports or is deployed beside that runs on more than one machine: servers that keep data,
#: brokers, clouds; and which of these its code speaks of where it can be told to use them.
SHARES_DATA = re.compile(rf"{_SERVERS}|{_CLIENTS}|{_CLOUDS}", re.IGNORECASE)
SPEAKS_OF_SERVERS = re.compile(_SERVERS, re.IGNORECASE)
IMPORTED = re.compile(r"^[ \t]*(?:import|from)[ \t]+([\w.]+)", re.MULTILINE)
#: A program of so many modules that speaks of none of these nowhere was not written for a second machine.
GROWN = 100
#: Folders of a program that has copied what it builds on; what this knows is not what the program does.
COPIED = frozenset({"lib", "libs", "third_party", "thirdparty", "_vendor", "vendored", "externals"})
#: Files of requirements and of deployment that name what a program shares data with.
MANIFESTS = (
    "*requirements*.txt", "*requirements*.in", "requirements/*.txt", "pyproject.toml", "setup.py", "setup.cfg",
    "Pipfile", "*compose*.yml", "*compose*.yaml",
)  # fmt: skip
