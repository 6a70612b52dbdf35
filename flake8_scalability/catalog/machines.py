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
#: What a program speaks of, in its requirements, its imports or how it is deployed, that runs on more than one machine:
#: servers that keep data, brokers, clouds.
SHARES_DATA = re.compile(
    r"psycopg|asyncpg|postgres|mysql|mariadb|pymongo|\bmotor\b|mongo(?:db|engine)|\b(?:aio)?redis\b|valkey|memcache|"
    r"\bcelery\b|kafka|rabbitmq|\bpika\b|cassandra|dynamodb|oracledb|cx_oracle|pymssql|pyodbc|clickhouse|\bboto3\b|"
    r"google[-.]cloud|\bazure\b|supabase|firebase|elasticsearch|opensearch",
    re.IGNORECASE,
)
IMPORTED = re.compile(r"^[ \t]*(?:import|from)[ \t]+([\w.]+)", re.MULTILINE)
#: Files of requirements and of deployment that name what a program shares data with.
MANIFESTS = (
    "*requirements*.txt", "*requirements*.in", "requirements/*.txt", "pyproject.toml", "setup.py", "setup.cfg",
    "Pipfile", "*compose*.yml", "*compose*.yaml",
)  # fmt: skip
