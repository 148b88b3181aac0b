"""Layers and blocks that the architectures share."""
