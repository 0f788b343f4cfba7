"""What a server's devices are told to trust, from its settings.

Upstream: ``keys``, ``tls``, ``settings``.
Downstream: ``__main__`` (serve).
"""

from __future__ import annotations

from sync.platform import keys
from sync.platform.api.routes import Trust
from sync.platform.feed import Freshness
from sync.platform.ports import MS_PER_SECOND, Ports
from sync.platform.present import DAY_MS
from sync.platform.settings import Settings
from sync.platform.tls import authority_pem


def trust_of(settings: Settings, ports: Ports) -> Trust:
    """Return the keys a server answers devices with; its own is made where there is a root key and none yet.

    Without a root key it answers as ever, but enrols no device and signs no time.

    Raises:
        KeyFileError: a key that is there cannot be used: others may read it, or it is not a key.
    """
    if (settings.keys_dir / keys.ROOT).exists():
        keys.load_key(settings.keys_dir, keys.ROOT)
        keys.platform_key(settings.keys_dir, ports.entropy)
    freshness = Freshness(round(settings.feed_fresh_s * MS_PER_SECOND), settings.feed_tombstone_days * DAY_MS)
    return Trust(keys.Keyring.of(settings.keys_dir), authority_pem(settings.tls_ca), freshness)
