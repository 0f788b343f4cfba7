"""Alembic's environment for the device file: always online, on the connection that was handed in.

Upstream: ``kiosk.store.tables``, ``sync.mailbox.tables``.
Downstream: ``kiosk.store.device_file.migrate``.
"""

from alembic import context

from kiosk.store.tables import DeviceBase
from sync.mailbox.tables import MailboxBase

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=[DeviceBase.metadata, MailboxBase.metadata],
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
