"""What a scan may lead to besides its card: a question before it, another service kind after it, a visiting team.

Upstream: ``kiosk.presenter.area``, ``kiosk.usecases.outcomes``.
Downstream: ``kiosk.presenter.areas``.
"""
