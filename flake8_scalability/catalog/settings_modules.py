"""Modules of settings: what they are called, and how an environment, a file or another module is laid over them.

Sources: https://flask.palletsprojects.com/en/stable/api/#flask.Config, https://docs.djangoproject.com/en/stable/topics/settings/
"""

from __future__ import annotations

import re

#: What stands before the name of a setting that is asked of the environment.
READING = r"(?:environ|getenv|\benv\b|Env\b)[^\n]{0,30}[\"']"
#: An application that lays a file of its operator's over its settings.
OVERLAID = re.compile(r"config\.from_(envvar|pyfile|prefixed_env)\(")
#: One that lays over them what its environment names: nobody runs it with the module's own.
BY_OPERATOR = re.compile(r"config\.from_(envvar|prefixed_env)\(")
#: Settings that build on others and lay over them what a file has: `vars().update(yaml.safe_load(config))`.
FROM_A_FILE = re.compile(r"\b(?:vars|globals|locals)\(\)\.update\(")
#: A package of settings that hands what it has gathered to a function which reads the environment over it.
FROM_ENVIRONMENT = re.compile(r"^\w*env\w*\(\s*(?:vars|globals|locals)\(\)", re.MULTILINE | re.IGNORECASE)
#: The setting that tells a module of Django's settings, and the files that start what has such settings.
OF_DJANGO = "INSTALLED_APPS"
STARTING = ("manage.py", "wsgi.py", "asgi.py")
#: Modules with nothing but settings for others to build on.
FOUNDATIONS = frozenset({"common", "base", "defaults", "default", "global_settings"})
DEVELOPING = re.compile(r"(^|_)(test|tests|testing|dev|devel|development|local|ci|debug|example)(_|$)", re.IGNORECASE)
PRODUCTION = re.compile(r"prod|live|deploy|stag(e|ing)|heroku|docker|aws", re.IGNORECASE)
