"""A history as columns of numbers, and the digest that its permutations start from."""

from __future__ import annotations

from double_random.inspection.bias_tests.history import ListRow, RoundHistory


def row(round: str, institution: str, drawn: bool = True, **other: object) -> ListRow:
    return ListRow(round=round, institution=institution, drawn=drawn, **other)  # type: ignore[arg-type]


def test_names_become_indices_of_sorted_tuples() -> None:
    history = RoundHistory.from_rows(
        [
            row("示例第2次", "示例机构B", office="示例乙区", team=("丁", "丙")),
            row("示例第1次", "示例机构A", False, office="示例甲区"),
        ]
    )
    assert history.rounds == ("示例第2次", "示例第1次")  # in the order of their first rows
    assert history.institutions == ("示例机构A", "示例机构B")
    assert history.institution.tolist() == [1, 0]
    assert [history.offices[number] for number in history.office] == ["示例乙区", "示例甲区"]
    assert [[history.inspectors[one] for one in team] for team in history.teams] == [
        ["丁", "丙"],
        [],
    ]


def test_mixed_rounds_are_put_together_and_keep_the_order_of_their_lists() -> None:
    rows = [row("一", "B"), row("二", "A"), row("一", "A", False)]
    history = RoundHistory.from_rows(rows)
    assert history.round.tolist() == [0, 0, 1]
    assert [history.institutions[number] for number in history.institution] == ["B", "A", "A"]
    assert history.drawn.tolist() == [True, False, True]


def test_a_cell_is_a_group_of_a_round_and_a_block_also_of_office_and_kind() -> None:
    history = RoundHistory.from_rows(
        [
            row("一", "A", group="高", office="甲", kind="律所"),
            row("一", "B", group="高", office="乙", kind="律所"),
            row("一", "C", group="低", office="甲", kind="律所"),
            row("二", "A", group="高", office="甲", kind="律所"),
        ]
    )
    assert history.cell[0] == history.cell[1]
    assert len(set(history.cell.tolist())) == 3
    assert len(set(history.block.tolist())) == 4


def test_lists_are_whole_if_they_have_institutions_that_were_not_drawn() -> None:
    assert RoundHistory.from_rows([row("一", "A"), row("一", "B", False)]).has_undrawn
    assert not RoundHistory.from_rows([row("一", "A"), row("一", "B")]).has_undrawn


def test_every_field_of_every_row_is_in_the_digest() -> None:
    plain = [row("一", "A"), row("一", "B", False)]
    first = RoundHistory.from_rows(plain).digest
    assert RoundHistory.from_rows(list(plain)).digest == first
    changed = [
        RoundHistory.from_rows(plain[::-1]),
        RoundHistory.from_rows(plain, ordered=False),
        *(
            RoundHistory.from_rows([row("一", "A", **{name: value}), plain[1]])
            for name, value in (
                ("office", "甲"),
                ("kind", "甲"),
                ("group", "甲"),
                ("team", ("甲",)),
            )
        ),
        RoundHistory.from_rows([row("二", "A"), row("二", "B", False)]),
        RoundHistory.from_rows([row("一", "A", False), row("一", "B", False)]),
    ]
    digests = {history.digest for history in changed}
    assert len(digests) == len(changed) and first not in digests


def test_an_empty_history_has_no_rows() -> None:
    history = RoundHistory.from_rows([])
    assert (history.rounds, history.teams, history.drawn.tolist()) == ((), (), [])
