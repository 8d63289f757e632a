"""The directory's changes since the last run, by Graph's delta queries."""
