"""Outbox and inbox in the device file: the only place where kiosk and agent meet."""
