"""Conformal prediction: intervals that cover a new measurement with a chosen probability; one method in each module.

The configuration names a method by its module. Each method is a function `intervals(rows, level, *, options)` that
returns the lower and the upper end for each of the n rows of `rows["test"]`, (n, 2). The mapping `rows` holds a
`degu.uncertainty.rows.Rows` for each split that the method uses. The number `level`, between 0 and 1, is the nominal
coverage, 1 - alpha.

The guarantee does not depend on the model. It is an average over calibration sets and rows, and it holds if calibration
and test rows are exchangeable (for `weighted`, after weighting). A method raises `degu.uncertainty.rows.Inapplicable`
if the model lacks the predictions that it needs.
"""
