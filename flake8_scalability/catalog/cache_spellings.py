"""How a project spells its caches, as text: Django's by their aliases, and the objects of Flask-Caching.

Sources: https://docs.djangoproject.com/en/stable/topics/cache/#accessing-the-cache,
https://flask-caching.readthedocs.io/en/latest/
"""

from __future__ import annotations

import re

#: How code asks for a cache of Django by its alias, the import for that alone, and what may ask for any.
BY_ALIAS = re.compile(r"\bcaches\[\s*[\"']([\w.-]+)[\"']\s*\]")
FOR_ALIASES = re.compile(r"(?m)^[ \t]*from django\.core\.cache import caches[ \t]*(#.*)?$")
OTHERWISE = re.compile(r"\bcaches\[\s*[^\"'\s]|\bcaches\.|[(,]\s*caches\s*[),]")

#: The name of Flask-Caching in a module, how that makes an object of it, and another way to such an object.
OF_FLASK = "flask_cach"
MADE = re.compile(r"(?m)^[ \t]*([\w.]*?)(\w+)\s*(?::\s*\w+\s*)?=\s*(?:[\w.]+\.)?Cache\(")
TAKEN = re.compile(r"extensions\W+cache\b")
