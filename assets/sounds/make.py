"""Makes the kiosk's four chimes from sums of decaying sines, always to the same bytes.

*Upstream*: `make sounds`. *Downstream*: start.wav, end.wav, question.wav, refusal.wav beside it, played by kiosk.ui.

A chime is told from another by its melody, not by its loudness: start rises, end comes home, question hangs in the
air, refusal is two low soft knocks. Nothing is louder or sharper than a door bell; nobody is to be shamed by a sound.
"""

from __future__ import annotations

import sys
import wave
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
RATE = 44_100  # samples a second, one channel, 16 bit
PEAK = 0.6  # of full scale
SEED = 2017  # of the felt-like strike noise
Note = tuple[float, float, float]  # begins at (s), frequency (Hz), decays to 1/e in (s)

# Partials of a soft mallet on wood and metal: (multiple of the note's frequency, share, share of the note's decay)
MALLET = ((1.0, 1.0, 1.0), (2.0, 0.28, 0.6), (3.0, 0.10, 0.45), (4.02, 0.05, 0.3))
C4, E4, G4, C5, E5, G5, A5, D5 = 261.63, 329.63, 392.00, 523.25, 659.26, 783.99, 880.00, 587.33

CHIMES: dict[str, tuple[float, tuple[Note, ...]]] = {  # length (s), notes
    "start": (0.95, ((0.00, C5, 0.22), (0.13, E5, 0.22), (0.26, G5, 0.30))),
    "end": (1.05, ((0.00, G5, 0.20), (0.14, E5, 0.22), (0.28, C5, 0.34), (0.28, C4, 0.34))),
    "question": (0.90, ((0.00, D5, 0.18), (0.20, A5, 0.30))),
    "refusal": (0.70, ((0.00, E4, 0.12), (0.00, G4 / 2, 0.14), (0.22, C4, 0.16), (0.22, C4 / 2, 0.18))),
}


def strike(seconds: np.ndarray, note: Note, chance: np.random.Generator) -> np.ndarray:
    """One note over the whole time axis (s), float64: silence before it begins, then a soft attack and its decay."""
    begin, frequency, decay = note
    since = np.maximum(seconds - begin, 0.0)
    heard = seconds >= begin
    tone = sum(
        share * np.exp(-since / (decay * life)) * np.sin(2 * np.pi * frequency * multiple * since)
        for multiple, share, life in MALLET
    )
    felt = 0.04 * np.exp(-since / 0.006) * chance.standard_normal(seconds.size)
    attack = 1.0 - np.exp(-since / 0.003)
    return np.asarray(heard * attack * (tone + felt))


def chime(length_s: float, notes: tuple[Note, ...]) -> np.ndarray:
    """Samples, (length × RATE,) int16, faded out so that nothing clicks at the end."""
    chance = np.random.default_rng(SEED)
    seconds = np.arange(round(length_s * RATE)) / RATE
    wave_form = np.sum([strike(seconds, note, chance) for note in notes], axis=0)
    wave_form *= np.clip((length_s - seconds) / 0.05, 0.0, 1.0)
    return np.round(wave_form / np.abs(wave_form).max() * PEAK * 32_767).astype("<i2")


def main() -> int:
    """Writes the four files."""
    for name, (length_s, notes) in CHIMES.items():
        target = HERE / f"{name}.wav"
        with wave.open(str(target), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(chime(length_s, notes).tobytes())
        print(f"{target.name}: {length_s} s, {target.stat().st_size / 1e3:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
