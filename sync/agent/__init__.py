"""The sync agent: a process of its own that carries outbox rows to the platform and brings reference data back."""
