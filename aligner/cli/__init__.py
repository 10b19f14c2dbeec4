"""One click command a file: parse, one call, print."""
