"""Why a request had no response, in plain words."""

from connectors.http.run_limits import NotTaken

_CAUSES = {
    "NameResolutionError": "the host name is not known",
    "Name or service not known": "the host name is not known",
    "name resolution": "the host name is not known",
    "Connection refused": "the connection was refused",
    "All connection attempts failed": "the connection was refused",
    "timed out": "no answer in time",
    "answer is too large": "the answer is too large",
}


def network_cause(error: Exception) -> str:
    """What an HTTP library's error comes down to, without the address and its decoration."""
    if isinstance(error, NotTaken):
        return str(error)
    said = (words for mark, words in _CAUSES.items() if mark in str(error))
    return next(said, type(error).__name__)
