"""When `seatsync schedule` starts a run: on time, once where one was missed."""
