"""SCL6: horizontal scaling blockers."""
