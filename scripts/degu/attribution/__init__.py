"""How much each base of a sequence contributes to a prediction, and what can be said of such maps."""
