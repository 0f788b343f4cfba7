"""Cards on paper and codes on screens: the QR symbol, where everything stands on a card, and the PDF.

Upstream: segno (symbols), fpdf2 (PDF).
Downstream: ``printing``, ``console``.
"""
