"""``certificate``: issue, reissue, lost, revoke, list, print cards; visitors' cards, dynamic codes, phone links.

Upstream: ``certificates``, ``day_cards``, ``phone``, ``cards``, ``wiring``.
Downstream: ``__main__``.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from sync.platform import certificates, keys, phone
from sync.platform.accounts import table
from sync.platform.cards.card import Look
from sync.platform.certificates import LIFE, CertificateDesk, CertificateOrder
from sync.platform.commands.wiring import (
    config_option,
    database_of,
    database_option,
    date_of,
    day_of,
    instant_of,
    number_argument,
    office_of,
    settings_of,
)
from sync.platform.day_cards import MOST, DayOrder, issue_day_cards, printed_day_cards
from sync.platform.errors import PlatformError
from sync.platform.ports import Ports, unix_ms
from sync.platform.records import CardHolder, Volunteer
from sync.platform.registry import Office
from sync.platform.settings import Settings
from sync.protocol.vocabulary import CertificateKind

ALL = 1_000_000


@click.group()
def certificate() -> None:
    """志愿者证."""


@certificate.command()
@config_option
@database_option
@click.option("--number", required=True, help="志愿者编号.")
@click.option("--name", required=True, help="Name as it shall be shown.")
@click.option("--issued", help="ISO 8601 with offset; default: now.")
@click.option(
    "--expires", help="ISO 8601 with offset; default: three years after issue, five minutes for a dynamic one."
)
@click.option("--kind", type=click.Choice([each.value for each in LIFE]), default="card", show_default=True)
@click.pass_obj
def issue(ports: Ports, /, config: Path | None, database: str | None, kind: str, **asked: str) -> None:
    """Register a volunteer, issue the first certificate and print its LYZ1 text."""
    settings = settings_of(config, database=database)
    now, number = ports.clock().replace(microsecond=0), asked["number"]
    issued_at = instant_of(asked["issued"], "--issued") or now
    expires_at = instant_of(asked["expires"], "--expires") or issued_at + LIFE[CertificateKind(kind)]
    with office_of(settings, ports) as office:
        known = office.unit.registry.volunteer(number)
        volunteer = Volunteer(number, asked["name"], known.service if known else None, unix_ms(now))
        order = CertificateOrder(volunteer, issued_at, expires_at, CertificateKind(kind))
        text = _desk(office, settings).issue(order)
    click.echo(text)


@certificate.command()
@config_option
@database_option
@number_argument
@click.pass_obj
def reissue(ports: Ports, /, config: Path | None, database: str | None, number: str) -> None:
    """Replace a volunteer's card by a new one and print its LYZ1 text; the old one is refused once devices know."""
    settings = settings_of(config, database=database)
    with office_of(settings, ports) as office:
        text = _desk(office, settings).reissue(number)
    click.echo(text)


@certificate.command()
@config_option
@database_option
@number_argument
@click.pass_obj
def lost(ports: Ports, /, config: Path | None, database: str | None, number: str) -> None:
    """Note that a card was lost 挂失; it is refused once devices know."""
    with office_of(settings_of(config, database=database), ports) as office:
        certificates.report_lost(office, number)
    click.echo(f"已挂失 Reported lost: {number}")


@certificate.command()
@config_option
@database_option
@number_argument
@click.pass_obj
def revoke(ports: Ports, /, config: Path | None, database: str | None, number: str) -> None:
    """Take a volunteer's card back for good 注销, and close the phone's link."""
    with office_of(settings_of(config, database=database), ports) as office:
        certificates.revoke(office, number)
    click.echo(f"已注销 Revoked: {number}")


@certificate.command("list")
@config_option
@database_option
@click.pass_obj
def list_cards(ports: Ports, /, config: Path | None, database: str | None) -> None:
    """List the volunteers with what the newest card of each is worth."""
    settings = settings_of(config, database=database)
    zone, now_ms = ZoneInfo(settings.time_zone), unix_ms(ports.clock())
    with database_of(settings, ports) as opened, opened.reading() as unit:
        holders = unit.certificates.holders("", 0, ALL)
    head = ("编号 number", "姓名 name", "状态 state", "序列号 serial", "有效期至 until", "手机 phone")
    click.echo(table(head, [_line(holder, now_ms, zone) for holder in holders]))


