"""``record``: a volunteer's records handed out to another platform, checked, and taken in 异地转移和接续.

Upstream: ``transfer``, ``wiring``.
Downstream: ``__main__``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sync.platform import keys, standings
from sync.platform.accounts import printable, table
from sync.platform.certificates import registered
from sync.platform.commands.wiring import (
    config_option,
    database_option,
    date_of,
    day_of,
    number_argument,
    office_of,
    settings_of,
)
from sync.platform.errors import PlatformError, UnknownError
from sync.platform.ports import Ports, unix_ms
from sync.platform.refolding import FOLD
from sync.platform.telling import LAND
from sync.platform.transfer.exporting import Issuer, hand_out
from sync.platform.transfer.importing import Outcome, Wish, take_in
from sync.platform.transfer.reckoning import totals_with_moved
from sync.platform.transfer.values import TrustedPlatform
from sync.protocol.record_bundle import MOST_BYTES, Consent, Heading, read_bundle

if TYPE_CHECKING:
    from sync.platform.registry import Office
    from sync.platform.settings import Settings

KEY = re.compile(r"[0-9a-f]{64}")
by_option = click.option("--by", required=True, help="Who does it, for the record.")
file_argument = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.group()
def record() -> None:
    """记录转移: a volunteer's records from one platform to another."""


@record.command("export")
@config_option
@database_option
@number_argument
@click.option("--consent", required=True, help="The volunteer's consent in words, or the number of the signed paper.")
@click.option("--consent-on", help="The day of the consent, such as 2027-03-01; default: today.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write.")
@click.pass_obj
def export_record(ports: Ports, /, config: Path | None, database: str | None, number: str, **asked: Any) -> None:
    """Write all of a volunteer's records as one signed file (mode 0600)."""
    settings = settings_of(config, database=database)
    issuer = Issuer(keys.load_key(settings.keys_dir, keys.ROOT), _name_of(settings))
    on = date_of(asked["consent_on"], "--consent-on") if asked["consent_on"] else _today(ports)
    if not asked["consent"].strip() or on > _today(ports):
        raise PlatformError("Without a consent that was given, no record leaves. Say it with --consent.")
    with office_of(settings, ports) as office:
        heading, content = hand_out(office, issuer, number, Consent(asked["consent"][:500], on.isoformat()))
        try:
            keys.write_private(asked["output"], content)
        except OSError as error:
            raise PlatformError(f"{asked['output']} cannot be written: {error.strerror}.") from error
    click.echo(f"{_shown(heading)}\n文件 file: {asked['output']}")


@record.command("check")
@file_argument
@click.option("--key", help="The key (hex) that must have signed it.")
def check_record(file: Path, key: str | None) -> None:
    """Check a bundle without any database: signature, hashes, and every sum made anew."""
    try:
        with file.open("rb") as opened:
            bundle = read_bundle(opened, FOLD)
    except OSError as error:
        raise PlatformError(f"{file} cannot be read: {error.strerror}.") from error
    if key is not None and key.lower() != bundle.heading.issuer:
        raise PlatformError(f"It was signed by another key: {bundle.heading.issuer}.")
    again = "重新核算一致 every sum was made anew" if bundle.recomputed else "核算版本不同 made by another version"
    click.echo(f"{_shown(bundle.heading)}\n完好 sound; {again}")


@record.command("key")
@config_option
@database_option
def show_key(config: Path | None, database: str | None) -> None:
    """Show the key by which other platforms know this one."""
    settings = settings_of(config, database=database)
    click.echo(f"{keys.load_key(settings.keys_dir, keys.ROOT).public.hex()}  {printable(_name_of(settings))}")


@record.command()
@config_option
@database_option
@click.argument("key")
@click.option("--name", help="What people call that platform.")
@click.option("--withdraw", is_flag=True, help="Believe it no longer; what was taken in stays.")
@by_option
@click.pass_obj
def trust(ports: Ports, /, config: Path | None, database: str | None, key: str, **asked: Any) -> None:
    """Believe the records that another platform signs with KEY (64 hexadecimal digits)."""
    public = key.strip().lower()
    if not KEY.fullmatch(public):
        raise PlatformError("A key has 64 hexadecimal digits; 'record key' at the other platform shows it.")
    with office_of(settings_of(config, database=database), ports) as office:
        known, now_ms = office.unit.transfers.platform(public), unix_ms(ports.clock())
        if known is None and (asked["withdraw"] or not asked["name"]):
            raise UnknownError("No platform with this key is known here. Believe it with --name NAME.")
        name = asked["name"] or (known.name if known else "")
        trusted = TrustedPlatform(public, name, now_ms, asked["by"])
        if asked["withdraw"] and known is not None:
            trusted = replace(known, withdrawn_ms=now_ms)
        office.unit.transfers.trust(trusted)
    click.echo(
        f"{public}  {printable(name)}  {'不再采信 no longer believed' if asked['withdraw'] else '采信 believed'}"
    )


