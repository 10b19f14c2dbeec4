"""Stage 4: words become cues."""
