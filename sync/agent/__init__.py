"""The sync agent: a process of its own that brings the outbox to the platform; nothing lost, nothing doubled.

Upstream: ``sync.mailbox`` (the device's file), ``sync.protocol``.
Downstream: the platform, over HTTP.
"""
