"""TensorFlow 1.15.5, which runs on Python 3.7 in another process."""
