"""Persons' permits: told from institutions', read word by word; nothing private is kept of their content."""

from __future__ import annotations

import json
from datetime import date

import polars
import pytest

from double_random.intake import reasons as intake_reasons
from double_random.intake.record_types import table_schema
from double_random.registry import reasons
from double_random.registry.institutions.kinds import load_shipped_kinds
from double_random.registry.practitioners import permits
from double_random.registry.practitioners.kinds import load_shipped_practitioner_facts

FACTS, KINDS = load_shipped_practitioner_facts(), load_shipped_kinds()
FIRM = "上海示例甲律师事务所"


def read(*rows):
    frame = polars.DataFrame(
        [{"file": "0", "sheet": "", "row": at} | row for at, row in enumerate(rows, 2)],
        schema=table_schema("permits"),
    )
    persons, others = permits.split_permits(frame, FACTS, KINDS)
    return permits.classify_persons(persons, FACTS), others


def classified(row, *names):
    frame, _others = read(row)
    return frame.select(names).row(0)


@pytest.mark.parametrize(
    ("certificate", "kind"),
    [
        ("律师执业证", "lawyer"),
        ("律师执业证书", "lawyer"),
        ("律师工作证（公职律师）", "public_lawyer"),
        ("公司律师证书", "company_lawyer"),
        ("公证员执业证", "notary"),
        ("司法鉴定人执业证", "forensic_expert"),
        ("基层法律服务工作者执业证", "grassroots_worker"),
    ],
)
def test_the_certificate_decides_the_kind(person, certificate, kind):
    assert classified(person(certificate=certificate), "kind") == (kind,)


def test_without_a_certificate_the_title_decides(person):
    assert classified(person(certificate=None), "kind") == ("lawyer",)
    _persons, others = read(person(certificate=None, title="行政许可决定书"))
    assert others.height == 1


def test_an_institutions_permit_is_no_persons(permit, person):
    odd = [
        permit(),
        permit(certificate="律师执业证"),
        person(uscc="31310000XXXX00001A"),
        person(FIRM),
    ]
    persons, others = read(*odd)
    assert (persons.height, others.height) == (0, 4)


@pytest.mark.parametrize(
    "content",
    [
        f"准予示例张三在{FIRM}执业(专职)",
        f"专职律师执业;执业机构:{FIRM}",
        f"执业类别:专职律师;执业机构:{FIRM}。",
        f"专职律师执业;所在单位:示例大学;执业机构: {FIRM} ",
        f"变更执业机构;原执业机构:上海示例乙律师事务所;现执业机构:{FIRM}",
    ],
)
def test_the_firm_is_read_in_every_wording(person, content):
    assert classified(person(at=content), "practice") == (FIRM,)


@pytest.mark.parametrize(
    ("title", "content", "event"),
    [
        ("关于准予示例张三律师执业的决定", "", "admitted"),
        ("关于准予示例张三变更执业机构的决定", "", "moved"),
        ("关于示例张三派驻分所的决定", "", "seconded"),
        ("关于准予示例张三变更执业类别的决定", "", "recategorised"),
        ("关于准予示例张三变更姓名的决定", "", "renamed"),
        ("关于准予示例张三换发律师执业证的决定", "", "renewed"),
        ("关于注销示例张三律师执业证的决定", "注销执业证书;事由:被吊销律师执业证书", "cancelled"),
        ("关于撤销准予示例张三律师执业的决定", "", "undone"),
        ("行政许可决定书", "吊销律师执业证书;见附件", "revoked"),
        ("行政许可决定书", "见附件", None),
    ],
)
def test_the_title_then_the_first_clause_says_the_event(person, title, content, event):
    assert classified(person(at=content, title=title), "event") == (event,)


def test_a_name_is_never_taken_for_an_event(person):
    name = "示例迁出"
    assert classified(person(name, title=f"关于准予{name}律师执业的决定"), "event") == ("admitted",)


@pytest.mark.parametrize(
    ("content", "category"),
    [
        ("兼职律师执业;执业机构:" + FIRM, "part_time"),
        ("执业类别:香港居民专职律师;执业机构:" + FIRM, "hong_kong"),
        (f"准予示例张三在{FIRM}执业(澳门居民专职)", "macao"),
        ("变更执业类别;兼职变更为专职", "full_time"),
        ("专职律师执业;所在单位:示例香港大学;执业机构:" + FIRM, "full_time"),
        ("变更执业机构;现执业机构:" + FIRM, None),
    ],
)
def test_the_category_is_read_where_the_content_says_it(person, content, category):
    assert classified(person(at=content), "category") == (category,)


def test_own_columns_tell_the_firm_too(person):
    row = person(at="换发律师执业证书", practice=FIRM, practice_code="31310000XXXX00001A")
    assert classified(row, "practice", "practice_code") == (FIRM, "31310000XXXX00001A")


def test_a_row_under_the_old_name_or_number_is_of_the_new_one(person):
    row = person("示例旧名", "099980919838", at="变更;原姓名:示例旧名;现姓名:示例新名")
    assert classified(row, "folded", "former_name") == ("示例新名", "示例旧名")
    row = person(
        licence="099980919838", at="换发;原执业证号:099980919838;现执业证号:13100201010000001"
    )
    assert classified(row, "licence", "former_licence") == ("13100201010000001", "099980919838")


@pytest.mark.parametrize(
    ("licence", "reason"),
    [
        (None, reasons.LICENCE_MISSING),
        ("1310020101000001", intake_reasons.NOT_OF_THE_FORM),
        ("131OO2O1411111111", intake_reasons.NOT_OF_THE_FORM),
        ("000000197312036077", intake_reasons.PERSONAL_NUMBER),
    ],
)
def test_an_impossible_number_is_set_aside_and_an_id_number_not_shown(person, licence, reason):
    frame, _others = read(person(licence=licence), person())
    (issue,) = permits.find_faulty(frame, FACTS).to_dicts()
    assert (issue["row"], issue["column"], issue["reason"]) == (2, "licence", reason)
    assert "19731203" not in issue["value"]


def test_nothing_private_of_a_content_is_kept(register, firms, person):
    private = ("家庭住址:上海市示例路1号", "联系电话:13800138000", "身份证号:000000197312036077")
    row = person(at=f"专职律师执业;执业机构:{FIRM};" + ";".join(private))
    register.night(permits=[*firms, row])
    kept = json.dumps(register.rows("FROM practitioner_decisions"), default=str, ensure_ascii=False)
    assert FIRM in kept
    assert [text for text in ("示例路1号", "13800138000", "19731203") if text in kept] == []


def test_the_same_permit_again_is_no_other_and_new_facts_read_it_anew(register, firms, person):
    register.night(permits=[*firms, person()])
    register.night(permits=[person(), person(remark="示例")])
    (row,) = register.rows("FROM practitioner_decisions")
    assert (row["known_from"], row["known_to"], row["decided"]) == (1, None, date(2010, 1, 1))
