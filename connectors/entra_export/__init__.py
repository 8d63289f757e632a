"""A tenant from a file, where nothing reaches Entra ID.

A ``.json`` file has Graph's own names: ``{groups: [{id, displayName, members: [ids], memberGroups:
[ids]}], users: [{id, userPrincipalName, mail, givenName, surname, accountEnabled, userType, …}],
deletedUsers: […], deletedGroups: […]}``. Users and groups may have any other property that Graph
gives them, and the attribute mapping may read those of users.

A ``.csv`` file has a row for each member of a group. Its columns, between commas, semicolons or
tabs:

- ``groupId``, ``group``: the group's id and displayName. Empty in the row of a user who is in none;
- ``memberType``: ``user`` (or empty), or ``group`` for a nested group;
- ``id``: the member's object id. Empty in the row of a group without members;
- ``deleted``: ``true`` for a user in the recycle bin;
- ``userPrincipalName``, ``mail``, ``givenName``, ``surname``, ``accountEnabled``, ``userType`` and
  further properties by Graph's names. An empty cell is one that is not set. Whoever is in several
  rows says the same in each of them. Of what is in the other cells, nothing is stripped.

Either is UTF-8. **Names** of keys and columns are read in any case and with blanks around them, for
PowerShell writes ``AccountEnabled``; one that is not known is refused, for it may be one of these
misspelt. Graph's annotations (``@odata.context``, …) may stay, and are read. Where
``members@odata.nextLink`` or ``@odata.nextLink`` says that there is more, the group, or every one,
was not read to its end (R2), and so it is if ``members@odata.count`` is not the number of members.

An export has everybody, also who is in no group: a user who is not in it counts as gone from Entra.
Since a file may have been cut, whatever it takes away by not naming somebody is held (R20), unless
it **proves that it is whole**:

- JSON by ``"users@odata.count"`` and ``"groups@odata.count"`` beside ``users`` and ``groups``: what
  Graph counted (``/users/$count``), not what was written;
- CSV by a last row whose first cell is ``#end``, and the second the number of rows between it and
  the header.

Proofs that do not hold are refused, and so is who is there and deleted as well.

**Age**: JSON says by ``exported`` when it was made, CSV by the third cell of the last row, both
like ``2026-11-24T03:00:00Z``; otherwise the file's own date counts. None is used that is older than
`directory.max_export_age` (R21).
"""
