"""Only decisions whose owner may change in a run are evaluated again, with the same result as for all."""

from __future__ import annotations

ASKED = "SELECT DISTINCT name FROM placed.decisions d WHERE place IN (SELECT place FROM asked_again) ORDER BY name"
CODES = [f"31310000XXXX{number:05}A" for number in range(8)]


def firms(permit):
    """Eight firms, each with its own code, number and name."""
    return [
        permit(
            f"上海示例{number}律师事务所", uscc=code, licence=f"{number}", document=f"第{number}号"
        )
        for number, code in enumerate(CODES)
    ]


def test_the_first_run_evaluates_everything(register, permit):
    register.night(permits=firms(permit))
    assert register.rows("SELECT count(*) AS rows FROM placings") == [{"rows": 1}]
    register.night(permits=[permit(document="第9号")])
    assert register.rows("SELECT run FROM placings ORDER BY run") == [{"run": 1}, {"run": 2}]


def test_a_new_row_evaluates_those_who_share_its_code_number_or_name(register, permit):
    register.night(permits=firms(permit))
    new = permit("上海示例3律师事务所", uscc=CODES[3], licence="5", document="第10号")
    register.night(permits=[new])
    names = [row["name"] for row in register.rows(ASKED)]
    assert names == ["上海示例3律师事务所", "上海示例5律师事务所"]


def test_other_rules_evaluate_everything_again(register, permit):
    register.night(permits=firms(permit))
    register.connection.execute("UPDATE added.placings SET rules = 'other rules'")
    register.night(permits=[permit("上海示例3律师事务所", uscc=CODES[3], licence="3")])
    assert len(register.rows(ASKED)) == len(CODES)


def test_the_result_is_that_of_evaluating_everything(new_register, permit):
    late = permit("上海示例3律师事务所", uscc=None, licence="3", document="第11号", head="某乙")
    once, twice = new_register(), new_register()
    once.night(permits=[*firms(permit), late])
    twice.night(permits=firms(permit))
    twice.night(permits=[late])
    assert once.versions() == twice.versions()
