"""Entry point: ``gunicorn app:app``."""

from parcels import create_app

app = create_app()
