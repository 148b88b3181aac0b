"""The configuration, its checks, and what it names."""
