"""Layout of the sample bureau's sheets: the 双公示 columns of 2018 and the bureau's own, with typical errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from double_random.demo.bureau import (
    CITY,
    CITY_CODE,
    DISTRICT,
    DISTRICT_CODE,
    FIRM,
    Penalty,
    Permit,
    SampleBureau,
    SampleComplaint,
    SampleKind,
    fictitious_code,
)

Row = dict[str, str]

# 双公示 行政许可, 2018 edition: the column's code and its Chinese header.
PERMIT_COLUMNS = {
    "XK_XDR_MC": "行政相对人名称",
    "XK_XDR_LB": "行政相对人类别",
    "XK_XDR_SHXYM": "行政相对人代码_1(统一社会信用代码)",
    "XK_XDR_GSZC": "行政相对人代码_2(工商注册号)",
    "XK_XDR_ZZJG": "行政相对人代码_3(组织机构代码)",
    "XK_XDR_SWDJ": "行政相对人代码_4(税务登记号)",
    "XK_XDR_SYDW": "行政相对人代码_5(事业单位证书号)",
    "XK_XDR_SHZZ": "行政相对人代码_6(社会组织登记证号)",
    "XK_FRDB": "法定代表人",
    "XK_FR_ZJLX": "法定代表人证件类型",
    "XK_FR_ZJHM": "法定代表人证件号码",
    "XK_XDR_ZJLX": "证件类型",
    "XK_XDR_ZJHM": "证件号码",
    "XK_XKWS": "行政许可决定文书名称",
    "XK_WSH": "行政许可决定文书号",
    "XK_XKLB": "许可类别",
    "XK_XKZS": "许可证书名称",
    "XK_XKBH": "许可编号",
    "XK_NR": "许可内容",
    "XK_JDRQ": "许可决定日期",
    "XK_YXQZ": "有效期自",
    "XK_YXQZI": "有效期至",
    "XK_XKJG": "许可机关",
    "XK_XKJGDM": "许可机关统一社会信用代码",
    "XK_ZT": "当前状态",
    "XK_LYDW": "数据来源单位",
    "XK_LYDWDM": "数据来源单位统一社会信用代码",
    "BZ": "备注",
}

# 双公示 行政处罚, 2018 edition.
PENALTY_COLUMNS = (
    *("CF_XDR_MC", "CF_XDR_LB", "CF_XDR_SHXYM", "CF_FRDB", "CF_FR_ZJHM", "CF_WSH", "CF_WFXW"),
    *("CF_SY", "CF_YJ", "CF_CFLB", "CF_NR", "CF_NR_FK", "CF_NR_WFFF", "CF_NR_ZKDX", "CF_JDRQ"),
    *("CF_YXQ", "CF_GSJZQ", "CF_CFJG", "CF_CFJGDM", "CF_SJLY", "CF_SJLYDM", "BZ"),
)

COMPLAINT_COLUMNS = (
    *("登记编号", "被投诉机构", "统一社会信用代码", "登记日期", "来源", "投诉事项"),
    *("受理情况", "办理结果", "办结日期", "关联处罚文号"),
)
INSPECTOR_COLUMNS = ("姓名", "执法证号", "所属单位", "专业", "是否主办", "状态")
RECUSAL_COLUMNS = ("执法证号", "统一社会信用代码", "事由")

# An invalid ID number, included in the drop to show that ID numbers are not passed on.
ID_NUMBER = "990101XXXX0101XXXX"


def _to_sheet(rows: Iterable[Mapping[str, str]], columns: Iterable[str]) -> list[list[str]]:
    """The header and, for each row, its cells in the header's order."""
    header = list(columns)
    return [header, *([row.get(column, "") for column in header] for row in rows)]


