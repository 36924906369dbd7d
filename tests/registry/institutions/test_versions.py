"""An institution is its history: what was so from which day, and what was known when."""

from __future__ import annotations

from datetime import date

from double_random.registry.institutions import queries

A = "31310000XXXX00001A"
NAME, NEW = "上海示例甲律师事务所", "上海示例乙律师事务所"
RENAMED = "关于准予律师事务所变更名称的决定"


def renaming(permit, **said):
    return permit(
        NEW, document="第2号", title=RENAMED, content="变更名称", decided=date(2010, 3, 1), **said
    )


def closing(permit, **said):
    said = {"title": "关于注销律师事务所的决定", "decided": date(2012, 1, 1)} | said
    return permit(NAME, document="第3号", **said)


def test_a_renamed_firm_keeps_its_former_name_with_its_time(register, permit):
    register.night(permits=[permit(), renaming(permit)])
    assert register.history(A) == [
        (date(2000, 1, 1), "active", NAME),
        (date(2010, 3, 1), "active", NEW),
    ]
    assert queries.institutions_as_of(register.draft, date(2016, 1, 1))["former"].to_list() == [
        [NAME]
    ]
    before = queries.institutions_as_of(register.draft, date(2009, 1, 1)).to_dicts()[0]
    assert (before["name"], before["former"]) == (NAME, [])
    shown = queries.describe_institution(register.draft, A, date(2016, 1, 1))
    assert shown["names"] == [
        {"name": NAME, "from": date(2000, 1, 1), "to": date(2010, 3, 1)},
        {"name": NEW, "from": date(2010, 3, 1), "to": None},
    ]


def test_what_a_change_does_not_say_stays_as_it_was(register, permit):
    register.night(permits=[permit(), renaming(permit, head=None, licence=None, licence_from=None)])
    last = register.versions()[-1]
    assert (last["head"], last["licence"], last["district"], last["licence_from"]) == (
        "示例甲",
        "23100000000000001",
        "310112",
        date(2000, 1, 1),
    )


def test_nobody_is_in_the_register_before_the_founding(register, permit):
    register.night(permits=[permit()])
    assert queries.institutions_as_of(register.draft, date(1999, 12, 31)).height == 0
    assert queries.institutions_as_of(register.draft, date(2000, 1, 1)).height == 1


def test_a_cancelled_firm_stays_in_the_register(register, permit):
    register.night(permits=[permit(), closing(permit)])
    assert [step[1] for step in register.history(A)] == ["active", "cancelled"]


def test_a_change_does_not_revive_a_cancelled_firm(register, permit):
    late = permit(NEW, document="第4号", title=RENAMED, decided=date(2013, 1, 1))
    register.night(permits=[permit(), closing(permit), late])
    assert register.versions()[-1]["status"] == "cancelled"


def test_every_ending_has_its_status(new_register, permit):
    for title, status in {
        "关于注销律师事务所的决定": "cancelled",
        "关于撤销律师事务所设立许可的决定": "revoked",
        "关于吊销律师事务所执业许可证的决定": "revoked",
        "关于律师事务所迁出本市的决定": "moved_out",
    }.items():
        register = new_register()
        register.night(permits=[permit(), closing(permit, title=title)])
        assert [step[1] for step in register.history(A)] == ["active", status], title


def test_an_invalid_founding_is_a_withdrawn_institution(register, permit):
    register.night(permits=[permit(state="invalid")])
    assert register.history(A) == [(date(2000, 1, 1), "withdrawn", NAME)]


def test_an_invalid_founding_that_a_later_permit_replaced_is_active(register, permit):
    register.night(permits=[permit(state="invalid"), renaming(permit)])
    assert [step[1] for step in register.history(A)] == ["active", "active"]


def test_an_invalid_change_changes_nothing(register, permit):
    register.night(permits=[permit(), renaming(permit, state="invalid")])
    assert register.history(A) == [(date(2000, 1, 1), "active", NAME)]


def test_a_permit_once_invalid_stays_so_whichever_row_comes_first(new_register, permit):
    rows = [permit(), permit(state="invalid")]
    for order in (rows, rows[::-1]):
        register = new_register()
        for row in order:
            register.night(permits=[row])
        assert [step[1] for step in register.history(A)] == ["withdrawn"]


def test_a_suspended_firm_is_active_again_after_the_end(register, permit, penalty):
    register.night(permits=[permit()], penalties=[penalty()])
    assert [step[:2] for step in register.history(A)] == [
        (date(2000, 1, 1), "active"),
        (date(2005, 1, 1), "suspended"),
        (date(2005, 4, 1), "active"),
    ]


