"""Why a candidate is wrong: hypotheses, each a program, held against the numbers that it showed."""
