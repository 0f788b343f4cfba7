"""The touch screen: Kivy, and nothing but Kivy and the presenter's view states.

Upstream: ``kiosk.presenter``.
Downstream: ``kiosk.composition`` builds :class:`~kiosk.ui.app.KioskApp` and hands it what it needs.

``environment.prepare`` must run before anything else of this package is imported: Kivy reads its variables on import.
"""
