"""How far predicted uncertainties can be trusted."""
