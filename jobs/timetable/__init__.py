"""When `seatsync schedule` starts a run, and how seldom where runs keep failing."""
