"""Emulated devices: numpy that loses in each operation what is declared, and no more."""
