"""How far a rising factorial is above a power, which is what overdispersed counts have and other counts lack.

The likelihoods of the negative binomial and of the Dirichlet-multinomial distribution are those of the Poisson and of
the multinomial distribution, multiplied by such ratios. Differences of `log_gamma` would give the same, and lose all
digits in single precision where counts are hardly overdispersed.
"""

from keras import KerasTensor, ops

from degu.losses.functions.log_gamma import SHIFT, stirling_series

# The range of log x is from -LIMIT to LIMIT, so that single precision can hold x^2 and n / x^2.
LIMIT = 40.0


def log_rising_ratio(log_x: KerasTensor, n: KerasTensor) -> KerasTensor:
    """Return log(x (x + 1) ... (x + n - 1) / x^n), which is the sum of log(1 + k / x) for k from 0 to n - 1.

    The difference of two of Stirling's series is written by logarithms of ratios, so that the error is about that of
    adding numbers of the size of n. Outside of the range of log x the value is that of its end, and has no gradient.

    Parameters
    ----------
    log_x
        The logarithm of x > 0.
    n
        Whole numbers, 0 or more, that broadcast with `log_x`. The value at 0 is 0.
    """
    log_x = ops.clip(log_x, -LIMIT, LIMIT)
    x, inverse = ops.exp(log_x), ops.exp(-log_x)
    # A number where there is none keeps the gradient finite.
    some = n > 0
    n = ops.where(some, n, ops.ones_like(n))
    y = x + SHIFT
    value = (
        (y - 0.5) * ops.log1p(n / y)
        + n * ops.log1p((n + SHIFT) * inverse)
        - n
        + stirling_series(y + n)
        - stirling_series(y)
        - ops.log1p(n * inverse)
        - sum(ops.log1p(n / (x + step)) for step in range(1, SHIFT))
    )
    return ops.where(some, value, ops.zeros_like(value))
