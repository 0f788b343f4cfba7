"""The 台账 as files: what stands in each cell, the writers of each format, and the way to a stick.

Upstream: ``kiosk.usecases.export_ports``, ``kiosk.presenter`` (words), XlsxWriter, fpdf2.
Downstream: ``kiosk.composition``.
"""
