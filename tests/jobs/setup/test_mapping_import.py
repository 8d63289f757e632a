"""`mapping import` and `mapping export`: the configuration's mapping and Entra's schema of it."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from connectors.errors import CounterpartError
from jobs.setup.mapping_import import import_mapping
from support.scenarios.company import Company


def test_what_is_exported_is_printed_again_by_import_as_plain_yaml(company: Company) -> None:
    exported = company.run("mapping", "export")
    assert (exported.exit_code, exported.stderr) == (0, "")
    schema = company.config.with_name("schema.json")
    schema.write_text(exported.stdout)
    text, left_out = import_mapping(schema)
    assert left_out == []
    rows = YAML(typ="safe").load(text)["attribute_mapping"]
    assert rows == {
        "userName": "userPrincipalName",
        "active": 'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
        'emails[type eq "work"].value': "mail",
        "name.givenName": "givenName",
        "name.familyName": "surname",
        "externalId": "objectId",
    }


def test_what_is_left_out_stands_in_the_lines_too_as_comments(company: Company) -> None:
    schema = company.config.with_name("schema.json")
    exported = company.run("mapping", "export").stdout
    schema.write_text(
        exported.replace('"objectId"', '"mailNickname"').replace("surname", "a\\nb: c")
    )
    text, left_out = import_mapping(schema)
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert left_out
    assert comments == [
        f"# Not taken over from Entra: {' '.join(told.split())}." for told in left_out
    ]
    assert YAML(typ="safe").load(text).keys() == {"attribute_mapping"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "it is not JSON"),
        ('{"synchronizationRules": 3}', "it is no synchronization schema: Expected `array"),
        ("{}", "no object mapping whose sourceObjectName is User"),
    ],
)
def test_a_file_that_is_no_schema_is_refused_with_the_reason(
    tmp_path: Path, content: str, why: str
) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text(content)
    with pytest.raises(CounterpartError, match=r"schema\.json") as refused:
        import_mapping(schema)
    assert why in str(refused.value)
