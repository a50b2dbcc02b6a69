"""The HTTP API: endpoints, their parameters and their answers."""
