"""Hard pictures of our own: cards and phones before the camera of a booth, each from its seed.

    things   a flat card or phone with its code, spoilt on order   ──┐
    lens     pose, focus, light, shadow, noise, JPEG               ──┴──▶ stills      one picture a seed
                                                                         sequences   a hand for 1.3 s, frame by frame
                                                                         hostile     what could do harm

*Upstream*: segno, OpenCV. *Downstream*: tests of `kiosk.scan`, `bench/decode.py`.
"""