def _permit_row(permit: Permit) -> Row:
    institution = permit.institution
    day = permit.day.isoformat()
    return {
        "XK_XDR_MC": permit.name,
        "XK_XDR_LB": "法人及非法人组织",
        "XK_XDR_SHXYM": institution.code,
        "XK_FRDB": permit.head,
        "XK_FR_ZJLX": "身份证",
        "XK_FR_ZJHM": ID_NUMBER,
        "XK_XKWS": permit.title,
        "XK_WSH": permit.document,
        "XK_XKLB": "普通",
        "XK_XKZS": institution.kind.certificate,
        "XK_XKBH": institution.licence,
        "XK_NR": permit.content,
        "XK_JDRQ": day,
        "XK_YXQZ": day,
        "XK_YXQZI": "2099-12-31",
        "XK_XKJG": f"{CITY}司法局",
        "XK_XKJGDM": CITY_CODE,
        "XK_ZT": "1" if permit.valid else "2",
        "XK_LYDW": f"{CITY}{DISTRICT}司法局",
        "XK_LYDWDM": DISTRICT_CODE,
    }


def permit_rows(bureau: SampleBureau, *kinds: SampleKind) -> list[Row]:
    """The permits of some kinds as rows keyed by column code, in the order of their decisions."""
    chosen = [permit for permit in bureau.permits if permit.institution.kind in kinds]
    return [_permit_row(permit) for permit in sorted(chosen, key=lambda p: (p.day, p.document))]


def _stranger_row(row: Row, name: str, number: str, serial: int) -> Row:
    """A copy of a row for an institution that must not enter the register."""
    document = f"示例司许决字〔2025〕{serial}号"
    return row | {"XK_XDR_MC": name, "XK_XDR_SHXYM": number, "XK_WSH": document}


def firm_permit_sheet(bureau: SampleBureau) -> list[list[str]]:
    """The law firms' permits: Chinese header under a title, a totals line, and typical errors.

    Accepted: another date format, a code in lower-case or full-width letters, one row twice.
    Quarantined: a wrong check digit, a placeholder code.
    """
    rows = permit_rows(bureau, FIRM)
    year, month, day = rows[5]["XK_JDRQ"].split("-")
    rows[5]["XK_JDRQ"] = f"{year}年{int(month)}月{int(day)}日"
    rows[9]["XK_JDRQ"] = rows[9]["XK_JDRQ"].replace("-", "/")
    rows[14]["XK_XDR_SHXYM"] = rows[14]["XK_XDR_SHXYM"].lower()
    rows[20]["XK_XDR_SHXYM"] = rows[20]["XK_XDR_SHXYM"].translate(
        {ord(c): ord(c) + 0xFEE0 for c in "0123456789ABCDEFGHJKLMNPQRTUWXY"}
    )
    rows[30]["XK_YXQZI"] = "长期"
    right = fictitious_code("31", 9001)
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    rows += [
        dict(rows[40]),
        _stranger_row(rows[41], "示例错码律师事务所", wrong, 9001),
        _stranger_row(rows[42], "示例缺码律师事务所", "00000000000000000X", 9002),
    ]
    sheet = _to_sheet(rows, PERMIT_COLUMNS)
    sheet[0] = list(PERMIT_COLUMNS.values())
    width = len(PERMIT_COLUMNS)
    title = [f"{CITY}{DISTRICT}司法局行政许可信息公示表(示例数据)"]
    return [title + [""] * (width - 1), *sheet, ["合计", str(len(rows))] + [""] * (width - 2)]


def spoilt_permit_row(row: list[str], header: list[str]) -> list[str]:
    """The same row for another institution, whose licence number Excel corrupts as a number."""
    name, number = "行政相对人名称", "行政相对人代码_1(统一社会信用代码)"
    other = {name: "示例数字司法鉴定中心", number: fictitious_code("34", 9003)}
    return [other.get(column, cell) for column, cell in zip(header, row, strict=True)]


def coded_permit_sheet(bureau: SampleBureau, *kinds: SampleKind) -> list[list[str]]:
    """Permits of some kinds under the XK_ header."""
    return _to_sheet(permit_rows(bureau, *kinds), PERMIT_COLUMNS)


