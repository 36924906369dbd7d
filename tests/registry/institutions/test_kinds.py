"""Kinds, events and districts are rows of data; a permit says which kind by its certificate first."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest

from double_random.core.errors import Misuse
from double_random.registry.institutions.districts import load_districts
from double_random.registry.institutions.kinds import load_events, load_kinds

A = "31310000XXXX00001A"


def kind_of(register, permit, **said):
    register.night(permits=[permit(**said)])
    return [version["kind"] for version in register.versions()]


def test_there_are_five_kinds(home):
    assert [kind.code for kind in load_kinds(home)] == [
        "law_firm",
        "law_firm_branch",
        "notary_office",
        "forensic_institution",
        "grassroots_legal_service",
    ]


@pytest.mark.parametrize(
    ("certificate", "kind"),
    [
        ("律师事务所执业许可证", "law_firm"),
        ("律师事务所分所执业许可证", "law_firm_branch"),
        ("公证机构执业证", "notary_office"),
        ("司法鉴定许可证", "forensic_institution"),
        ("基层法律服务所执业证", "grassroots_legal_service"),
        ("《律师事务所执业许可证》(副本)", "law_firm"),
    ],
)
def test_the_certificate_says_the_kind(register, permit, certificate, kind):
    assert kind_of(register, permit, certificate=certificate) == [kind]


def test_the_certificate_stands_above_title_and_name(register, permit):
    name = "北京示例方德(上海)律师事务所"
    assert kind_of(register, permit, name=name, certificate="律师事务所分所执业许可证") == [
        "law_firm_branch"
    ]


def test_without_a_certificate_the_title_says_the_kind_then_the_content(register, permit):
    said = {"certificate": None, "content": "律师事务所设立"}
    assert kind_of(register, permit, title="关于准予律师事务所分所设立的决定", **said) == [
        "law_firm_branch"
    ]
    other = {"certificate": None, "title": "准予行政许可决定书", "uscc": None, "licence": "9"}
    assert kind_of(register, permit, content="公证机构设立;住所:示例路", **other) == [
        "law_firm_branch",
        "notary_office",
    ]


def test_a_persons_permit_is_quarantined_and_not_taken_for_a_firm(register, permit):
    row = permit(
        "示例某", certificate="律师执业证", title="准予示例某在上海示例甲律师事务所执业的决定"
    )
    (file,), (issue,) = register.night(permits=[row])
    assert (file.accepted, file.quarantined) == (0, 1)
    assert issue["reason"] == "unknown kind of institution"
    assert (issue["value"], issue["name"], issue["row"]) == ("律师执业证", "示例某", 2)
    assert register.versions() == []


@pytest.mark.parametrize("certificate", [None, "执业许可证", "律师执业证"])
def test_a_persons_name_is_no_institution_whatever_the_title_says(register, permit, certificate):
    title = "准予示例某在上海示例甲律师事务所执业的决定"
    (file,), _ = register.night(permits=[permit("示例某", certificate=certificate, title=title)])
    assert (file.accepted, file.quarantined) == (0, 1)


def test_an_unknown_certificate_of_an_institution_leaves_it_to_the_title(register, permit):
    assert kind_of(register, permit, certificate="执业许可证") == ["law_firm"]


def test_a_title_that_says_no_event_is_noted_and_taken_as_a_change(register, permit):
    row = permit(document="第2号", title="准予行政许可决定书", content=None, head="示例乙")
    (file,), (issue,) = register.night(permits=[permit(), row])
    assert (file.accepted, issue["severity"]) == (2, "noted")
    assert register.versions()[-1]["head"] == "示例乙"


def test_every_event_of_the_issue_is_known(home):
    known = {event.code for event in load_events(home)}
    assert known == {
        "founded", "changed", "branch", "suspended", "resumed",
        "cancelled", "revoked", "moved_out", "moved_in",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "address", "district"),
    [
        ("律师事务所设立;住所:上海市闵行区示例路1号", "上海市闵行区示例路1号", "310112"),
        ("设立；住所：上海市浦东新区示例路1号\n(含附件)", "上海市浦东新区示例路1号", "310115"),
        ("设立;住所:上海市闸北区示例路1号", "上海市闸北区示例路1号", "310106"),
        ("设立;住所:示例市示例路1号", "示例市示例路1号", None),
        ("设立", None, None),
    ],
)
def test_the_district_is_where_the_address_says(register, permit, content, address, district):
    register.night(permits=[permit(content=content)])
    (version,) = register.versions()
    assert (version["address"], version["district"]) == (address, district)


def test_the_district_is_the_authoritys_where_no_address_is_given(register, permit):
    register.night(permits=[permit(content="设立", authority="上海市宝山区司法局")])
    assert register.versions()[0]["district"] == "310113"


def test_a_district_that_is_named_later_is_found_in_what_was_read_before(register, permit):
    firm = permit(content="住所:示例市样本区示例路1号", authority="示例市司法局")
    register.night(permits=[firm])
    assert [version["district"] for version in register.versions()] == [None]
    register.facts = replace(register.facts, districts={"样本区": "999901"})
    register.night(permits=[firm])
    assert [version["district"] for version in register.versions()] == ["999901"]
    known = "SELECT district, known_from, known_to, arrived FROM decisions ORDER BY known_from"
    assert [tuple(row.values()) for row in register.rows(known)] == [
        (None, 1, 2, 1),
        ("999901", 2, None, 1),
    ]
    register.night(permits=[firm])
    assert len(register.rows(known)) == 2


def test_the_districts_are_those_of_the_published_table(home, shared):
    with (shared / "reference" / "districts_31.csv").open(encoding="utf-8") as file:
        published = {row["name"]: row["code"] for row in csv.DictReader(file)}
    assert published.items() <= load_districts(home).items()
    assert set(load_districts(home).values()) == set(published.values())


def test_a_bureaus_own_kinds_come_before_the_shipped_ones(home):
    own = home.path / "facts" / "kinds.toml"
    own.write_text(
        '[[kind]]\ncode = "arbitration"\nzh = "仲裁委员会"\nen = "arbitration commission"\nuscc = ["35"]\n'
        'certificates = ["仲裁委员会登记证"]\nwords = ["仲裁委员会"]\nspeciality = "仲裁"\n'
        'id = ["uscc"]\nreference = "示例"\n',
        encoding="utf-8",
    )
    assert [kind.code for kind in load_kinds(home)] == ["arbitration"]
    own.write_text('[[kind]]\ncode = "half"\n', encoding="utf-8")
    with pytest.raises(Misuse, match=r"kinds\.toml: line 1: kind\[1\]\.zh is missing"):
        load_kinds(home)
    own.write_text("[[kind]\n", encoding="utf-8")
    with pytest.raises(Misuse, match=r"kinds\.toml"):
        load_kinds(home)