@certificate.command()
@config_option
@database_option
@number_argument
@click.option("--minutes", type=click.IntRange(2, 5), default=3, show_default=True, help="How long it is good.")
@click.pass_obj
def dynamic(ports: Ports, /, config: Path | None, database: str | None, number: str, minutes: int) -> None:
    """Print a code of minutes for a registered volunteer."""
    settings = settings_of(config, database=database)
    with office_of(settings, ports) as office:
        volunteer, desk = certificates.entitled(office, number), _desk(office, settings)
        serial, now = desk.next_serial(CertificateKind.DYNAMIC), ports.clock().replace(microsecond=0)
        text = desk.code(volunteer, serial, now, timedelta(minutes=minutes))
    click.echo(text)


@certificate.command()
@config_option
@database_option
@click.option("--team", required=True, help="服务队 as it shall stand on the cards.")
@click.option("--on", required=True, help="The one day they are good, such as 2027-03-05.")
@click.option("--count", type=click.IntRange(1, MOST), required=True, help="How many.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The PDF to write.")
@click.option("--single", is_flag=True, help="One card a page of card size, for a card printer.")
@click.pass_obj
def day(ports: Ports, /, config: Path | None, database: str | None, **asked: Any) -> None:
    """Write visitors' cards 日卡 for a team and one day as a PDF, and print their numbers."""
    settings = settings_of(config, database=database)
    order = DayOrder(asked["team"].strip(), date_of(asked["on"], "--on"), asked["count"])
    look = Look(settings.issuing_unit, settings.emblem, single=asked["single"])
    with office_of(settings, ports) as office:
        desk = _desk(office, settings)
        cards = issue_day_cards(desk, order)
        _write(asked["out"], printed_day_cards(desk, cards, look))
    click.echo("\n".join(card.number for card in cards))


@certificate.command("phone")
@config_option
@database_option
@number_argument
@click.option("--close", is_flag=True, help="Close the volunteer's link instead.")
@click.pass_obj
def phone_link(ports: Ports, /, config: Path | None, database: str | None, number: str, close: bool) -> None:  # noqa: FBT001 - Click's flag
    """Open a link for a volunteer's phone and print its path; the earlier one is closed. It is shown only now."""
    with office_of(settings_of(config, database=database), ports) as office:
        if close:
            phone.close_links(office, number)
            said = f"已关闭 Closed: {number}"
        else:
            said = f"/my/{phone.open_link(office, number)}"
    click.echo(said)


@certificate.command("print")
@config_option
@database_option
@click.argument("numbers", metavar="NUMBER…", nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The PDF to write.")
@click.option("--single", is_flag=True, help="One card a page of card size, for a card printer.")
@click.option("--backs", is_flag=True, help="The backs too, mirrored for printing on both sides.")
@click.pass_obj
def print_cards(
    ports: Ports, /, config: Path | None, database: str | None, numbers: tuple[str, ...], **asked: Any
) -> None:
    """Write the cards of volunteers as a PDF: A4 sheets of ten with cut marks, or single cards."""
    from sync.platform.printing import printed  # noqa: PLC0415 - the PDF library takes a second to load

    settings = settings_of(config, database=database)
    look = Look(settings.issuing_unit, settings.emblem, single=asked["single"], backs=asked["backs"])
    with office_of(settings, ports) as office:
        pdf = printed(_desk(office, settings), numbers, look, ZoneInfo(settings.time_zone))
    _write(asked["out"], pdf)
    click.echo(f"{len(numbers)} 张 cards: {asked['out']}")


def _write(path: Path, pdf: bytes) -> None:
    try:
        path.write_bytes(pdf)
    except OSError as error:
        raise PlatformError(f"{path} cannot be written: {error.strerror}. Name another with --out.") from error


def _desk(office: Office, settings: Settings) -> CertificateDesk:
    return CertificateDesk(office, keys.load_key(settings.keys_dir, keys.ISSUER))


def _line(holder: CardHolder, now_ms: int, zone: ZoneInfo) -> tuple[str, ...]:
    card, phone_word = holder.card, "有 yes" if holder.has_phone else "—"
    serial, until = (card.serial, day_of(card.expires_ms - 1, zone)) if card else ("—", "—")
    return (holder.volunteer.number, holder.volunteer.name, holder.state_at(now_ms).value, serial, until, phone_word)
