"""Why some wrong versions of Optax's optimizers are none."""

from __future__ import annotations

from oracle.mutation.reason import Reason

OPTAX: tuple[Reason, ...] = (
    Reason(
        "optax*:asks:*weight_decay",
        "0 times a parameter adds nothing",
    ),
    Reason(
        "optax.schedules._warmed_up:change-constant:fall.*",
        "a cosine that falls from a peak of 0 stays there, whatever its share",
    ),
    *(
        Reason(f"optax{name}:order:*", "the link called update lets through what it is given")
        for name in (
            "/adaptive_grad_clip",
            "/add_decayed_weights",
            "/apply_every",
            "/centralize",
            "/clip_by_global_norm",
            "/identity",
            "/keep_params_nonnegative",
            "/normalize_by_update_norm",
            "/scale_by_polyak",
            ".contrib/momo",
            ".contrib/momo_adam",
            ".contrib/normalize",
            ".contrib/reduce_on_plateau",
        )
    ),
    *(
        Reason(
            f"optax{name}:order:*update*", "the link called update lets through what it is given"
        )
        for name in (
            "/adafactor",
            "/scale_by_factored_rms",
            "/polyak_sgd",
            ".contrib/sophia",
        )
    ),
    *(
        Reason(
            f"optax/{name}:order:*update*", "the link called update lets through what it is given"
        )
        for name in ("lbfgs", "scale_by_lbfgs")
    ),
    *(
        Reason(f"optax/{name}:start:?", "the first step looks at nothing that is kept")
        for name in ("lbfgs", "scale_by_lbfgs")
    ),
    Reason(
        "optax/adafactor:order:scale_by_learning_rate-scale_by_param_block_rms.*",
        "both multiply",
    ),
    *(
        Reason(f"optax/{name}:start:?", "at the first step nothing is kept of the second moment")
        for name in ("adafactor", "scale_by_factored_rms")
    ),
    Reason(
        "optax.factored.no_such_moment:part-of-condition:return.*",
        "scale_by_factored_rms keeps no other slot than its moments",
    ),
    Reason(
        "optax/lookahead:order:synchronize-start_again.*",
        "the one moves slow parameters, the other forgets what the fast optimizer knows",
    ),
    Reason(
        "optax.muon.orthogonalize:always:if.*",
        "scale_by_muon takes matrices alone",
    ),
    Reason(
        "optax.contrib/muon:order:decay_matrices-adam.*",
        "the one is for matrices, the other for all else",
    ),
    Reason(
        "optax.muon.is_table:change-constant:return.*",
        "all that is in a list of factors is of one kind",
    ),
    Reason(
        "orthogonalizing.lying:complement:(rows,columns).*",
        "a matrix and its complement have the same shape",
    ),
    Reason(
        "optax.contrib/sam:order:remember-adversary.*",
        "an adversary asks not from where a round began",
    ),
    *(
        Reason(f"optax.contrib/sam:order:{pair}.*", "the two act in other steps of a round")
        for pair in ("climb-outer", "climb-start_again")
    ),
    Reason(
        "optax.contrib/sam:order:come_back-start_again.*",
        "the one moves parameters, the other forgets what the adversary knows",
    ),
    Reason(
        "optax/optimistic_adam*:start:g_last",
        "the first step takes its own direction for the last one",
    ),
    Reason(
        "optax/lars:default:*_mask=False",
        "the specs take True, None and lists of indices alone",
    ),
    Reason(
        "optax/apply_every:start:grad_acc",
        "the first step of a group forgets what was held before it",
    ),
    Reason(
        "optax.whole.adaptive_grad_clip:other-condition:expr.*",
        "a norm that is the largest allowed is scaled by 1",
    ),
    Reason(
        "optax*:order:look_schedule_up-*",
        "no schedule looks at gradients, and the other link not at the learning rate",
    ),
    Reason(
        "optax.factored.of_*",
        "at the first step nothing is kept of the second moment, whatever its shape was",
    ),
    Reason(
        "optax.sm3.scale_by_sm3:*:step.grads[[]k[]].*",
        "where nothing has been summed up, the gradient is 0",
    ),
    *(
        Reason(f"optax.sm3.scale_by_sm3:*:{place}.*", "the sums of optax/sm3 are kept whole")
        for place in ("fresh", "total")
    ),
    Reason(
        "optax.sm3.scale_by_sm3:*:held.*",
        "of a vector each place along its axis has one element",
    ),
    Reason(
        "optax/*sm3:start:mu_?",
        "the smallest of what the axes know is 0 at the start, whatever one of them knows",
    ),
    Reason(
        "optax.whole.unit_norms:complement:shape.*",
        "an array and its complement have the same shape",
    ),
)