@record.command()
@config_option
@database_option
@click.pass_obj
def trusted(ports: Ports, /, config: Path | None, database: str | None) -> None:
    """List the platforms whose records are, or were, believed."""
    with office_of(settings_of(config, database=database), ports) as office:
        rows = [
            (each.public, each.name, day_of(each.trusted_ms, LAND), each.trusted_by, _until(each.withdrawn_ms))
            for each in office.unit.transfers.trusted()
        ]
    click.echo(table(("密钥 key", "平台 platform", "自 since", "经办 by", "至 until"), rows))


@record.command("import")
@config_option
@database_option
@file_argument
@click.option("--as", "number", help="The volunteer's number here, where it is another one.")
@click.option("--same-person", default="", help="Why it is the same person, where names or numbers differ.")
@click.option("--take-over", is_flag=True, help="Take over the star and the trainings too.")
@by_option
@click.pass_obj
def import_record(ports: Ports, /, config: Path | None, database: str | None, file: Path, **asked: Any) -> None:
    """Take a bundle in: all of it or nothing, and a second time nothing changes."""
    settings = settings_of(config, database=database)
    content = _content(file)
    own = [keys.load_key(settings.keys_dir, keys.ROOT).public]
    wish = Wish(asked["by"], asked["number"], asked["same_person"][:500])
    with office_of(settings, ports) as office:
        outcome = take_in(office, own, content, wish)
        if asked["take_over"]:
            _take_over(office, outcome)
    click.echo(_told(outcome))


@record.command("list")
@config_option
@database_option
@number_argument
@click.pass_obj
def list_records(ports: Ports, /, config: Path | None, database: str | None, number: str) -> None:
    """Show what came for a volunteer from other platforms, and what was handed out."""
    with office_of(settings_of(config, database=database), ports) as office:
        registered(office, number)
        moved = office.unit.transfers.sessions_of(number)
        rows = [
            (
                day_of(each.session.started_ms, LAND),
                str(each.session.credited_minutes),
                each.session.service,
                each.session.place,
                each.session.state.value,
                f"{each.session.provenance.value} → transfer_in",
                each.source,
                "是 yes" if each.is_here else "",
            )
            for each in moved
        ]
        totals = totals_with_moved(office.unit, number)
        handed_out = len(office.unit.transfers.handed_out(number))
    head = (
        "日期 on",
        "分钟 min",
        "内容 service",
        "地点 place",
        "状态 state",
        "来源 provenance",
        "平台 from",
        "本台 here",
    )
    click.echo(table(head, rows))
    confirmed, doubled = totals.confirmed.minutes, len(totals.overlapping)
    click.echo(f"合计已确认 confirmed altogether: {confirmed} 分钟 min; 时间重叠 overlapping: {doubled}")
    click.echo(f"已转出 handed out: {handed_out}")


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise PlatformError(f"{file} cannot be read: {error.strerror}.") from error
    if len(content) > MOST_BYTES:
        raise PlatformError(f"{file} is larger than any bundle of records ({MOST_BYTES} bytes); nothing changed.")
    return content


def _take_over(office: Office, outcome: Outcome) -> None:
    """Hold the star and the trainings of the other platform here too, as the community decides by this very command."""
    summary, number = outcome.heading.summary, outcome.volunteer
    held = office.unit.standings.of(number).star
    standings.decide(office, number, star=max(held, summary.star))
    for each in summary.trainings:
        office.unit.standings.put_training(number, each.name, each.lapses_ms)


def _shown(heading: Heading) -> str:
    summary, subject = heading.summary, heading.subject
    trainings = ", ".join(training.name for training in summary.trainings)
    lines = (
        f"签发 issued by: {heading.issuer_name} ({heading.issuer})",
        f"志愿者 volunteer: {subject.number} {subject.name}",
        f"签发日 on: {day_of(heading.issued_ms, LAND)}, 有效至 valid until: {day_of(heading.valid_until_ms, LAND)}",
        f"同意 consent: {heading.consent.given_on} {heading.consent.text}",
        f"服务记录 duties: {heading.sessions}, 事件 events: {heading.events}",
        f"已确认 confirmed: {summary.confirmed_minutes} 分钟 min, 待确认 waiting: {summary.waiting_minutes}",
        f"星级 star: {summary.star}, 培训 trainings: {trainings or '—'}",
    )
    return "\n".join(printable(line) for line in lines)


def _told(outcome: Outcome) -> str:
    done = "已接收 taken in" if outcome.is_new else "已在本台，未改变 stood here already, nothing changed"
    lines = [
        _shown(outcome.heading),
        f"{done}: {printable(outcome.volunteer)}",
        f"增加已确认 confirmed beyond those recorded here: {outcome.gained_minutes} 分钟 min",
        f"本台已有 here already: {outcome.here}, 时间重叠 overlapping: {len(outcome.overlapping)}",
    ]
    if not outcome.recomputed:
        lines.append("核算版本不同，依签发平台 made by another version: rests on the issuer's word")
    return "\n".join(lines)


def _name_of(settings: Settings) -> str:
    return settings.issuing_unit or f"志愿服务平台 {settings.region}"


def _today(ports: Ports) -> date:
    return ports.clock().astimezone(LAND).date()


def _until(ms: int | None) -> str:
    return "" if ms is None else datetime.fromtimestamp(ms / 1000, UTC).astimezone(LAND).date().isoformat()
