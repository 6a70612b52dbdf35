"""SCL5: pagination and batching."""
