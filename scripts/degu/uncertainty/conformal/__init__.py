"""Intervals that cover a new measurement with a chosen probability, whatever the model; one method a module.

Each method is a function `intervals(rows, level, *, options)` that returns (n, 2): the lower and upper end for each of
the n rows of `rows["test"]`. `rows` holds a `degu.uncertainty.rows.Rows` for each split that the method uses. `level`,
in (0, 1), is the probability to cover, 1 - alpha. The method named in the configuration is the module of that
name here.

The guarantee is on average over calibration sets and rows, and holds if calibration and test rows are exchangeable
(`weighted`: once weighted). A method without the predictions that it needs raises `degu.uncertainty.rows.Inapplicable`.
"""
