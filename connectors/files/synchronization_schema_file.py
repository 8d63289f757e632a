"""A file with the synchronization schema of an enterprise application, as Graph answers with it."""

from pathlib import Path

from msgspec import DecodeError, ValidationError, json

from config.synchronization_schema import SynchronizationSchema
from connectors.errors import CounterpartError
from connectors.files.disk import read_text


def read_synchronization_schema(path: Path) -> SynchronizationSchema:
    """Reads it.

    Raises:
        CounterpartError: it cannot be read, or has another shape.
    """
    what = f"reading {path}"
    try:
        return json.decode(read_text(path, what), type=SynchronizationSchema)
    except ValidationError as error:
        raise CounterpartError(what, f"it is no synchronization schema: {error}") from None
    except DecodeError as error:
        raise CounterpartError(what, f"it is not JSON: {error}") from None
