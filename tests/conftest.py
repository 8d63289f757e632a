"""Property tests: the same few examples every day, `--hypothesis-profile=thorough` for new ones."""

from hypothesis import settings

settings.register_profile("budgeted", max_examples=25, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=1_000, deadline=None)
settings.load_profile("budgeted")
