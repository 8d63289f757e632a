"""What a vendor refuses for a user night after night costs one line, and not a request."""

from pathlib import Path

from config.load import load
from connectors.store.database import open_database
from reconciler.model.plan import Kind
from support.alone import alone
from support.faults.vendor_interceptor import VendorInterceptor, refusing
from support.scenarios.pending_operations import PendingOperations

WRITES = ("PATCH", "PUT")


def test_v18_two_nights_are_tried_the_third_is_told_until_it_is_retried(tmp_path: Path) -> None:
    with PendingOperations(tmp_path, Kind.UPDATE_ACCOUNT) as pending:
        percents = ("max_revoke_percent", "max_set_revoke_percent", "max_week_revoke_percent")
        pending.configure(policy=dict.fromkeys(percents, 100) | {"auto_apply": True})
        interceptor = VendorInterceptor(pending)
        for method in WRITES:
            interceptor.on(method, "/v2/Users/", refusing(400, '{"detail": "surname: no"}'))
        assert [pending.run("run").exit_code for _ in range(2)] == [1, 1]
        (refused,) = alone(open_database(load(pending.config).store)).refusals.all().values()
        assert (refused.times, "surname: no" in refused.why) == (2, True)

        third = pending.run("run")
        assert third.exit_code == 0
        (found,) = [one for one in pending.json("show")["findings"] if one["code"] == "V18"]
        assert "refused 2 times since" in found["message"]
        assert "surname: no" in found["message"]

        interceptor.clear()
        assert pending.run("retry", found["subject"]["name"]).exit_code == 0
        assert pending.run("run").exit_code == 0
        assert alone(open_database(load(pending.config).store)).refusals.all() == {}
        assert pending.run("plan").exit_code == 0
