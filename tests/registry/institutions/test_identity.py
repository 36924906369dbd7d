"""Whose decision it is: the code's, else the licence number's, else that of the name's one bearer."""

from __future__ import annotations

from datetime import date

A, B = "31310000XXXX00001A", "31310000XXXX00002B"
NUMBER = "23100000000000001"


def change(permit, **said):
    said = {
        "document": "第2号",
        "title": "关于变更负责人的决定",
        "decided": date(2010, 1, 1),
    } | said
    return permit(head="示例乙", **said)


def ids(register):
    return sorted({version["id"] for version in register.versions()})


def test_an_institution_goes_by_its_code(register, permit):
    register.night(permits=[permit()])
    assert ids(register) == [A]


def test_one_without_a_code_goes_by_its_licence_number(register, permit):
    register.night(permits=[permit(uscc=None, licence=" ２３10 x")])
    assert ids(register) == ["L:2310X"]


def test_a_row_without_a_code_joins_the_one_that_holds_its_licence(new_register, permit):
    rows = [permit(), change(permit, uscc=None)]
    for order in (rows, rows[::-1]):
        register = new_register()
        for row in order:
            register.night(permits=[row])
        assert ids(register) == [A]
        assert [version["head"] for version in register.versions()] == ["示例甲", "示例乙"]


def test_what_was_known_under_the_licence_number_stays_known(register, permit):
    register.night(permits=[permit(uscc=None)])
    register.night(permits=[change(permit)])
    before = register.rows("SELECT id, known_to FROM institutions WHERE known_from = 1")
    assert before == [{"id": f"L:{NUMBER}", "known_to": 2}]


def test_a_licence_number_that_two_hold_joins_nobody(register, permit):
    other = permit("上海示例丙律师事务所", uscc=B, document="第9号")
    register.night(permits=[permit(), other, change(permit, uscc=None)])
    assert ids(register) == [A, B, f"L:{NUMBER}"]


def test_a_row_with_neither_waits_until_its_name_is_known(register, permit):
    nameless = change(permit, uscc=None, licence=None)
    (file,), (issue,) = register.night(permits=[nameless])
    assert (file.accepted, file.quarantined) == (0, 1)
    assert (issue["reason"], issue["name"]) == ("no such institution", nameless["name"])
    assert register.versions() == []
    register.night(permits=[permit()])
    assert [version["head"] for version in register.versions()] == ["示例甲", "示例乙"]


def test_a_row_with_neither_and_two_of_that_name_stays_waiting(register, permit):
    twin = permit(uscc=B, licence="2", document="第9号")
    (file,), _ = register.night(permits=[permit(), twin, change(permit, uscc=None, licence=None)])
    assert (file.rows, file.accepted, file.quarantined) == (3, 2, 1)
    assert len(register.versions()) == 2


def test_two_that_share_a_hosts_code_go_by_their_licence_numbers(register, permit):
    host = "12310000XXXX00009Z"
    forensic = permit(
        "示例医院司法鉴定所",
        uscc=host,
        licence="310001",
        certificate="司法鉴定许可证",
        title="设立",
    )
    notary = permit(
        "示例公证处", uscc=host, licence="77", certificate="公证机构执业证", title="设立"
    )
    register.night(permits=[forensic])
    assert ids(register) == [host]
    register.night(permits=[notary])
    assert ids(register) == ["L:310001", "L:77"]


def test_a_hosts_code_of_one_institution_is_its_own(register, permit):
    host = "12310000XXXX00009Z"
    register.night(permits=[permit("示例公证处", uscc=host, certificate="公证机构执业证")])
    assert ids(register) == [host]


def test_the_same_decision_with_another_remark_is_one_decision(register, permit):
    (file,), _ = register.night(permits=[permit(remark=None), permit(remark="补报")])
    assert (file.rows, file.accepted) == (2, 2)
    assert register.rows("SELECT count(*) AS n FROM decisions") == [{"n": 1}]
