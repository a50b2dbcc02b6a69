"""What the operating system and the interpreter offer: file locks, low-priority threads, garbage collection."""
