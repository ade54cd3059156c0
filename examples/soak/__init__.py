"""`make soak`: the native stream against the simulated exchange under faults, for minutes or hours."""
