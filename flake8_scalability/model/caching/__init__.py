"""Caches: what is kept, where, for how long, and what makes it stale."""
