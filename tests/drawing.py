"""How hypothesis draws examples: the same ones each time, for as long as it takes."""

from hypothesis import settings

same_each_time = settings(max_examples=150, deadline=None, derandomize=True, database=None)
