"""The kiosk's settings: every limit of the policy can be set, and nonsense is refused by name."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import time
from pathlib import Path

import pytest

from kiosk.domain.admission import Accepts
from kiosk.domain.policy import DutyPolicy
from kiosk.settings import KioskSettings
from kiosk.usecases.present_certificate import CertificateRules
from sync.configuration import ConfigurationError
from sync.protocol.vocabulary import Trust


def loaded(folder: Path, text: str) -> KioskSettings:
    file = folder / "kiosk.toml"
    file.write_text(text, encoding="utf-8")
    return KioskSettings.load(file)


def test_without_a_file_the_policys_defaults_stand() -> None:
    assert KioskSettings.load(None).duty.policy() == DutyPolicy()


def test_every_limit_of_the_policy_can_be_set(tmp_path: Path) -> None:
    times = {"closes_at": time(21, 30), "minors_from": time(9, 30), "minors_until": time(17, 30)}
    numbers = {field.name: 7 for field in fields(DutyPolicy) if field.name not in times}
    lines = [f"{name} = {value}" for name, value in numbers.items()] + [
        f'{name} = "{at:%H:%M}"' for name, at in times.items()
    ]
    policy = loaded(tmp_path, "[duty]\n" + "\n".join(lines)).duty.policy()
    assert asdict(policy) == numbers | times


@pytest.mark.parametrize(
    ("text", "expected"), [('"never"', None), ("21:30:00", time(21, 30)), ('"21:30"', time(21, 30))]
)
def test_a_station_closes_at_a_local_time_or_never(tmp_path: Path, text: str, expected: time | None) -> None:
    assert loaded(tmp_path, f"[duty]\ncloses_at = {text}").duty.policy().closes_at == expected


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[station]\nzone = "Mars/Olympus"', "[station] zone"),
        ('[station]\nzone = "../etc/passwd"', "[station] zone"),
        ('[duty]\ncloses_at = "late"', "[duty] closes_at"),
        ('[duty]\ncloses_at = "22:00+08:00"', "[duty] closes_at"),
        ("[duty]\ncloses_at = 22", "[duty] closes_at"),
        ("[duty]\ncap_min = 0", "[duty] cap_min"),
        ("[duty]\nundo_s = -1", "[duty] undo_s"),
        ("[sound]\nvolume = 1.5", "[sound] volume"),
        ("[screen]\nwidth = 10", "[screen] width"),
        ("[camera]\nfps = 0", "[camera] fps"),
        ('[certificates]\naccepts = "photo"', "[certificates] accepts"),
        ('[[certificates.legacy]]\nname = "old"\nkind = "web_address"', "[certificates.legacy] 0"),
        ('[[certificates.legacy]]\nname = "old"\nkind = "checked_number"\nlength = 3', "[certificates.legacy] 0"),
        ('[[certificates.legacy]]\nname = "typed"\nkind = "checked_number"\nlength = 9', "[certificates.legacy] 0"),
        ('[[certificates.legacy]]\nname = "Old card"\nkind = "checked_number"', "[certificates.legacy.0] name"),
        ("[duties]\nx = 1", "duties"),
    ],
)
def test_nonsense_is_refused_by_name(tmp_path: Path, text: str, place: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        loaded(tmp_path, text)
    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].startswith(f"{tmp_path / 'kiosk.toml'}: {place}: ")


def test_older_formats_are_off_until_the_station_names_them(tmp_path: Path) -> None:
    assert KioskSettings.load(None).certificates.rules() == CertificateRules(Accepts.CARD, ())
    text = """
[certificates]
accepts = "card_and_captain"
[[certificates.legacy]]
name = "old-address"
kind = "web_address"
prefix = "https://old.example/v?id="
[[certificates.legacy]]
name = "old-card"
kind = "checked_number"
length = 17
"""
    rules = loaded(tmp_path, text).certificates.rules()
    assert rules.accepts is Accepts.CARD_AND_CAPTAIN
    assert [each.name for each in rules.formats] == ["old-address", "old-card"]
    assert all(each.trust is Trust.LISTED for each in rules.formats)
