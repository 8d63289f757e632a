"""Rate limits that all runs of a fleet keep together, whichever host they are on."""

from pyrate_limiter import Rate, StateStore
from pyrate_limiter.abstracts.algorithm import Decision, State, StateAlgorithm
from sqlalchemy import Engine, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from connectors.store.schema import shared_rates
from connectors.store.transaction_settings import with_settings

_NOW = func.timezone("utc", func.clock_timestamp())
_THIS = shared_rates.c.name == bindparam("limit")
_LOCKED = (  # also where there was none, and until the end of the transaction
    insert(shared_rates)
    .values(name=bindparam("limit"), state=[], at=_NOW)
    .on_conflict_do_update(index_elements=[shared_rates.c.name], set_={"at": _NOW})
    .returning(shared_rates.c.state, shared_rates.c.at)
)
_NEEDS_NO_DISK = {"synchronous_commit": "off"}
"""What a crash of the database takes of this is some milliseconds of waiting."""


class SharedRate(StateStore):
    """Of one limit, for pyrate-limiter's `StateBucket`. Everything raises `Unavailable` where the
    database fails: nothing is sent that is not counted.
    """

    def __init__(self, engine: Engine, limit: str) -> None:
        self._engine = with_settings(engine, _NEEDS_NO_DISK)
        self._limit = {"limit": limit}

    def check(
        self, algorithm: StateAlgorithm, rates: list[Rate], now: int, weight: int
    ) -> Decision:
        """One more request, or why not yet. The database's time counts, for those of hosts differ;
        `now` is the caller's, and not looked at.
        """
        with self._engine.begin() as connection:
            state, at = connection.execute(_LOCKED, self._limit).one()
            milliseconds = round(at.timestamp() * 1000)
            before = tuple(state) or algorithm.initial(rates)
            after, decision = algorithm.step(rates, before, milliseconds, weight)
            if decision.allowed:
                new = update(shared_rates).where(_THIS).values(state=[*after])
                connection.execute(new, self._limit)
        return decision

    def read(self, algorithm: StateAlgorithm, rates: list[Rate]) -> State:
        """As it is now."""
        with self._engine.begin() as connection:
            query = select(shared_rates.c.state).where(_THIS)
            return tuple(
                connection.execute(query, self._limit).scalar() or algorithm.initial(rates)
            )

    def reset(self) -> None:
        """As if nothing had been sent."""
        with self._engine.begin() as connection:
            connection.execute(delete(shared_rates).where(_THIS), self._limit)
