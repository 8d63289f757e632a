"""Which situation a user's account is in: the first rule that holds decides.

A situation may have several rules, for different cases or effects.
"""

from reconciler.decisions.rule import Rule
from reconciler.situations import accounts, users, vendor
from reconciler.situations.situation import Effect

RULES = (
    Rule(accounts.PROTECTED, Effect.KEEP, lambda p: p.named.protected),
    Rule(accounts.OPERATOR, Effect.KEEP, lambda p: p.named.operator),
    Rule(accounts.SEVERAL_ACCOUNTS, Effect.KEEP, lambda p: p.match.hits > 1),
    Rule(
        accounts.LINKED_TO_ANOTHER, Effect.KEEP, lambda p: p.match.contested & p.match.owner_exists
    ),
    Rule(
        accounts.OWNER_RECREATED,
        Effect.KEEP,
        lambda p: p.match.foreign | (p.match.contested & p.match.linked),
    ),
    Rule(accounts.SEVERAL_USERS, Effect.KEEP, lambda p: p.match.contested),
    Rule(vendor.NOT_VISIBLE_YET, Effect.KEEP, lambda p: p.past.pending),
    Rule(vendor.NOT_SHOWN, Effect.KEEP, lambda p: (p.match.account < 0) & p.refused.hidden),
    Rule(vendor.SET_ATTRIBUTE_TAKEN, Effect.KEEP, lambda p: p.refused.taken & ~p.absent),
    Rule(vendor.ATTRIBUTE_REQUIRED, Effect.KEEP, lambda p: p.refused.incomplete),
    Rule(vendor.REFUSED_REPEATEDLY, Effect.KEEP, lambda p: p.refused.repeatedly),
    Rule(accounts.ACCOUNT_DELETED, Effect.GRANT, lambda p: p.past.lost_account),
    Rule(accounts.NO_ACCOUNT, Effect.GRANT, lambda p: p.match.account < 0),
    Rule(accounts.LINKED_BY_NICKNAME, Effect.GRANT, lambda p: p.match.nicknamed & p.match.certain),
    Rule(accounts.FOUND_UNLINKED, Effect.KEEP, lambda p: ~p.match.certain),
    Rule(accounts.FOUND_UNLINKED, Effect.GRANT, lambda p: ~p.match.linked),
    Rule(accounts.HELD_OUTSIDE, Effect.GRANT, lambda p: p.stays_active),
    Rule(accounts.NOT_ENTITLED, Effect.GRANT, lambda p: p.absent),
    Rule(
        accounts.DEACTIVATED_BY_OTHERS,
        Effect.KEEP,
        lambda p: p.inactive & (p.past.last_activation_change == "reactivated"),
    ),
    Rule(
        vendor.DEACTIVATED_WITH_SETS,
        Effect.GRANT,
        lambda p: (
            p.inactive
            & (p.held >= 0)
            & p.past.changed
            & (p.past.last_activation_change != "deactivated")
        ),
    ),
    Rule(
        accounts.DEACTIVATED_BY_OTHERS,
        Effect.GRANT,
        lambda p: p.inactive & (p.past.last_activation_change == "created"),
    ),
    Rule(
        accounts.DEACTIVATED_BY_OTHERS,
        Effect.GRANT,
        lambda p: p.inactive & (p.held >= 0) & (p.past.last_activation_change != "deactivated"),
    ),
    Rule(users.BACK_AGAIN, Effect.GRANT, lambda p: p.inactive),
    Rule(accounts.ATTRIBUTES_CHANGED, Effect.GRANT, lambda p: p.changed),
    Rule(accounts.CONFIRMED, Effect.GRANT, lambda p: p.match.linked),
)
