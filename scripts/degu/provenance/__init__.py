"""How, where and from what a result was made."""
