"""Rostering 排班: which volunteer is asked for which post; proposed by a constraint solver, decided by people.

Upstream: ``sync.protocol``, ``store``, OR-Tools (``solving`` alone).
Downstream: the planner's and the volunteers' pages, the commands, ``present`` (what devices are told).
"""
