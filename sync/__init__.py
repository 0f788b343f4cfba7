"""Everything that travels between a booth and the platforms: the protocol, the mailbox, the agent, the platform."""
