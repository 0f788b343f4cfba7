"""What both ends of the wire agree on, pure: no clock, no file, no socket, no database.

Upstream: nothing of ours.
Downstream: every other package; ``sync.protocol`` is the ground floor.
"""
