"""The embedded speech service, over the same protocol as the client."""
