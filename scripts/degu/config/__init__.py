"""The configuration: it is read, checked, and completed with defaults."""
