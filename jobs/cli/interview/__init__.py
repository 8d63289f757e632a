"""The questions of `seatsync init --interactive`, and what is proposed as answers."""
