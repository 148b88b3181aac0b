"""Attribution maps, which show how much each base contributes to a prediction, and their comparison."""
