"""Queries: what is asked of a database, how many rows it gives, and where it runs."""
