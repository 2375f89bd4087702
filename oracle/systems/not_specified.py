"""What libraries have beside their optimizers that has no spec, and why."""

NOT_SPECIFIED: dict[str, str] = {
    "tf.train/Optimizer": "the base class of the others; it has no step of its own",
    "tf.contrib.opt/ExternalOptimizerInterface": (
        "an abstract class: it hands a loss to a minimizer that takes its own steps, and assigns "
        "the variables once, at the end"
    ),
    "tf.contrib.opt/ScipyOptimizerInterface": (
        "scipy.optimize.minimize (L-BFGS-B by default) asks for losses and gradients where it "
        "likes; no sequence of gradients determines the variables, which are assigned at the end"
    ),
    "tf.contrib.opt/DecoupledWeightDecayExtension": (
        "a class to inherit from; the optimizers that extend_with_decoupled_weight_decay makes of "
        "it have specs"
    ),
    "tf.contrib.opt/clip_gradients_by_global_norm": (
        "tf/clip_by_global_norm with a clip_norm of 20 by default: the gradients of 0 that it "
        "leaves out of the norm add nothing to it"
    ),
}
"""The reason for each name, as a sentence without its full stop, by what would be its id."""