def test_suspensions_that_overlap_end_with_the_last(register, permit, penalty):
    longer = penalty(document="第2号", decided=date(2005, 2, 1), ends=date(2005, 8, 1))
    register.night(permits=[permit()], penalties=[penalty(), longer])
    assert [step[:2] for step in register.history(A)][1:] == [
        (date(2005, 1, 1), "suspended"),
        (date(2005, 8, 1), "active"),
    ]


def test_practice_permitted_again_ends_a_suspension(register, permit, penalty):
    again = permit(document="第5号", title="关于准予恢复执业的决定", decided=date(2005, 2, 1))
    register.night(permits=[permit(), again], penalties=[penalty()])
    assert [step[:2] for step in register.history(A)][1:] == [
        (date(2005, 1, 1), "suspended"),
        (date(2005, 2, 1), "active"),
    ]


def test_a_suspension_waits_for_its_institution(register, permit, penalty):
    register.night(penalties=[penalty()])
    assert register.versions() == []
    register.night(permits=[permit()])
    assert [step[1] for step in register.history(A)] == ["active", "suspended", "active"]


def test_a_revocation_by_penalty_ends_the_institution(register, permit, penalty):
    register.night(permits=[permit()], penalties=[penalty(kinds=["fine", "revocation"], ends=None)])
    assert [step[:2] for step in register.history(A)] == [
        (date(2000, 1, 1), "active"),
        (date(2005, 1, 1), "revoked"),
    ]


def test_a_fine_changes_no_state(register, permit, penalty):
    register.night(permits=[permit()], penalties=[penalty(kinds=["fine", "warning"])])
    assert [step[1] for step in register.history(A)] == ["active"]


def test_a_late_decision_changes_the_past_and_keeps_what_was_known(register, permit):
    register.night(permits=[permit()])
    register.night(permits=[renaming(permit)])
    day = date(2016, 1, 1)
    assert queries.institutions_as_of(register.draft, day)["name"].to_list() == [NEW]
    assert queries.institutions_as_of(register.draft, day, known_at=1)["name"].to_list() == [NAME]
    assert queries.institutions_as_of(register.draft, day, known_at=2)["name"].to_list() == [NEW]


def test_a_corrected_decision_replaces_the_wrong_one_and_keeps_what_was_known(register, permit):
    register.night(permits=[permit(decided=date(2000, 10, 1))])
    register.night(permits=[permit(decided=date(2001, 10, 1))])
    assert register.history(A) == [(date(2001, 10, 1), "active", NAME)]
    known = register.rows("SELECT valid_from, known_from, known_to FROM institutions ORDER BY 1")
    assert [tuple(row.values()) for row in known] == [
        (date(2000, 10, 1), 1, 2),
        (date(2001, 10, 1), 2, None),
    ]
    assert register.rows("SELECT count(*) AS n FROM decisions")[0]["n"] == 2, "both rows are kept"


def test_a_corrected_decision_is_not_undone_by_reading_the_old_file_again(register, permit):
    wrong, right = permit(head="示例错"), permit(head="示例对")
    register.night(permits=[wrong])
    register.night(permits=[right])
    register.night(permits=[wrong])
    assert [version["head"] for version in register.versions()] == ["示例对"]


def test_only_those_whom_a_night_touches_are_derived_anew(register, permit):
    other = permit("上海示例丙律师事务所", uscc="31310000XXXX00002B", licence="2", document="第9号")
    register.night(permits=[permit(), other])
    register.night(permits=[renaming(permit)])
    touched = register.rows("SELECT DISTINCT id FROM institutions WHERE known_from = 2")
    assert [row["id"] for row in touched] == [A]


def test_a_branch_permit_founds_the_branch_and_leaves_the_head_office_as_it_was(register, permit):
    title = "关于准予律师事务所分所设立的决定"
    branch = permit(
        "北京示例方德(上海)律师事务所",
        uscc="31310000XXXX00002B",
        licence="2",
        document="第9号",
        certificate="律师事务所分所执业许可证",
        title=title,
        decided=date(2011, 1, 1),
    )
    on_the_firm = permit(document="第8号", title=title, decided=date(2011, 1, 1))
    register.night(permits=[permit(), branch, on_the_firm])
    firm, founded = register.versions()
    assert (firm["id"], firm["kind"], firm["founded"]) == (A, "law_firm", date(2000, 1, 1))
    assert (founded["kind"], founded["founded"]) == ("law_firm_branch", date(2011, 1, 1))
    assert founded["head_office"] == "北京示例方德律师事务所"
