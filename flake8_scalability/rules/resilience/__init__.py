"""SCL7: external service resilience."""
