"""Real servers for the tests, on private sockets and free ports."""
