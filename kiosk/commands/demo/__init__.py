"""``kiosk demo``: the main job as three real processes, with invented people and a rendered camera.

Upstream: ``kiosk.commands``, ``kiosk.scan.scene``; agent and platform only as processes.
Downstream: ``kiosk.cli``.
"""
