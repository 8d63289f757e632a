"""A tenant from a file: for dry runs where nothing reaches Entra ID, and for tests.

A ``.json`` file has Graph's own names: ``{groups: [{id, displayName, members: [ids], memberGroups:
[ids]}], users: [{id, userPrincipalName, mail, givenName, surname, accountEnabled, userType, …}],
deletedUsers: […], deletedGroups: […]}``. Further keys of Graph's groups are known, such as
``groupTypes``, and the attribute mapping may read those of users.

A ``.csv`` file has a row for each member of a group. Its columns:

- ``groupId``, ``group``: the group's id and displayName. Empty in the row of a user who is in none;
- ``memberType``: ``user`` (or empty), or ``group`` for a nested group;
- ``id``: the member's object id. Empty in the row of a group without members;
- ``deleted``: ``true`` for a user in the recycle bin;
- ``userPrincipalName``, ``mail``, ``givenName``, ``surname``, ``accountEnabled``, ``userType`` and
  further attributes by Graph's names. An empty cell is an attribute that is not set. Whoever is in
  several rows says the same in each of them.

An export has everybody, also who is in no group: a user who is not in it counts as gone from Entra.
"""
