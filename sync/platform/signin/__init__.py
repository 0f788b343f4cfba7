"""Who may use the console: accounts, sessions, rights by term of office, and the log of what was done.

Upstream: ``store``, ``passwords``.
Downstream: ``console``, ``commands.account``, ``demo``.
"""
