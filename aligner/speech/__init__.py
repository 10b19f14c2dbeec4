"""Stage 2: segments become the messages of a speech service."""
