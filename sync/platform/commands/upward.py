"""``upward``: the platforms that are told, by relay or by files, and how far each is 与省市平台连通.

Upstream: ``upward``, ``wiring``.
Downstream: ``__main__``, systemd.
"""

from __future__ import annotations

import json
import re
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from sync.platform import keys
from sync.platform.accounts import printable
from sync.platform.commands.wiring import config_option, database_of, database_option, office_of, settings_of
from sync.platform.errors import PlatformError, UnknownError
from sync.platform.ports import Ports, unix_ms
from sync.platform.store.targets import Period
from sync.platform.telling import begin_ms
from sync.platform.upward import feeding
from sync.platform.upward.delivering import Delivered, Delivery, Writing
from sync.platform.upward.files import FileAdapter
from sync.platform.upward.lines import Clerk
from sync.platform.upward.statuses import TargetStatus, statuses
from sync.platform.upward.targets import FileFormat, Target, TargetFiles, TargetKind, checked_name
from sync.protocol.enrolment import read_enrolment

if TYPE_CHECKING:
    from types import FrameType

    from sync.platform.registry import Office
    from sync.platform.settings import Settings
    from sync.platform.store import Database

MONTH = re.compile(r"(\d{4})-(\d{2})")
name_argument = click.argument("name")
names_option = click.option(
    "--names/--no-names", default=False, show_default=True, help="Whether volunteers' names go there."
)
basis_option = click.option("--basis", default="", help="On what legal ground they do; needed with --names.")


@click.group()
def upward() -> None:
    """上级平台: what goes on to the next platform, and how far it is."""


@upward.command()
@config_option
@database_option
@name_argument
@names_option
@basis_option
@click.option(
    "--enrolment",
    type=click.Path(path_type=Path, dir_okay=False),
    help="What the next platform gave out for this one; without it, enrol the agent by a code.",
)
@click.pass_obj
def relay(ports: Ports, /, config: Path | None, database: str | None, name: str, **asked: Any) -> None:
    """Tell NAME, a platform that speaks the protocol, of every event as it came."""
    settings = settings_of(config, database=database)
    target = _target(ports, TargetKind.RELAY, name, asked)
    files = TargetFiles(_folder(settings), target.name)
    content = _enrolment(asked["enrolment"]) if asked["enrolment"] else None
    with office_of(settings, ports) as office:
        _put(office, target)
        with _faults():
            files.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            keys.write_private(files.agent, _agent_settings(files))
            if content is not None:
                keys.write_private(files.enrolment, content)
            feeding.open_mailbox(files.mailbox).close()
    click.echo(f"上级平台 target: {target.name}\n喂入 feed: python -m sync.platform upward run {target.name}")
    click.echo(f"送达 carry: python -m sync.agent --config {files.agent} run")


@upward.command("files")
@config_option
@database_option
@name_argument
@names_option
@basis_option
@click.option("--format", "file_format", type=click.Choice([each.value for each in FileFormat]), default="xlsx")
@click.option("--undecided", is_flag=True, help="Duties that nobody has decided yet too, marked by their state.")
@click.pass_obj
def files_(ports: Ports, /, config: Path | None, database: str | None, name: str, **asked: Any) -> None:
    """Tell NAME, a platform that speaks otherwise, by files of decided duties; 'upward export' writes them."""
    target = _target(ports, TargetKind.FILES, name, asked)
    target = replace(target, format=FileFormat(asked["file_format"]), undecided=asked["undecided"])
    with office_of(settings_of(config, database=database), ports) as office:
        _put(office, target)
    click.echo(
        f"上级平台 target: {target.name}\n导出 export: python -m sync.platform upward export {target.name} --folder …"
    )


