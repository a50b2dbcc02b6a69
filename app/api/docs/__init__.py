"""Documentation: the OpenAPI document, its examples, and the page with Swagger UI."""
