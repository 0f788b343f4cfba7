"""The pure rules of duty: values in, values out; no clock, file, toolkit or database.

Upstream: ``sync.protocol``.
Downstream: every other package of the kiosk.
"""
