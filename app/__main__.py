"""`python -m app` is `articles`."""

from app.cli.commands import main

if __name__ == "__main__":
    main()
