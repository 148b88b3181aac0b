"""Ensembles and students from arrays: the method without the pipeline, its files and its configuration."""
