from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, literal, select

from connectors.store.database import open_database
from connectors.store.shared_statements import SharedStatements


@pytest.fixture
def engines() -> Iterator[list[Engine]]:
    """Two of SQLite that share what was compiled."""
    shared = {"compiled_cache": SharedStatements()}
    engines = [create_engine("sqlite://", execution_options=shared) for _ in range(2)]
    yield engines
    for engine in engines:
        engine.dispose()


def test_what_was_compiled_for_one_engine_serves_another_with_its_own_values(
    engines: list[Engine],
) -> None:
    compiled: list[object] = []
    for number, engine in enumerate(engines):
        with engine.connect() as connection:
            found = connection.execute(select(literal(number)))
            assert found.scalar() == number
            compiled.append(found.context.compiled)
    assert compiled[0] is compiled[1]


def test_a_statement_of_another_form_is_another(engines: list[Engine]) -> None:
    with engines[0].connect() as one, engines[1].connect() as other:
        assert one.execute(select(literal(1))).one() == (1,)
        assert other.execute(select(literal(1), literal("two"))).one() == (1, "two")


def test_a_server_is_asked_in_what_was_compiled_for_it(url: str) -> None:
    """Two servers may have two versions."""
    store = open_database(url)
    shares = isinstance(
        store.engine.get_execution_options().get("compiled_cache"), SharedStatements
    )
    store.close()
    assert shares == url.startswith("sqlite")
