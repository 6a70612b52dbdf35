"""What runs a project: its servers, bots and channels, and how many of them."""

from __future__ import annotations

from flake8_scalability.catalog.project_facts import DEPLOYMENT, MANIFESTS, PYTHON, Fact, FactRow

FACTS = (
    FactRow(
        Fact.ASKING_BOT,
        PYTHON,
        ("polling", "discord", "disnake", "nextcord", "pyrogram", "telethon"),
        (
            r"\b(run_polling|start_polling|infinity_polling)\(",
            r"^(?:import|from) (discord|disnake|nextcord|pyrogram|telethon)\b(?s:.*)\b(bot|client|app)\.(run|start)\(",
        ),
    ),
    FactRow(
        Fact.SOCKET_CHANNEL,
        PYTHON,
        ("message_queue", "client_manager"),
        (r"\b(message_queue|client_manager)\b",),
    ),
    FactRow(
        Fact.CHANNEL_LAYER_USED,
        PYTHON,
        ("channel",),
        (
            r"\bfrom channels(?!\.(?:routing|auth|security|staticfiles)\b)\b|^\s*import channels\b|\bchannel_layer\b|"
            r"\bfrom (?:channels_graphql_ws|djangochannelsrestframework|channels_\w+)\b",
        ),
    ),
    FactRow(
        Fact.BOT_STATE_USED,
        PYTHON,
        ("state", "data"),
        (r"\b(FSMContext|StatesGroup|StateFilter|set_state|get_state|state_proxy|retrieve_data|add_data|wizard\w*)\b",),
    ),
    FactRow(
        Fact.SCALED_OUT,
        DEPLOYMENT,
        ("autoscal", "scaledobject", "replicas"),
        (
            r"^\s*kind:\s*(HorizontalPodAutoscaler|ScaledObject)\b",
            r"^\s*(?i:(min_?|max_?)?replicas(_?count)?):\s*[\"']?(\$|\{\{|[2-9]|\d\d)",
        ),
    ),
    FactRow(
        Fact.PRODUCTION_SERVER,
        (
            *MANIFESTS,
            "*ocker*",
            "Procfile*",
            "*.yml",
            "*.yaml",
            "*.sh",
            "*.service",
            "*.conf",
            "*.ini",
            "*.template",
            "*.j2",
            "Makefile",
            "*.txt",
            "*.toml",
            "start*",
            "entrypoint*",
        ),
        ("wsgi", "gunicorn", "waitress", "uvicorn", "hypercorn", "daphne", "cheroot", "granian", "zappa"),
        (
            r"(?i)\b(gunicorn|uwsgi|waitress|mod_wsgi|hypercorn|daphne|cheroot|granian|zappa|serverless-wsgi|"
            r"wsgidaemonprocess)\b",
            r"\buvicorn[\"',\s]+(?:-\S+\s+)*[\w./]+:\w+",
        ),
    ),
    FactRow(
        Fact.PRODUCTION_SERVER,
        ("wsgi*.py", "asgi*.py", "passenger_wsgi.py", "gunicorn*.py", "uwsgi*.py"),
        ("app", "workers"),
        (r"\bapp(lication)?\b", r"^workers\s*="),
    ),
    FactRow(
        Fact.PRODUCTION_SERVER,
        PYTHON,
        ("waitress", "wsgi", "gunicorn", "cheroot", "mangum", "hypercorn", "granian", "uvicorn"),
        (
            r"^\s*(?:from|import) (waitress|gevent\.pywsgi|gunicorn|cheroot|mangum|serverless_wsgi|awsgi|hypercorn|"
            r"granian|eventlet\.wsgi|apig_wsgi|a2wsgi)\b",
            r"^\s*from gevent import pywsgi",
            r"#.*\b(gunicorn|uwsgi|waitress|hypercorn)\b",
            r"#.*\buvicorn [\w.]+:\w+",
            # the entry of another file, which takes its workers from somewhere
            r"\buvicorn\.run\(\s*[\"'][\w.]+:\w+[\"'](?s:(?!reload|\n\S).){0,400}?\bworkers\s*=\s*(?![1\"'])",
        ),
    ),
)
