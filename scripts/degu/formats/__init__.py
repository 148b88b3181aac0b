"""File formats: reading and writing files, whatever they are about."""
