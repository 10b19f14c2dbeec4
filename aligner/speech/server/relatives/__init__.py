"""The HTTP endpoints that clients use beside the socket. Only `app` opens them: aiohttp takes time to load."""
