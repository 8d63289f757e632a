"""Files on disk: administrators' tables are read whole; ours are written whole."""
