"""What libraries have beside their optimizers that has no spec, and why."""

_ALIKE: dict[str, tuple[str, ...]] = {
    "its noise is drawn at random; no sequence of gradients determines it": (
        "optax/noisy_sgd",
        "optax/add_noise",
        "optax.contrib/dpsgd",
        "optax.contrib/differentially_private_aggregate",
    ),
    "it asks for the loss at points of its own, which no run here has": (
        "optax/scale_by_backtracking_linesearch",
        "optax/scale_by_zoom_linesearch",
    ),
    "it projects on singular vectors, whose signs are left to whoever computes them: each new "
    "projection takes moments over from the one before in either sign, and a bound that holds for "
    "both says nothing": ("optax.contrib/galore", "optax.contrib/scale_by_galore"),
}

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
    "torch/clip_grad_norm": "the old name of torch/clip_grad_norm_, which warns, and calls it",
    **{name: reason for reason, names in _ALIKE.items() for name in names},
    "optax/partition": (
        "a chain of optax/masked, one for each group of parameters, does what it does"
    ),
    **{
        f"optax/conditionally_{what}": "it asks a function which steps it takes, and no run has one"
        for what in ("mask", "transform")
    },
    "optax/inject_hyperparams": (
        "it changes no number but the precision of hyperparameters, which become arrays"
    ),
    "optax/scale_by_schedule": "optax/scale_by_learning_rate with flip_sign=False",
    "optax.contrib/split_real_and_imaginary": "it is for complex numbers, and no run has any",
    "optax/zero_nans": "a ball of Arb does not tell NaN from a number: nothing could be certified",
    "optax/set_to_zero": "it returns 0, whatever it is given",
}
"""The reason for each name, as a sentence without its full stop, by what would be its id."""
