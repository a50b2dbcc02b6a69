"""`python -m app` is `articles`."""

from app.cli import main

main()
