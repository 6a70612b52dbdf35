"""What a file says as Python text: scopes, bindings, values, arguments, calls, loops, what changes what."""
