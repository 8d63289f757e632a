"""Property tests: a budgeted profile for every day, `--hypothesis-profile=thorough` for more."""

from hypothesis import settings

settings.register_profile("budgeted", max_examples=25, deadline=None)
settings.register_profile("thorough", max_examples=10_000, deadline=None)
settings.load_profile("budgeted")
