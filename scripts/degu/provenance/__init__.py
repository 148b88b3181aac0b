"""Provenance: from what, by which code, where and when each result was made."""
