"""Numbers: four arithmetics behind one small interface, so that each rule is written once.

``mp`` is the truth, ``arb`` a second witness, ``rounding`` the truth with an error bound, and
``native`` float64 with the same bound, vectorised.
"""
