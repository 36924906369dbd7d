"""Going back to an earlier release is a new one: what it knew is known again, nothing is erased."""

from __future__ import annotations

from datetime import date

from double_random.registry.institutions.queries import institutions_as_of
from double_random.store.undo import restore_knowledge

DAY = date(2016, 1, 1)


def names(register, known_at=None):
    return institutions_as_of(register.draft, DAY, known_at)["name"].to_list()


def test_what_was_learnt_since_ends_and_what_ended_since_is_known_again(register, permit):
    register.connection.execute(
        "INSERT INTO added.runs VALUES (1, 'sync', '2016-01-01'), (2, 'sync', '2016-01-02'), (3, 'undo', '2016-01-03')"
    )
    register.night(permits=[permit()])
    before = register.versions()
    renamed = permit(
        "上海示例乙律师事务所",
        document="第2号",
        title="关于准予律师事务所变更名称的决定",
        decided=date(2010, 3, 1),
    )
    other = permit("上海示例丙律师事务所", uscc="31310000XXXX00002B", licence="2", document="第9号")
    register.night(permits=[renamed, other])
    assert names(register) == ["上海示例乙律师事务所", "上海示例丙律师事务所"]
    restore_knowledge(register.connection, 1, 3)
    assert names(register) == ["上海示例甲律师事务所"]
    assert register.versions() == before
    assert names(register, known_at=2) == ["上海示例乙律师事务所", "上海示例丙律师事务所"]
    assert register.rows("FROM undone") == [{"run": 2, "undoing": 3}]
    register.run = 3
    register.night(permits=[renamed, other])
    assert names(register) == ["上海示例乙律师事务所", "上海示例丙律师事务所"], (
        "the drop may come again"
    )


def test_undo_makes_a_release_and_an_entry_of_the_log(home, ask, drop):
    at = ("--at", "2017-01-01T08:00:00Z")
    first = ask("sync", drop, "--as-of", "2016-12-31", *at)[0]["release"]
    held = drop / "许可.csv"
    held.write_text(held.read_text("utf-8").replace("示例甲", "示例乙"), "utf-8")
    ask("sync", drop, "--as-of", "2017-01-01", *at)
    assert len(home.releases.names()) == 2
    _, error = ask("undo", first, "--as-of", "2017-01-02", "--at", "2017-01-02T08:00:00Z")
    assert error is None
    with home.releases.read() as release:
        assert [entry["release"] for entry in home.log.entries() if entry["kind"] == "undo"] == [
            release.hash
        ]
    assert [row["name"] for row in ask("list")[0]] == ["上海示例甲律师事务所"]
    assert [row["learnt"] for row in ask("history", "31310000XXXX30015D")[0]][:1] == ["2016-12-31"]
    _, error = ask("undo", "000009", "--as-of", "2017-01-02")
    assert "no release" in error.message


def test_going_back_restores_persons_and_their_posts(register, permit):
    register.connection.execute(
        "INSERT INTO added.runs VALUES (1, 'sync', '2016-01-01'), (2, 'sync', '2016-01-02'), (3, 'undo', '2016-01-03')"
    )
    lawyer = {"certificate": "律师执业证", "uscc": None, "licence": "13100201010000001"}
    first = permit("示例张三", **lawyer, title="关于准予示例张三律师执业的决定")
    first["content"] = "专职律师执业;执业机构:上海示例甲律师事务所"
    tables = ("practitioner_decisions", "practitioners", "employment")
    known = {
        table: f"SELECT * EXCLUDE (known_from, known_to) FROM {table} WHERE known_to IS NULL ORDER BY ALL"
        for table in tables
    }
    register.night(permits=[permit(), first])
    before = {table: register.rows(sql) for table, sql in known.items()}
    assert all(before.values())
    ended = first | {"title": "关于注销示例张三律师执业证的决定", "decided": date(2015, 1, 1)}
    register.night(permits=[ended])
    assert register.rows(known["employment"]) != before["employment"]
    restore_knowledge(register.connection, 1, 3)
    assert {table: register.rows(sql) for table, sql in known.items()} == before
