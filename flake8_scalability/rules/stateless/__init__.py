"""SCL3: stateless design."""
