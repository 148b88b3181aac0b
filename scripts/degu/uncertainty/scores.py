"""The proper scores of the package `scoringrules`, computed by NumPy.

With numba it would compile, at every start, functions that are not used here.
"""

from degu.imports import hidden

with hidden("numba"):
    import scoringrules

crps_normal = scoringrules.crps_normal
crps_laplace = scoringrules.crps_laplace
interval_score = scoringrules.interval_score
