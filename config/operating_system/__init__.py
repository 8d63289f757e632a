"""What Windows does in another way than Linux and macOS: whose a file is, accounts, how one ends.

The same names in `posix` and in `windows`, which this machine has one of.
"""

import sys

if sys.platform == "win32":
    from config.operating_system.windows import (
        TERMINATION,
        account_name,
        closing_command,
        create_private,
        make_private_folder,
        open_to_others,
        opened_folder,
        setting_command,
        touch_private,
    )
else:
    from config.operating_system.posix import (
        TERMINATION,
        account_name,
        closing_command,
        create_private,
        make_private_folder,
        open_to_others,
        opened_folder,
        setting_command,
        touch_private,
    )

__all__ = [
    "TERMINATION",
    "account_name",
    "closing_command",
    "create_private",
    "make_private_folder",
    "open_to_others",
    "opened_folder",
    "setting_command",
    "touch_private",
]
