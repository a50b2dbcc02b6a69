"""The pages, one module each, named like the API's routes that they show."""
