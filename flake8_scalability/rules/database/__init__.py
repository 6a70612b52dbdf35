"""SCL8: database scaling."""
