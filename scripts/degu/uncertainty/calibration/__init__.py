"""Metrics of calibration, one in each module: `metric(measured, predicted)` takes (n,) and a distribution.

Tables name a metric by its module. The constant `USES` of a metric says what it needs of a prediction. With `levels` it
needs a CDF and intervals, so that it is also defined for `degu.uncertainty.distributions.Recalibrated`; with `std` it
needs a mean and a std.
"""
