"""SCL2: caching."""