@upward.command()
@config_option
@database_option
@click.argument("name", required=False)
@click.option("--poll", "poll_s", type=click.FloatRange(0.01, 3600), default=2.0, show_default=True, help="Seconds.")
@click.pass_obj
def run(ports: Ports, /, config: Path | None, database: str | None, name: str | None, poll_s: float) -> None:
    """Put what arrives into the mailbox of NAME, or of every relay, until stopped."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    settings = settings_of(config, database=database)
    with database_of(settings, ports) as opened, _feeders(opened, settings, name) as feeders:
        feeding.run(feeders, poll_s=poll_s, wait=stop.wait)


@upward.command()
@config_option
@database_option
@click.argument("name", required=False)
@click.pass_obj
def once(ports: Ports, /, config: Path | None, database: str | None, name: str | None) -> None:
    """Put all that has arrived into the mailbox of NAME, or of every relay, as far as it takes it."""
    settings = settings_of(config, database=database)
    with database_of(settings, ports) as opened, _feeders(opened, settings, name) as feeders:
        for feeder in feeders:
            events, step = 0, feeder.step()
            while step.events:
                events += step.events
                click.echo(f"{feeder.target.name}: 已喂入 fed {events}", err=True)
                step = feeder.step()
            full = (
                "，信箱已满，待上级平台接收 its mailbox is full until the next platform answers" if step.is_full else ""
            )
            click.echo(f"{feeder.target.name}: {events}{full}")


@upward.command()
@config_option
@database_option
@name_argument
@click.pass_obj
def rewind(ports: Ports, /, config: Path | None, database: str | None, name: str) -> None:
    """Feed NAME from the beginning again, after it lost more than 30 days; what it holds is not doubled."""
    settings = settings_of(config, database=database)
    with database_of(settings, ports) as opened, _feeders(opened, settings, name) as feeders:
        for feeder in feeders:
            feeder.rewind()
            click.echo(f"{feeder.target.name}: 从头喂入 from the beginning")


@upward.command()
@config_option
@database_option
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
@click.pass_obj
def status(ports: Ports, /, config: Path | None, database: str | None, name: str | None, as_json: bool) -> None:  # noqa: FBT001 - Click's flag
    """Show how far NAME, or every target, is told, and what it did not take and why."""
    settings = settings_of(config, database=database)
    with database_of(settings, ports) as opened, opened.reading() as unit:
        found = statuses(unit, _folder(settings), (name,) if name else ())
    if name and not found:
        raise UnknownError(f"There is no target {name!r}. 'upward status' lists those there are.")
    if as_json:
        click.echo(json.dumps([_document(each) for each in found], ensure_ascii=False))
        return
    for each in found:
        click.echo("\n".join(_shown(each)))


@upward.command()
@config_option
@database_option
@name_argument
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), required=True, help="Where the files go.")
@click.option("--month", help="Only duties that began in this local month, such as 2027-03; default: all.")
@click.pass_obj
def export(ports: Ports, /, config: Path | None, database: str | None, name: str, folder: Path, **asked: Any) -> None:
    """Write what NAME does not know yet, and what of it is another now; interrupted, it goes on where it was."""
    settings = settings_of(config, database=database)
    period, zone = _period(asked["month"]), ZoneInfo(settings.time_zone)
    with database_of(settings, ports) as opened:
        with opened.reading() as unit:
            target = unit.targets.find(name)
        if target is None or target.kind is not TargetKind.FILES:
            raise UnknownError(f"There is no target {name!r} that takes files. 'upward files' makes one.")
        with _faults():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        words = [Clerk(language, zone, "", {}).headings() for language in ("zh_CN", "en")]
        adapter = FileAdapter(folder, name, target.format, words)
        writing = Writing("zh_CN", zone, settings.issuing_unit or f"志愿服务平台 {settings.region}")
        done = Delivery(opened, ports.clock, target, adapter, writing).run(period, _say_progress)
    click.echo(f"{_counted(done)}; {folder}")


def _say_progress(done: Delivered) -> None:
    click.echo(_counted(done), err=True)


def _counted(done: Delivered) -> str:
    return f"文件 files: {done.parcels}, 记录 lines: {done.lines}, 其中更正 corrections: {done.corrections}"


def _target(ports: Ports, kind: TargetKind, name: str, asked: dict[str, Any]) -> Target:
    if asked["names"] and not asked["basis"].strip():
        raise PlatformError("Names go to another platform on a legal ground only. Say which with --basis.")
    return Target(checked_name(name), kind, asked["names"], asked["basis"], unix_ms(ports.clock()))


def _put(office: Office, target: Target) -> None:
    known = office.unit.targets.find(target.name)
    if known is not None and known.kind is not target.kind:
        raise PlatformError(f"{target.name} is told by {known.kind.value} already. Take another name.")
    office.unit.targets.put(target)


def _enrolment(file: Path) -> bytes:
    with _faults():
        content, mode = file.read_bytes(), file.stat().st_mode & 0o777
    read_enrolment(content, mode)
    return content


def _agent_settings(files: TargetFiles) -> bytes:
    paths = {"device_file": files.mailbox, "enrolment": files.enrolment}
    return "".join(f"{name} = {json.dumps(str(path.absolute()))}\n" for name, path in paths.items()).encode()


def _folder(settings: Settings) -> Path:
    return settings.data_dir / "upward"


@contextmanager
def _feeders(opened: Database, settings: Settings, name: str | None) -> Iterator[list[feeding.Feeder]]:
    """Yield a feeder for one relay or for all, each with its mailbox prepared."""
    with opened.reading() as unit:
        relays = [each for each in unit.targets.all() if each.kind is TargetKind.RELAY and name in {None, each.name}]
    if not relays:
        raise UnknownError("There is no such relay. 'upward relay' makes one, 'upward status' lists those there are.")
    with _faults():
        _folder(settings).mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as stack:
        feeders = []
        for target in relays:
            mailbox = feeding.open_mailbox(TargetFiles(_folder(settings), target.name).mailbox)
            stack.callback(mailbox.close)
            feeders.append(feeding.Feeder(opened, mailbox, target))
        yield feeders


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PlatformError(f"{error}.".replace("..", ".")) from error


def _period(month: str | None) -> Period:
    """Return the bounds of a month of the policy's country, as ledgers are kept by it."""
    if month is None:
        return Period()
    matched = MONTH.fullmatch(month)
    try:
        first = date(int(matched[1]), int(matched[2]), 1) if matched else None
    except ValueError:
        first = None
    if first is None:
        raise PlatformError(f"--month {month!r} is not a month, such as 2027-03.")
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return Period(begin_ms(first), begin_ms(following))


