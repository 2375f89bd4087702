"""The optimizers of `tf.contrib.opt` (TensorFlow 1.15.5) that wrap no other."""
