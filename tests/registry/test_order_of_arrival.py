"""Whatever the order of rows and in however many nights they come: the same register, and no row lost."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from double_random.registry.institutions import reassignment
from tests.thorough import examples

TITLES = (
    "关于准予律师事务所设立的决定",
    "关于准予律师事务所变更名称的决定",
    "关于准予律师事务所变更住所的决定",
    "关于注销律师事务所的决定",
    "关于准予恢复执业的决定",
    "关于停业整顿的决定",
)
CODES = ("31310000XXXX00001A", "31310000XXXX00002B", "12310000XXXX00003C", None)
NAMES = (
    "上海示例甲律师事务所",
    "上海示例乙律师事务所",
    "上海示例（丙）律师事务所",
    "上海示例(丙)律师事务所",
)
DISTRICTS = ("闵行区", "黄浦区", "")
days = st.integers(0, 6).map(lambda step: date(2000, 1, 1) + timedelta(days=100 * step))


@st.composite
def permits(draw, permit):
    """Rows with every kind of dirt that intake lets through; each has a document of its own."""
    rows = []
    for number in range(draw(st.integers(1, 8))):
        name = draw(st.sampled_from(NAMES))
        district = draw(st.sampled_from(DISTRICTS))
        rows.append(
            permit(
                name,
                uscc=draw(st.sampled_from(CODES)),
                licence=draw(st.sampled_from(("1", "2", "3", None))),
                certificate=draw(st.sampled_from(("律师事务所执业许可证", "公证机构执业证", None))),
                document=draw(st.sampled_from((f"第{number}号", None))),
                title=draw(st.sampled_from(TITLES)),
                content=f"住所:上海市{district}示例路{number}号",
                decided=draw(days),
                state=draw(st.sampled_from(("valid", "valid", "invalid"))),
                head=draw(st.sampled_from(("示例一", "示例二", None))),
            )
        )
    return rows


@st.composite
def penalties(draw, penalty):
    return [
        penalty(
            draw(st.sampled_from(("上海示例甲律师事务所", "上海示例(丙)律师事务所"))),
            uscc=draw(st.sampled_from(CODES)),
            document=f"罚{number}",
            kinds=[draw(st.sampled_from(("suspension", "revocation", "fine")))],
            decided=(decided := draw(days)),
            ends=draw(st.sampled_from((None, decided + timedelta(days=90), decided))),
        )
        for number in range(draw(st.integers(0, 2)))
    ]


@settings(max_examples=examples(4, 60), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_one_drop_or_many_nights_end_in_the_same_register(new_register, permit, penalty, data):
    rows = data.draw(permits(permit))
    orders = data.draw(penalties(penalty))
    at_once = new_register()
    (file, _), issues = at_once.night(permits=rows, penalties=orders)
    assert file.rows == file.accepted + file.duplicates + file.quarantined
    refused = [issue for issue in issues if issue["severity"] == "quarantined"]
    assert len(refused) == file.quarantined

    shuffled = data.draw(st.permutations(rows))
    nights = data.draw(st.integers(2, 4))
    by_night = new_register()
    for night in range(nights):
        by_night.night(permits=shuffled[night::nights], penalties=orders[night::nights])
    assert by_night.versions() == at_once.versions()
    kept = "SELECT decision, institution FROM decisions WHERE known_to IS NULL ORDER BY ALL"
    assert by_night.rows(kept) == at_once.rows(kept)
    unknown = {issue["row"] for issue in issues if issue["reason"] == "unknown kind of institution"}
    taken = {tuple(row.values()) for at, row in enumerate(rows, 2) if at not in unknown}
    assert len(at_once.rows(kept)) == len(taken)


@settings(max_examples=examples(3, 40), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_same_rows_again_change_nothing(register, permit, penalty, data):
    rows, orders = data.draw(permits(permit)), data.draw(penalties(penalty))
    register.night(permits=rows, penalties=orders)
    register.night(permits=data.draw(st.permutations(rows)), penalties=orders)
    for table in ("decisions", "suspensions", "institutions"):
        newer = f"SELECT count(*) AS n FROM {table} WHERE known_from = {register.run}"
        assert register.rows(newer) == [{"n": 0}]


@settings(max_examples=examples(6, 100), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_night_that_asks_only_whom_its_news_could_touch_answers_as_one_that_asks_all(
    new_register, permit, monkeypatch, data
):
    cells = st.tuples(
        st.sampled_from((*NAMES, "上海示例丁律师事务所", "上海示例戊律师事务所")),
        st.sampled_from((*CODES, "31310000XXXX00004D", "52310000XXXX00005E", None)),
        st.sampled_from(("1", "2", "3", "4", "5", None, None)),
        st.sampled_from(("律师事务所执业许可证", "公证机构执业证")),
        st.sampled_from(TITLES[:2]),
    )
    rows = [
        permit(
            name,
            uscc=code,
            licence=licence,
            certificate=certificate,
            document=f"第{number}号",
            title=title,
        )
        for number, (name, code, licence, certificate, title) in enumerate(
            data.draw(st.lists(cells, min_size=4, max_size=24))
        )
    ]
    cuts = data.draw(st.lists(st.integers(0, len(rows)), min_size=1, max_size=5).map(sorted))
    few, all_ = new_register(), new_register()
    for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True):
        for register, times in ((few, 0), (all_, 10**9)):
            monkeypatch.setattr(reassignment, "NIGHT", times)
            register.night(permits=rows[start:end])
        assert few.rows(OWNED) == all_.rows(OWNED)


OWNED = "SELECT decision, institution, known_from, known_to FROM decisions ORDER BY ALL"
