"""Run `python -m app` as `articles`."""

from app.cli.commands import main

if __name__ == "__main__":
    main()
