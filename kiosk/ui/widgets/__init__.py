"""The pieces of the screens: each draws one small view state, or is one control.

Upstream: ``kiosk.presenter.views``, ``kiosk.ui.theme``, ``kiosk.ui.textures``.
Downstream: ``kiosk.ui.screens``, ``kiosk.ui.stage``.
"""
