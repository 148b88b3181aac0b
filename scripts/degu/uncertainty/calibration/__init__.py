"""One metric of calibration a module: `metric(measured, predicted)` takes (n,) and a distribution, returns a float.

The metric named in a table is the module of that name here. Its `USES` says what it needs of a prediction: `levels`
is a CDF and intervals, so that it is also defined for `degu.uncertainty.distributions.Recalibrated`; `std` is
 a mean and a std.
"""
