"""The rows of listings: what `--json` prints of each, and the columns of its table.

The keys of JSON are the names of the fields.
"""
