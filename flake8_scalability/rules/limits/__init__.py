"""SCL4: rate limiting and backpressure."""
