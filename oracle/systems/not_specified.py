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
    "tf.contrib.opt/extend_with_decoupled_weight_decay.LARSOptimizer": (
        "the class has a weight_decay of its own, which takes the place of the other one: the "
        "weights decay by its default, whatever is asked for"
    ),
    "tf.contrib.opt/extend_with_decoupled_weight_decay.GGTOptimizer": (
        "every step raises TypeError: the extension prepares a step without the state that GGT "
        "is handed"
    ),
    "tf.contrib.opt/clip_gradients_by_global_norm": (
        "tf/clip_by_global_norm with a clip_norm of 20 by default: the gradients of 0 that it "
        "leaves out of the norm add nothing to it"
    ),
    "torch/Optimizer": "the base class of the others; it has no step of its own",
    "torch/LBFGS": (
        "a step evaluates its closure as often as it likes, up to 25 times by default, at points "
        "of its own; no sequence of gradients determines it"
    ),
    "torch/Adafactor": (
        "what it divides by is by default at least the epsilon of the first parameter's dtype, and "
        "a spec knows no dtype"
    ),
    "torch/Muon": (
        "its Newton-Schulz steps are bfloat16, whatever the parameter is: after the third one the "
        "bound of honest rounding is a billion times the update"
    ),
    "torch/clip_grad_norm": "the old name of torch/clip_grad_norm_, which warns, and calls it",
}
"""The reason for each name, as a sentence without its full stop, by what would be its id."""
