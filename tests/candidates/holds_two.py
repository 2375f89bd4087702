"""Holds two implementations, one of them under two names."""

from oracle import Implementation

first = Implementation("first")
second = Implementation("second")
also_second = second
