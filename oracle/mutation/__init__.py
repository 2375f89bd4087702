"""Wrong versions of everything a spec does, made from its source: what fixtures catch of them."""
