"""Connections, clients and pools: how long what is made lives, and whether it is given back."""
