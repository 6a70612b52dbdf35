"""Work per item: what runs once for each of many where one call could do it for all."""
