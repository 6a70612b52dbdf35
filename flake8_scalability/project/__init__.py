"""What the rest of the project says, read as text: only ever to silence a finding or to make it more exact."""
