"""What can fail, as one tree. No branch is another's: a fault of the store is none of the vendor.

SeatsyncError             config.seatsync_error
  ConfigError             config.load
  NoPlan                  reconciler.no_plan
  StoreError              connectors.store.errors
    Unavailable           connectors.store.errors
    LeaseHeld             connectors.store.errors
    LeaseLost             connectors.store.errors
    PlanNotFound          connectors.store.errors
    RunNotFound           connectors.store.errors
    PlanAltered           connectors.store.errors
    PlanUsed              connectors.store.errors
    TenantExists          connectors.store.errors
    TenantNotFound        connectors.store.errors
  CounterpartError        connectors.errors
    Unreachable           connectors.errors
      OutcomeUnknown      connectors.errors
      Garbled             connectors.scim.errors
    NotSent               connectors.errors
    Refused               connectors.errors
      Unauthorized        connectors.errors
        NoCredential      connectors.errors
      ExpiredPageToken    connectors.entra.transport
      Uncounted           connectors.entra.reading.members
      ScimRefused         connectors.scim.errors
        Changed           connectors.scim.errors
  UnusablePath            jobs.output.failures
  UnusablePlans           jobs.output.failures
  UserNotFound            jobs.output.failures
  NotConfigured           jobs.output.failures
  BrokenOff               jobs.output.failures
  NoTimetable             jobs.scheduling.scheduler
  Busy                    jobs.scheduling.scheduler
  RunFailed               jobs.fleet.tenant_run
  NoWorkers               jobs.fleet.workers
"""

from config.seatsync_error import SeatsyncError


class CounterpartError(SeatsyncError):
    """Entra ID, the vendor, or a file that was named did not give what was wanted of it.

    `halfway`: of what takes several requests, an earlier one was accepted.
    """

    halfway = False


class Unreachable(CounterpartError):
    """No usable answer: DNS, TLS, time-out, reset, 5xx, or a body that is not what it claims."""


class OutcomeUnknown(Unreachable):
    """A write was sent and no answer came: it may have been done; only reading back shows."""


class NotSent(CounterpartError):
    """A write that did not go out, because of what stood in its way: nothing came of it."""


class Refused(CounterpartError):
    """The counterpart understood and said no, with an HTTP `status`.

    `outdated`: the resource is not as it was last read, so it was left as it is.
    """

    outdated = False

    def __init__(self, what: str, status: int, why: str) -> None:
        super().__init__(what, f"{status} {why}".strip())
        self.status = status

    @property
    def throttled(self) -> bool:
        """Too many requests (RFC 6585, section 4): this one was not looked at."""
        return self.status == 429


class Unauthorized(Refused):
    """401, or the token endpoint gave no token: the credential is wrong, expired or replaced."""


class NoCredential(Unauthorized):
    """The credential cannot be used and was not sent: its file, its password, or what is in it."""

    def __init__(self, what: str, why: str) -> None:
        CounterpartError.__init__(self, what, why)
        self.status = 401
