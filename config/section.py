"""What every block of the configuration is, and how its paths are taken."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationInfo


class Section(BaseModel):
    """A block of the file: frozen, and no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def anchored(path: Path, info: ValidationInfo) -> Path:
    """A relative path belongs to the folder of the file that is read, where one is."""
    folder: Path | None = (info.context or {}).get("folder")
    return folder / path if folder else path


FilePath = Annotated[Path, AfterValidator(anchored)]
