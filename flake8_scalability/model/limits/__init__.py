"""Limits: endpoints and who calls them, rate limits, queues, concurrency, sizes."""
