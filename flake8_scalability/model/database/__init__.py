"""What a database pays for: transactions, scans, sorts, and work that every request repeats."""
