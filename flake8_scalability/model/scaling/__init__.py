"""What goes wrong with a second instance: jobs, locks, identities, hosts, lost updates."""