def titled_permit_sheet(bureau: SampleBureau, *kinds: SampleKind) -> list[list[str]]:
    """Permits of some kinds under the Chinese header, for a workbook with a title of its own."""
    sheet = _to_sheet(permit_rows(bureau, *kinds), PERMIT_COLUMNS)
    return [list(PERMIT_COLUMNS.values()), *sheet[1:]]


def _penalty_row(penalty: Penalty) -> Row:
    institution = penalty.institution
    return {
        "CF_XDR_MC": institution.name_on(penalty.day),
        "CF_XDR_LB": "法人及非法人组织",
        "CF_XDR_SHXYM": institution.code,
        "CF_FRDB": institution.head,
        "CF_FR_ZJHM": ID_NUMBER,
        "CF_WSH": penalty.document,
        "CF_WFXW": penalty.conduct,
        "CF_SY": f"示例事实:该机构{penalty.conduct},证据充分。",
        "CF_YJ": penalty.basis,
        "CF_CFLB": penalty.kinds,
        "CF_NR": penalty.content,
        "CF_NR_FK": penalty.fine,
        "CF_NR_WFFF": penalty.confiscated,
        "CF_NR_ZKDX": institution.licence if "吊销" in penalty.kinds else "",
        "CF_JDRQ": penalty.day.isoformat(),
        "CF_YXQ": penalty.ends.isoformat(),
        "CF_GSJZQ": penalty.publish_until.isoformat(),
        "CF_CFJG": f"{CITY}{DISTRICT}司法局",
        "CF_CFJGDM": DISTRICT_CODE,
        "CF_SJLY": f"{CITY}{DISTRICT}司法局",
        "CF_SJLYDM": DISTRICT_CODE,
    }


def penalty_sheet(bureau: SampleBureau) -> list[list[str]]:
    """All penalties with the name of that day, some without a code, one of an unknown institution."""
    ordered = sorted(bureau.penalties, key=lambda p: (p.day, p.document))
    rows = [_penalty_row(penalty) for penalty in ordered]
    for row in rows[::6]:
        row["CF_XDR_SHXYM"] = ""
    fined = next(row for row in rows if row["CF_NR_FK"] == "1")
    fined["CF_NR_FK"] = "10000元"
    unknown = {
        "CF_XDR_MC": "示例查无律师事务所",
        "CF_XDR_SHXYM": "",
        "CF_WSH": "示例司罚决字〔2026〕9001号",
    }
    rows.append(rows[3] | unknown)
    return _to_sheet(rows, PENALTY_COLUMNS)


def _complaint_row(complaint: SampleComplaint) -> Row:
    institution = complaint.institution
    return {
        "登记编号": complaint.document,
        "被投诉机构": institution.name_on(complaint.day),
        "统一社会信用代码": institution.code,
        "登记日期": complaint.day.isoformat(),
        "来源": complaint.channel,
        "投诉事项": complaint.matter,
        "受理情况": complaint.acceptance,
        "办理结果": complaint.outcome,
        "办结日期": complaint.decided.isoformat() if complaint.decided else "",
        "关联处罚文号": complaint.became.document if complaint.became else "",
    }


def complaint_sheet(bureau: SampleBureau) -> list[list[str]]:
    """All complaints by the day of filing."""
    ordered = sorted(bureau.complaints, key=lambda c: (c.day, c.document))
    return _to_sheet((_complaint_row(complaint) for complaint in ordered), COMPLAINT_COLUMNS)


def inspector_sheet(bureau: SampleBureau) -> list[list[str]]:
    """The roster of inspectors."""
    return [
        list(INSPECTOR_COLUMNS),
        *(
            [
                *(inspector.name, inspector.number, inspector.unit, inspector.speciality),
                "是" if inspector.lead else "否",
                "在岗" if inspector.on_duty else "请假",
            ]
            for inspector in bureau.inspectors
        ),
    ]


def recusal_sheet(bureau: SampleBureau) -> list[list[str]]:
    """The recusals: inspector, institution and reason."""
    return [
        list(RECUSAL_COLUMNS),
        *(
            [inspector.number, institution.code, reason]
            for inspector, institution, reason in bureau.recusals
        ),
    ]
