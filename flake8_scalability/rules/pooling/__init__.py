"""SCL1: connection and resource pooling."""
