"""A candidate in another process or language: ``--impl='cmd:PROGRAM ARGS'``."""
