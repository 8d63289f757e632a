"""The values that are passed on: what goes into a plan, the plan, and its approvals."""
