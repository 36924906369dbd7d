"""Objections and repairs about a practitioner's record are that person's, at once and after later runs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from double_random.credit.policy.catalog import load_policy
from double_random.credit.records.load import load_records
from double_random.credit.records.rulings import Ruling, enter_ruling, find_record
from double_random.credit.reports.credit_file import build_credit_file
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home

DAY = date(2016, 12, 31)
PERSON = "P:13100201010000001"
FIRM = "上海示例甲律师事务所"
PERMITS = f"""行政相对人名称,行政相对人代码_1(统一社会信用代码),行政许可决定文书名称,行政许可决定文书号,许可证书名称,许可编号,许可内容,许可决定日期,许可机关,当前状态
{FIRM},31310000XXXX30015D,关于准予律师事务所设立的决定,第1号,律师事务所执业许可证,23100002009103001,律师事务所设立,1992-12-09,示例市司法局,1
示例张三,,关于准予示例张三律师执业的决定,第2号,律师执业证,13100201010000001,专职律师执业;执业机构:{FIRM},2010-01-01,示例市司法局,1
"""  # noqa: E501
SANCTIONS = f"""被处分会员,执业证号,所在律师事务所,处分决定书文号,处分种类,处分决定日期
示例张三,13100201010000001,{FIRM},示律处字〔2016〕第1号,公开谴责,2016-06-01
"""


def test_a_correction_drops_the_record_of_the_person(home: Home, tmp_path: Path) -> None:
    (tmp_path / "许可.csv").write_text(PERMITS, "utf-8")
    (tmp_path / "处分.csv").write_text(SANCTIONS, "utf-8")
    drop = [tmp_path / "许可.csv", tmp_path / "处分.csv"]
    sync_registers(home, drop, DAY)
    load_records(home, drop, DAY)
    policy = load_policy(home, "lawyers-100")

    def standing() -> tuple[int, list[str]]:
        with home.releases.read() as release:
            file = build_credit_file(release, PERSON, DAY, policy)
        return file.explanation.points, file.records["standing"].to_list()

    assert standing() == (90_00, ["counts"])
    with home.releases.read() as release:
        about, _day = find_record(release, PERSON, "示律处字〔2016〕第1号")
    said = {"about": about, "document": "改1号", "authority": "示例协会", "note": ""}
    ruling = Ruling(
        record_class="correction", kind="revoked", state="decided", decided=date(2016, 8, 1), **said
    )
    enter_ruling(home, ruling, "2016-08-01T00:00:00Z")
    revoked = (100_00, ["revoked", "does not count"])
    assert standing() == revoked
    (tmp_path / "许可.csv").write_text(PERMITS.replace("第2号", "第3号"), "utf-8")
    sync_registers(home, drop, DAY)
    assert standing() == revoked
