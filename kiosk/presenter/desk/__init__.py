"""值班台: the operator's desk without a screen, one module a page.

Upstream: ``kiosk.usecases`` (what the operators' acts came to), ``kiosk.presenter`` (words, buttons, views).
Downstream: ``kiosk.presenter.kiosk_presenter`` opens it as an area; ``kiosk.ui.screens`` draws its views.
"""
