"""The operating system and the interpreter: file locks, processes, low-priority threads, garbage collection, memory."""
