"""What tests do to a store step by step."""

from typing import Any

from connectors.store.store import Store


class _Part:
    def __init__(self, store: Store, name: str) -> None:
        self._store, self._name = store, name

    def __getattr__(self, method: str) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            with self._store.transaction() as tx:
                result = getattr(getattr(tx, self._name), method)(*arguments, **options)
                return list(result) if hasattr(result, "__next__") else result

        return call


class _Parts:
    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> _Part:
        return _Part(self._store, name)


def alone(store: Store) -> Any:
    """The parts of a transaction, each call on which is a transaction of its own."""
    return _Parts(store)
