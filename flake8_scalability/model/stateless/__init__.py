"""What stays in one process or on one machine: state, sessions, files, started work."""
