"""The keeper's page of cards and the volunteer's page on a phone, over real HTTP."""

from __future__ import annotations

import html
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import httpx
import numpy as np
import pypdfium2
import pytest
import segno
import uvicorn

from kiosk.commands.decode import decode
from kiosk.scan.offline import FrameRead
from sync.platform import keys
from sync.platform.app import Appearance, build_app
from sync.platform.cards.symbol import modules
from sync.platform.console import Issuing, Misses
from sync.platform.console.misses import MOST, WITHIN_MS
from sync.platform.console.my import masked
from sync.platform.demo import make_community
from sync.platform.ports import Ports
from sync.platform.store import Database
from sync.protocol.certificate.codec import decode_text
from tests.support.console import CHEAP, sign_in

LINK = re.compile(r"/my/([\w-]{22})<")


@dataclass
class Office:
    """A demo community that is served, and a browser that keeps its cookies."""

    url: str
    database: Database
    browser: httpx.Client

    def token(self) -> str:
        found = re.search(r'name="form" value="(\w+)"', self.browser.get("/certificates").text)
        assert found
        return found[1]

    def do(self, deed: str, **fields: str | list[str]) -> httpx.Response:
        return self.browser.post(f"/certificates/{deed}", data={"form": self.token(), **fields})

    def link(self, number: str) -> str:
        found = LINK.search(self.do("phone", one=number).text)
        assert found
        return f"/my/{found[1]}"


