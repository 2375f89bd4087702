"""The words in which systems are written: arguments, forms, stages, sparse gradients, specs."""
