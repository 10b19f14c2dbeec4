"""Who speaks: the voices, the engine in processes of its own, and when each character is heard."""
