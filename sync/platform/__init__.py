"""The 志愿服务信息管理平台: takes events from devices, derives sessions, shows the ledger to people.

Upstream: ``sync.protocol``.
Downstream: nothing; it is a program of its own (``python -m sync.platform``).
"""
