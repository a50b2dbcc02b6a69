"""The uvicorn protocol."""
