"""TensorFlow 1.15.5's optimizers that wrap another one, in one process with one worker."""
