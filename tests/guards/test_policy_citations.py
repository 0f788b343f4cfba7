"""Every requirement that the code cites stands in docs/POLICY.md, and every place POLICY.md names is there."""

import re

import pytest

from tests.guards import tree

POLICY = (tree.ROOT / "docs" / "POLICY.md").read_text("utf-8")
CITED = re.compile(r"REQ (\d+\.\d+[a-z]?(?:, \d+\.\d+[a-z]?)*)")
ROW = re.compile(r"^\| REQ (\S+) \|", re.MULTILINE)
PLACE = re.compile(r"`((?:kiosk|sync)\.[a-z_.]+)`")


def cited_in(text: str) -> list[str]:
    """The ids of the requirements that a text cites: ``REQ 2.7a, 2.7b`` are two."""
    return [id_ for found in CITED.findall(text) for id_ in found.split(", ")]


def test_every_cited_requirement_stands_in_the_policy() -> None:
    known = set(ROW.findall(POLICY))
    missing = [
        f"{path}: REQ {id_}"
        for path, text in tree.texts().items()
        if path.suffix == ".py" and path.parts[0] in {"kiosk", "sync"}
        for id_ in cited_in(text)
        if id_ not in known
    ]
    assert missing == []


@pytest.mark.parametrize("place", sorted(set(PLACE.findall(POLICY))))
def test_every_place_the_policy_names_is_there(place: str) -> None:
    path = tree.ROOT / place.replace(".", "/")
    assert path.is_dir() or path.with_suffix(".py").is_file()


def test_no_requirement_has_two_rows() -> None:
    ids = ROW.findall(POLICY)
    assert len(ids) == len(set(ids)) > 10


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("(REQ 0.4)", ["0.4"]),
        ("(REQ 2.7a, 2.7b).", ["2.7a", "2.7b"]),
        ("REQ 1.6 (附1.6)", ["1.6"]),
        ("REQUEST 1.6", []),
    ],
)
def test_each_citation_is_seen(text: str, ids: list[str]) -> None:
    assert cited_in(text) == ids