def _document(each: TargetStatus) -> dict[str, Any]:
    return {
        "name": each.target.name,
        "kind": each.target.kind.value,
        "names": each.target.names,
        "basis": each.target.basis,
        "unfed": each.unfed,
        "unfed_more": each.unfed_more,
        "waiting": each.waiting,
        "told": each.told,
        "corrections": each.corrections,
        "set_aside": [{"id": one.id, "reason": one.reason} for one in each.set_aside],
        "set_aside_count": each.set_aside_count,
        "last": _moment(each.last_ms),
        "trouble": each.trouble,
    }


def _shown(each: TargetStatus) -> Iterator[str]:
    more = "+" if each.unfed_more else ""
    yield f"{each.target.name} ({each.target.kind.value})"
    if each.target.kind is TargetKind.RELAY:
        yield f"  待喂入 not fed yet      {each.unfed}{more}"
        yield f"  待送达 waiting          {each.waiting}"
    yield f"  已送达 told             {each.told}"
    yield f"  姓名 names              {'是 yes: ' + printable(each.target.basis) if each.target.names else '否 no'}"
    yield f"  最近 last               {_moment(each.last_ms) or '从未 never'}"
    yield f"  故障 trouble            {each.trouble or '无 none'}"
    for one in each.set_aside:
        yield f"  搁置 set aside          {one.id}: {printable(one.reason)}"


def _moment(ms: int | None) -> str | None:
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")
