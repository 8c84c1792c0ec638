"""What the portal runs for itself where no server is configured: Redis, Node, the build."""
