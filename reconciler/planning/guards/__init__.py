"""Guards: they judge a whole plan, and give their numbers in the message.

A guard sees limits, times, and the `Consequences` of the operations, but no column and no
operation. So it judges plans and undos alike.

A guard that objects does not keep the plan from being written and shown. What it holds is applied
once any person has approved the plan; what it blocks, once an approval names the guard's code; what
it refuses, never. Approvals are bound to the plan's digest.
"""
