"""The first moment of the GGT optimizer of TensorFlow 1.15, in parts (Python 3.7, no oracle)."""


def moments(optimizer, params, session):
    """Return the first moment of each parameter; the library keeps all of them end to end.

    ``optimizer`` knows where each variable's part begins, by the name of the variable.
    """
    whole = session.run(optimizer._get_moment1())
    starts = [optimizer.index_dict[p.name] for p in params]
    shapes = [tuple(p.shape.as_list()) for p in params]
    sizes = [optimizer.shape_dict[p.name] for p in params]
    return [
        whole[start : start + int(size)].reshape(shape)
        for start, size, shape in zip(starts, sizes, shapes)
    ]
