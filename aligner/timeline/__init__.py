"""Stage 3: messages become a timeline, the timeline becomes words."""
