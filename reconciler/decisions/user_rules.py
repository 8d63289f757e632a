"""Which situation a user is in: the first rule that holds decides."""

import numpy as np

from reconciler.decisions.rule import Rule
from reconciler.situations import runs, users
from reconciler.situations.situation import Effect

RULES = (
    Rule(runs.LIMITED_MEMBER_DATA, Effect.KEEP, lambda p: p.presence.enabled_unknown),
    Rule(lambda p: p.frozen_by, Effect.KEEP, lambda p: p.frozen_by != ""),
    Rule(users.NOT_READ_FOR_CERTAIN, Effect.KEEP, lambda p: p.presence.uncertain),
    Rule(users.NOT_A_PERSON, Effect.KEEP, lambda p: p.presence.not_a_user),
    Rule(users.GONE, Effect.DEPROVISION, lambda p: p.presence.gone),
    Rule(users.DELETED, Effect.DEPROVISION, lambda p: p.presence.deleted),
    Rule(users.DISABLED, Effect.DEPROVISION, lambda p: p.presence.disabled),
    Rule(users.IN_SEVERAL_SETS, Effect.KEEP, lambda p: p.set_count > 1),
    Rule(users.NAME_OR_MAIL_SHARED, Effect.KEEP, lambda p: p.attributes.duplicated),
    Rule(lambda p: p.unproven_by, Effect.KEEP, lambda p: p.unproven_by != ""),
    Rule(users.LEAVE_GRACE, Effect.KEEP, lambda p: ~np.isnat(p.grace_ends)),
    Rule(users.OUT_OF_SCOPE_KEPT, Effect.KEEP, lambda p: p.scope.left_alone),
    Rule(users.OUT_OF_SCOPE, Effect.DEPROVISION, lambda p: p.scope.outside),
    Rule(users.LEFT_EVERY_SET, Effect.DEPROVISION, lambda p: p.wanted < 0),
    Rule(users.PRINCIPAL_NAME_MISSING, Effect.KEEP, lambda p: p.attributes.without_name),
    Rule(users.MAIL_MISSING, Effect.KEEP, lambda p: p.attributes.without_mail),
    Rule(users.ILLEGAL_TEXT, Effect.KEEP, lambda p: p.attributes.illegal),
    Rule(users.GUEST, Effect.KEEP, lambda p: p.attributes.guest),
    Rule(users.SEAT_RECLAIMED, Effect.DEPROVISION, lambda p: p.past.reclaiming),
    Rule(users.WITHOUT_RECLAIMED_SEAT, Effect.KEEP, lambda p: p.past.reclaimed & (p.held < 0)),
    Rule(users.FLAPPING, Effect.KEEP, lambda p: p.past.flapping & (p.held != p.wanted)),
    Rule(users.MOVE, Effect.GRANT, lambda p: (p.held >= 0) & (p.held != p.wanted)),
    Rule(users.NAME_INCOMPLETE, Effect.GRANT, lambda p: p.attributes.half_named),
)
