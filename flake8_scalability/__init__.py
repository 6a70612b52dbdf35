"""A flake8 plugin that finds what will fail when load grows or a second instance starts."""

__version__ = "0.1.0"
