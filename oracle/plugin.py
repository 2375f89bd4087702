"""The pytest plugin: without --impl it costs nothing."""
