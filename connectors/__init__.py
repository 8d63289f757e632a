"""Everything outside: each connector speaks snapshots and operations, and knows no policy."""

import logging

from config.secret_redaction import without_secrets

# A second attempt is no news to cron; whoever sets up logging still sees it.
logging.getLogger("stamina").addHandler(logging.NullHandler())


class _Record(logging.LogRecord):
    """No library's word about a request has a secret in it, nor has a traceback."""

    def getMessage(self) -> str:  # noqa: N802 - the name of logging
        return without_secrets(super().getMessage())

    @property
    def exc_text(self) -> str | None:  # where formatters keep it
        return self._trace

    @exc_text.setter
    def exc_text(self, text: str | None) -> None:
        self._trace = text and without_secrets(text)


logging.setLogRecordFactory(_Record)
