"""The thinking: pure functions from what was read to a plan. No clock, network, disk or chance."""
