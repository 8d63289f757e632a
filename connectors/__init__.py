"""Everything outside: each connector speaks snapshots and operations, and knows no policy."""

import logging

# A second attempt is no news to cron; whoever sets up logging still sees it.
logging.getLogger("stamina").addHandler(logging.NullHandler())
