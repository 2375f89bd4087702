"""Holds no implementation."""

candidate = "none"
