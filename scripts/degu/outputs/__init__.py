"""The parameters that a model puts out, and the heads that follow from them."""
