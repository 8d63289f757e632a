"""What can be read and written in one transaction, subject by subject."""

from sqlalchemy import Connection

from connectors.store.agreement import Agreement
from connectors.store.approvals import Approvals
from connectors.store.audit import AuditTrail
from connectors.store.capabilities import SeenCapabilities
from connectors.store.directory_cache import CachedDirectory
from connectors.store.exports import Exports
from connectors.store.journal import Journal
from connectors.store.memory import KeptMemory
from connectors.store.plans import Plans
from connectors.store.purge import PersonalData
from connectors.store.run_operations import RunOperations
from connectors.store.runs import Runs
from connectors.store.sets import Sets


class Transaction:
    """The parts of the store, as long as the block of `Store.transaction` lasts."""

    def __init__(self, connection: Connection) -> None:
        self.agreement = Agreement(connection)
        self.approvals = Approvals(connection)
        self.audit = AuditTrail(connection)
        self.capabilities = SeenCapabilities(connection)
        self.directory = CachedDirectory(connection)
        self.exports = Exports(connection)
        self.journal = Journal(connection)
        self.memory = KeptMemory(connection)
        self.personal_data = PersonalData(connection)
        self.plans = Plans(connection)
        self.run_operations = RunOperations(connection)
        self.runs = Runs(connection)
        self.sets = Sets(connection)
