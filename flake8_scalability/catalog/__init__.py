"""What is known of libraries and frameworks: rows of data, no logic but the look-up of a row."""
