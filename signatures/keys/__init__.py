"""The ways to a private key that the server can walk itself: the security module, the remote service."""
