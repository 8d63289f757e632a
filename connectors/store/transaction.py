"""What can be read and written in one transaction, subject by subject."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from connectors.store.approvals import Approvals
from connectors.store.audit import AuditTrail
from connectors.store.capabilities import SeenCapabilities
from connectors.store.notification_outbox import Notices
from connectors.store.plans import Plans
from connectors.store.purge import PersonalData
from connectors.store.refusals import SeenRefusals
from connectors.store.run_operations import RunOperations
from connectors.store.runs import Runs
from connectors.store.sets import Sets
from connectors.store.vendor_token_dates import VendorTokens

if TYPE_CHECKING:
    from connectors.store.audit_cross_check import Agreement
    from connectors.store.directory_cache import CachedDirectory
    from connectors.store.export_sizes import Exports
    from connectors.store.fleet_plans import FleetPlans
    from connectors.store.journal import Journal
    from connectors.store.memory import KeptMemory
    from connectors.store.plan_inputs import PlanInputs
    from connectors.store.seat_use import SeatUses
    from connectors.store.server_outages import ServerOutages


class Transaction:
    """The parts of the store, as long as the block of `Store.transaction` lasts.

    Those that come in columns are imported when they are asked for: loading pandas takes several
    times as long as listing the runs.
    """

    def __init__(self, connection: Connection, pair: str) -> None:
        self._connection, self._pair = connection, pair
        self.approvals = Approvals(connection, pair)
        self.audit = AuditTrail(connection, pair)
        self.capabilities = SeenCapabilities(connection, pair)
        self.notices = Notices(connection, pair)
        self.personal_data = PersonalData(connection, pair)
        self.plans = Plans(connection, pair)
        self.refusals = SeenRefusals(connection, pair)
        self.run_operations = RunOperations(connection, pair)
        self.runs = Runs(connection, pair)
        self.sets = Sets(connection, pair)
        self.vendor_tokens = VendorTokens(connection, pair)

    @property
    def agreement(self) -> "Agreement":
        from connectors.store.audit_cross_check import Agreement

        return Agreement(self._connection, self._pair)

    @property
    def directory(self) -> "CachedDirectory":
        from connectors.store.directory_cache import CachedDirectory

        return CachedDirectory(self._connection, self._pair)

    @property
    def exports(self) -> "Exports":
        from connectors.store.export_sizes import Exports

        return Exports(self._connection, self._pair)

    @property
    def fleet(self) -> "FleetPlans":
        from connectors.store.fleet_plans import FleetPlans

        return FleetPlans(self._connection, self._pair)

    @property
    def journal(self) -> "Journal":
        from connectors.store.journal import Journal

        return Journal(self._connection, self._pair)

    @property
    def memory(self) -> "KeptMemory":
        from connectors.store.memory import KeptMemory

        return KeptMemory(self._connection, self._pair)

    @property
    def outages(self) -> "ServerOutages":
        from connectors.store.server_outages import ServerOutages

        return ServerOutages(self._connection, self._pair)

    @property
    def plan_inputs(self) -> "PlanInputs":
        from connectors.store.plan_inputs import PlanInputs

        return PlanInputs(self._connection, self._pair)

    @property
    def seat_use(self) -> "SeatUses":
        from connectors.store.seat_use import SeatUses

        return SeatUses(self._connection, self._pair)
