"""One folder a category, one file a rule."""
