"""Views of a plan: JSON, CSV, HTML and the terminal. Each carries the plan's id and digest."""
