"""Writes down what was decided: operations, findings, and the verdicts of guards."""
