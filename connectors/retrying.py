"""Attempts that are repeated, by stamina: each is told to `logging` alone.

Left to itself stamina tells structlog wherever that is installed, which prints to stdout.
"""

from stamina import retry, retry_context
from stamina.instrumentation import LoggingOnRetryHook, set_on_retry_hooks

__all__ = ["retry", "retry_context"]

set_on_retry_hooks([LoggingOnRetryHook])
