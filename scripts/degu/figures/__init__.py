"""Figures, one in each module: `draw(...)` takes tables and returns a Matplotlib figure.

Modules that redraw a published result say where it was shown. "The poster" is that of Zhou and Koo, "Predicting model
uncertainty in genomic deep learning with knowledge distillation"; it is cited by the titles of its sections.
"""
