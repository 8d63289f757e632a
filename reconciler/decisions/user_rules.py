"""Which situation a user is in: the first rule that holds decides."""

import numpy as np

from reconciler.decisions.rule import Rule
from reconciler.situations import run, users
from reconciler.situations.situation import Effect

RULES = (
    Rule(run.LIMITED_MEMBER_DATA, Effect.KEEP, lambda p: p.untold),
    Rule(lambda p: p.frozen_by, Effect.KEEP, lambda p: p.frozen_by != ""),
    Rule(users.NOT_READ_FOR_CERTAIN, Effect.KEEP, lambda p: p.unseen),
    Rule(users.NOT_A_PERSON, Effect.KEEP, lambda p: p.no_person),
    Rule(users.GONE, Effect.DEPROVISION, lambda p: p.gone),
    Rule(users.DELETED, Effect.DEPROVISION, lambda p: p.deleted),
    Rule(users.DISABLED, Effect.DEPROVISION, lambda p: p.disabled),
    Rule(users.IN_SEVERAL_SETS, Effect.KEEP, lambda p: p.sets > 1),
    Rule(users.NAME_OR_MAIL_SHARED, Effect.KEEP, lambda p: p.duplicated),
    Rule(lambda p: p.unproven_by, Effect.KEEP, lambda p: p.unproven_by != ""),
    Rule(users.LEAVE_GRACE, Effect.KEEP, lambda p: ~np.isnat(p.grace_ends)),
    Rule(users.LEFT_EVERY_SET, Effect.DEPROVISION, lambda p: p.unassigned),
    Rule(users.PRINCIPAL_NAME_MISSING, Effect.KEEP, lambda p: p.without_name),
    Rule(users.MAIL_MISSING, Effect.KEEP, lambda p: p.without_mail),
    Rule(users.ILLEGAL_TEXT, Effect.KEEP, lambda p: p.illegal),
    Rule(users.GUEST, Effect.KEEP, lambda p: p.barred_guest),
    Rule(users.FLAPPING, Effect.KEEP, lambda p: p.flapping & (p.held != p.wanted)),
    Rule(users.MOVE, Effect.GRANT, lambda p: (p.held >= 0) & (p.held != p.wanted)),
    Rule(users.NAME_INCOMPLETE, Effect.GRANT, lambda p: p.half_named),
)
