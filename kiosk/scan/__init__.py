"""Frames in, texts out: the camera, the decoders and the hold-off between them.

Upstream: a camera, a video file, a folder of pictures or a network stream.
Downstream: `kiosk.composition`, which hands every `Scanned` text to the use cases.

    source ──▶ camera ──▶ pipeline ──▶ lookout ──▶ scanner.on_event
    (picture)  (latest    (decoders,   (hold-off,   (one callback,
               frame)      gate)        several)     one thread)

`scene` draws the built-in demo camera and is not on that way. No frame is written to disk here but by
`scene`, whose frames show nobody. No log line holds the text of a code.
"""
