"""Calls to other services: deadlines, retries, guards, what blocks and what takes long."""
