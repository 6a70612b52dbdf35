"""Architecture: what stands alone, what is frozen, and what hangs together."""
