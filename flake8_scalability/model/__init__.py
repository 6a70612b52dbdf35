"""What one file says: scopes, names, values, calls, loops and places, each layer computed when it is asked for."""
