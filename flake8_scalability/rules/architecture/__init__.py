"""SCL9: architecture and configuration."""
