"""Run `python -m annotated_articles` as `articles`."""

from . import main

if __name__ == "__main__":
    main()
