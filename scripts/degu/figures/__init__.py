"""Figures, one in each module: `draw(...)` takes tables and returns a Matplotlib figure.

Modules that redraw a published result say where it was shown. "The poster" is that of Zhou and Koo, "Predicting model
uncertainty in genomic deep learning with knowledge distillation"; it is cited by the titles of its sections.
"""

import os

# Matplotlib reads this when it is first imported. A window or a notebook that the user has set is of no use to a figure
# that is saved, and may not even be installed here.
os.environ["MPLBACKEND"] = "agg"