@pytest.fixture
def office(tmp_path: Path, ports: Ports) -> Iterator[Office]:
    """A served demo community."""
    folder = tmp_path / "community"
    account = make_community(folder, ports, "http://127.0.0.1:8420", costs=CHEAP)
    database = Database.open(f"sqlite:///{folder / 'platform.sqlite'}")
    issuing = Issuing(issuer=lambda: keys.load_key(folder / "keys", keys.ISSUER))
    app = build_app(database, ports, Appearance(costs=CHEAP), issuing)
    config = uvicorn.Config(app, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        with httpx.Client(base_url=url, trust_env=False, follow_redirects=True) as browser:
            sign_in(browser, account.name, account.password)
            yield Office(url, database, browser)
        server.should_exit = True
        thread.join(10)
    database.close()


def state_of(page: str, number: str) -> str:
    row = next(row for row in page.split("<tr>") if number in row)
    found = re.search(r'class="worth (\w+)"', row)
    assert found
    return found[1]


def test_a_card_is_issued_lost_reissued_and_revoked_on_the_page(office: Office) -> None:
    page = office.do("issue", one="LY77", name="周 <一>")
    assert "已发证" in page.text
    assert html.escape("周 <一>") in page.text
    assert state_of(page.text, "LY77") == "good"
    assert state_of(office.do("lost", one="LY77").text, "LY77") == "lost"
    assert state_of(office.do("reissue", one="LY77").text, "LY77") == "good"
    assert state_of(office.do("revoke", one="LY77").text, "LY77") == "revoked"


def test_what_does_not_fit_is_said_and_changes_nothing(office: Office) -> None:
    for deed, fields, says in (
        ("issue", {"one": "4103022026000001", "name": "张晓明"}, "现在的状态不能这样办理"),
        ("issue", {"one": "LY78", "name": "x" * 41}, "不能写入证书"),
        ("lost", {"one": "LY0"}, "没有登记这位志愿者"),
        ("print", {}, "未能办理"),
    ):
        answer = office.do(deed, **fields)
        assert answer.status_code == 409, deed
        assert says in answer.text
    assert "LY78" not in office.browser.get("/certificates").text


def test_a_form_from_elsewhere_changes_nothing(office: Office) -> None:
    token = office.token()
    stranger = httpx.Client(base_url=office.url, trust_env=False)
    fields = {"one": "4103022026000001"}
    assert stranger.post("/certificates/lost", data={**fields, "form": token}).headers["location"] == "/sign-in"
    assert office.browser.post("/certificates/lost", data=fields).status_code == 403
    assert office.browser.post("/certificates/lost", data={**fields, "form": "x"}).status_code == 403
    assert office.browser.post("/certificates/lost", content=b"a" * 70_000).status_code == 403
    assert office.do("nonsense", **fields).status_code == 403
    proxied = {"x-forwarded-for": "203.0.113.9"}
    answer = office.browser.post("/certificates/lost", data={**fields, "form": token}, headers=proxied)
    assert answer.status_code == 403
    assert state_of(office.browser.get("/certificates").text, "4103022026000001") == "good"
    stranger.close()


def test_the_chosen_cards_are_printed(office: Office) -> None:
    answer = office.do("print", number=["4103022026000001", "4103022026000003"], single="1", backs="1")
    assert answer.headers["content-type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.content)
    assert len(document) == 4
    assert "李㛃" in document[2].get_textpage().get_text_range()
    document.close()


def drawn(page: str) -> np.ndarray:
    """Return the page's symbol as pixels, by the path that its SVG draws."""
    path = re.search(r'<path[^>]*stroke[^>]* d="([^"]+)"', page)
    box = re.search(r'viewBox="0 0 (\d+) \d+"', page)
    assert path
    assert box
    side = int(box[1])
    picture = np.full((side, side), 255, np.uint8)
    x, y = 0.0, 0.0
    for command, numbers in re.findall(r"([Mmh])([^Mmh]+)", path[1]):
        values = [float(value) for value in re.findall(r"-?\d*\.?\d+", numbers)]
        if command == "h":
            picture[int(y), int(x) : int(x + values[0])] = 0
            x += values[0]
        else:
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
    return np.kron(picture, np.ones((6, 6), np.uint8))


def test_a_phone_shows_a_code_that_the_booth_reads(office: Office, tmp_path: Path) -> None:
    link = office.link("4103022026000003")
    answer = httpx.get(office.url + link, trust_env=False, headers={"x-forwarded-for": "203.0.113.9"})
    assert answer.status_code == 200
    assert "李＊" in answer.text
    assert "㛃" not in answer.text
    assert "4103022026" not in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    refresh = re.search(r'http-equiv="refresh" content="(\d+)"', answer.text)
    assert refresh
    cv2.imwrite(str(tmp_path / "phone.png"), drawn(answer.text))
    (read,) = decode([tmp_path / "phone.png"])
    assert isinstance(read, FrameRead)
    claims = decode_text(read.reading.texts[0]).claims
    assert (claims.volunteer_number, claims.kind) == ("4103022026000003", "dynamic")
    assert int(refresh[1]) < (claims.expires_at - claims.issued_at).total_seconds() - 60
    assert httpx.get(office.url + link, trust_env=False).text == answer.text or int(refresh[1]) <= 60


def test_a_link_that_is_not_open_says_so_and_guessing_has_to_wait(office: Office) -> None:
    link = office.link("4103022026000003")
    office.do("revoke", one="4103022026000003")
    assert office.browser.get(link).status_code == 404
    assert office.do("phone", one="4103022026000003").status_code == 409
    statuses = [office.browser.get(f"/my/guess{number}").status_code for number in range(MOST)]
    assert statuses == [404] * (MOST - 1) + [429]
    assert "retry-after" in office.browser.get(link).headers


def test_guesses_are_forgotten_after_a_minute() -> None:
    misses = Misses()
    for _ in range(MOST):
        assert not misses.must_wait("a", 0)
        misses.note("a", 0)
    assert misses.must_wait("a", WITHIN_MS - 1)
    assert not misses.must_wait("a", WITHIN_MS)
    assert not misses.must_wait("b", 0)


def test_a_server_without_the_issuers_key_shows_no_code(office: Office, ports: Ports) -> None:
    link = office.link("4103022026000003")
    config = uvicorn.Config(build_app(office.database, ports), log_config=None, access_log=False)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        answer = httpx.get(f"http://127.0.0.1:{listener.getsockname()[1]}{link}", trust_env=False)
        server.should_exit = True
        thread.join(10)
    assert answer.status_code == 503


@pytest.mark.parametrize(("name", "shown"), [("李㛃", "李＊"), ("王", "王"), ("欧阳文博", "欧＊＊")])
def test_a_name_is_masked(name: str, shown: str) -> None:
    assert masked(name) == shown


def test_modules_are_those_of_the_library() -> None:
    assert modules("LYZ1:X") == tuple(
        tuple(map(bool, row)) for row in segno.make_qr("LYZ1:X", error="m", boost_error=False).matrix
    )
