"""The operating system and the interpreter: file locks, low-priority threads, garbage collection."""
