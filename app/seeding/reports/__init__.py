"""Reports of a seeding run: its progress, what files held, which files were left out, and findings with one cause."""
