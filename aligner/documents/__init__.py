"""Stage 1: a file becomes a Document, a Document becomes segments."""
