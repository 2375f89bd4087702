"""Wrong versions of each rule, made from its source: what fixtures catch, and what a failure is."""
