"""Claims no spec at all."""

from oracle import Implementation

candidate = Implementation("claims_nothing")
