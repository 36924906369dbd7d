"""Writes data/forms/*.docx and *.xlsx, the forms that are shipped (`python -m tests.forms`): A4, source at the foot."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "data" / "forms"
SONG, FANG = "宋体", "仿宋"


def forms() -> dict[str, dict[str, Any]]:
    """The list, by file."""
    table = tomllib.loads((FOLDER / "forms.toml").read_text("utf-8"))
    return {form["file"]: form for form in table["form"]}


class Form:
    """A Word document on A4, built from titles, lines and tables."""

    def __init__(self, title: str, across: bool = False) -> None:
        import docx
        from docx.enum.section import WD_ORIENT
        from docx.oxml.ns import qn
        from docx.shared import Mm, Pt

        self.document = docx.Document()
        section = self.document.sections[0]
        sides = (Mm(297), Mm(210)) if across else (Mm(210), Mm(297))
        section.page_width, section.page_height = sides
        section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
        section.left_margin = section.right_margin = Mm(22)
        section.top_margin = section.bottom_margin = Mm(20)
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = FANG, Pt(12)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FANG)
        style.paragraph_format.space_after = Pt(4)
        self.width = sides[0] - Mm(44)
        self.line(title, size=18, bold=True, centre=True)

    def line(
        self,
        text: str,
        size: int = 12,
        bold: bool = False,
        centre: bool = False,
        right: bool = False,
    ) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml.ns import qn
        from docx.shared import Pt

        paragraph = self.document.add_paragraph()
        run = paragraph.add_run(text)
        run.font.size, run.bold = Pt(size), bold
        run._element.get_or_add_rPr().get_or_add_rFonts().set(
            qn("w:eastAsia"), SONG if bold else FANG
        )
        if centre or right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centre else WD_ALIGN_PARAGRAPH.RIGHT

    def table(self, rows: Sequence[Sequence[str]], widths: Sequence[int], size: int = 10) -> None:
        from docx.shared import Pt

        table = self.document.add_table(rows=0, cols=len(widths), style="Table Grid")
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = int(self.width * width / sum(widths))
        for row in rows:
            cells = table.add_row().cells
            for cell, text, width in zip(cells, row, widths, strict=True):
                cell.width = int(self.width * width / sum(widths))
                cell.paragraphs[0].text = ""
                cell.paragraphs[0].paragraph_format.space_before = Pt(4)  # clear of the border
                run = cell.paragraphs[0].add_run(text)
                run.font.size = Pt(size)
        self.document.add_paragraph()

    def save(self, file: str) -> None:
        from docx.shared import Pt

        form = forms()[file]
        foot = self.document.sections[0].footer.paragraphs[0]
        unconfirmed = "" if form["confirmed"] else " · 未经核对的参考样式，使用前请与现行文书比对"
        run = foot.add_run(f"样式来源：{form['source']}{unconfirmed}")
        run.font.size = Pt(8)
        self.document.core_properties.author = ""
        self.document.save(str(FOLDER / file))


def year_by_item(file: str) -> None:
    form = Form("{{年度}}年度抽查计划", across=True)
    form.line("{{检查机关}}　备案号：{{备案号}}　批准：{{批准}}")
    heads = "序号 抽查事项名称 抽查内容 检查对象 事项类别 检查方式 检查依据 抽查比例 抽查频次 计划数 完成时限"
    names = "序号 事项 内容 对象 类别 方式 依据 比例 频次 计划数 完成时限"
    cells = [f"{{{{批次.{name}}}}}" for name in names.split()]
    form.table([heads.split(), cells], (4, 10, 14, 8, 6, 7, 18, 12, 6, 5, 8), 8)
    form.save(file)


def year_by_object(file: str) -> None:
    form = Form("{{年度}}年度双随机抽查计划", across=True)
    form.line("{{检查机关}}　备案号：{{备案号}}　批准：{{批准}}")
    heads = "序号 检查对象 检查依据 执行科室 检查比例 检查频次 计划数 初步检查时间 备注"
    cells = "序号 对象 依据 科室 比例 频次 计划数 时间 备注"
    form.table(
        [heads.split(), [f"{{{{批次.{name}}}}}" for name in cells.split()]],
        (4, 10, 22, 10, 14, 8, 6, 12, 12),
        9,
    )
    form.save(file)


def announcement(file: str) -> None:
    form = Form("抽查任务公告")
    names = (
        *("抽查计划编号", "抽查计划名称", "抽查任务编号", "抽查任务名称", "抽查类型", "抽查事项"),
        *("抽查对象范围", "检查日期自", "检查日期至", "检查机关", "抽查数量", "方案校验码"),
    )
    form.table([(name, f"{{{{{name}}}}}") for name in names], (1, 3), 11)
    form.line("抽查名单", bold=True)
    heads = ("序号", "市场主体名称", "统一社会信用代码/注册号", "登记机关")
    form.table(
        [heads, [f"{{{{名单.{n}}}}}" for n in ("序号", "名称", "代码", "登记机关")]], (2, 9, 9, 8)
    )
    form.line("被抽中不代表存在问题。", size=10)
    form.save(file)


def sealing(file: str) -> None:
    form = Form("方案封存单")
    names = (
        *("检查机关", "抽取名称", "抽查任务名称", "随机源", "号码产生时间", "封存时间"),
        *("参与抽取数", "参与人员数"),
    )
    form.table([(name, f"{{{{{name}}}}}") for name in names], (1, 3), 11)
    form.line("方案校验码", bold=True)
    form.line("{{方案校验码}}", size=16, centre=True)
    form.line(
        "请监督人亲笔抄录一遍，留存一份；抽取后凭此码可核对方案是否在号码产生之前封存、是否被更换。"
    )
    form.table(
        [
            ("监督人抄录", "\n"),
            ("监督人（单位、姓名、签名）", "\n"),
            ("封存人（签名）", ""),
            ("日期、时间", ""),
        ],
        (1, 3),
        11,
    )
    form.save(file)


def record(file: str) -> None:
    form = Form("抽取记录表")
    names = (
        *("抽查任务编号", "抽查任务名称", "抽取时间", "随机源", "公开随机号码", "名录库总数"),
        *("参与抽取数", "未参与抽取数", "未参与理由", "抽查数量", "检查人员库总数"),
        *("参与人员数", "未参与人员", "回避情况", "方案校验码", "结果校验码"),
    )
    form.table([(name, f"{{{{{name}}}}}") for name in names], (1, 3))
    form.line("抽取分组", bold=True)
    heads = ("抽取分组", "总数", "比例", "抽中", "备选")
    form.table(
        [heads, [f"{{{{分组.{n}}}}}" for n in ("名称", "总数", "比例", "抽中", "备选")]],
        (4, 2, 2, 2, 2),
    )
    form.line("抽中对象与检查人员（按检查次序）", bold=True)
    heads = ("次序", "名称", "统一社会信用代码", "主办", "协办")
    form.table(
        [heads, [f"{{{{名单.{n}}}}}" for n in ("次序", "名称", "代码", "主办", "协办")]],
        (1, 5, 4, 2, 2),
        9,
    )
    form.line("检查人员承担家数", bold=True)
    heads = ("姓名", "执法证号", "主办/协办", "承担家数")
    form.table(
        [heads, [f"{{{{人员.{n}}}}}" for n in ("姓名", "证号", "角色", "家数")]], (2, 3, 2, 2)
    )
    form.line("递补与更换", bold=True)
    heads = ("日期", "类别", "原", "现", "理由")
    form.table(
        [heads, [f"{{{{变更.{n}}}}}" for n in ("日期", "类别", "原", "现", "理由")]],
        (2, 2, 4, 4, 3),
        9,
    )
    form.table(
        [
            ("抽取人（签名）", ""),
            ("科室负责人（签名）", ""),
            ("监督人（单位、姓名、签名）", ""),
            ("日期", ""),
        ],
        (2, 3),
    )
    form.save(file)


def approval(file: str) -> None:
    form = Form("行政检查审批表")
    form.line("编号：{{审批文号}}", right=True)
    names = (
        *("检查机关", "任务来源", "检查对象", "统一社会信用代码", "住所", "检查事项", "检查依据"),
        *("检查方式", "检查频次", "检查时间", "检查人员"),
    )
    form.table(
        [
            *[(name, f"{{{{{name}}}}}") for name in names],
            ("承办人意见", "\n\n签名：　　　　日期："),
            ("审核意见", "\n\n签名：　　　　日期："),
            ("批准意见", "\n\n签名：　　　　日期："),
        ],
        (1, 3),
        11,
    )
    form.save(file)


def notice(file: str) -> None:
    form = Form("行政检查通知书")
    form.line("{{通知文号}}", right=True)
    form.line("{{检查对象}}（统一社会信用代码 {{统一社会信用代码}}）：")
    form.line(
        "　　根据{{检查依据}}，本机关决定对你单位进行行政检查。"
        "任务来源：{{任务来源}}（抽查任务编号 {{抽查任务编号}}）。"
    )
    form.line("一、检查事项：{{检查事项}}")
    form.line("二、检查时间：{{检查时间}}；检查方式：{{检查方式}}；检查频次：{{检查频次}}")
    form.line("三、检查人员及执法证件：{{检查人员}}")
    form.line("四、请准备与检查事项有关的制度、档案和资料。")
    form.line(
        "五、你单位有权要求检查人员出示执法证件；认为检查人员与本次检查有利害关系的，有权申请回避；有权陈述、申辩。"
    )
    form.line("六、检查人员不得妨碍正常经营，不得接受宴请、礼品，不得收取费用。")
    form.table(
        [
            ("抽取核验码，非检查码", "检查码（由检查机关粘贴或填写）"),
            ("{{picture:核验码}}", "{{检查码}}"),
            ("扫码可离线核对：本通知确由该次抽取产生，检查人员未被调换。", ""),
        ],
        (1, 1),
    )
    form.line("联系人：　　　　　　电话：")
    form.line("{{检查机关}}（公章）", right=True)
    form.line("{{通知日期}}", right=True)
    form.save(file)


def on_site(file: str) -> None:
    form = Form("现场检查笔录")
    names = ("检查机关", "检查对象", "统一社会信用代码", "住所", "负责人", "检查事项", "检查人员")
    form.table(
        [
            *[(name, f"{{{{{name}}}}}") for name in names],
            ("检查时间", "　　年　月　日　时　分至　时　分"),
            ("告知事项", "已出示执法证件，已告知申请回避、陈述申辩的权利：□是　□否"),
            ("检查情况", "\n" * 12),
            ("被检查单位意见及签章", "\n\n签名：　　　　日期："),
            ("检查人员（签名、证号）", "\n\n日期："),
        ],
        (1, 3),
        11,
    )
    form.save(file)


def finding(file: str) -> None:
    form = Form("双随机抽查记录表")
    names = (
        *("抽查任务编号", "检查对象", "统一社会信用代码", "检查项目", "检查内容", "检查依据"),
        *("检查日期", "检查结果", "存在问题", "整改期限", "立案移送"),
    )
    form.table(
        [
            *[(name, f"{{{{{name}}}}}") for name in names],
            ("整改要求", "\n\n"),
            ("被检查单位意见及签章", "\n\n签名：　　　　日期："),
            ("检查人员（签名、证号）", "{{检查人员}}\n\n日期："),
        ],
        (1, 3),
        11,
    )
    form.save(file)


def outcome(file: str) -> None:
    form = Form("检查结果公告")
    names = ("抽查计划编号", "抽查计划名称", "抽查任务编号", "抽查任务名称", "抽查类型", "检查机关")
    form.table([(name, f"{{{{{name}}}}}") for name in names], (1, 3), 11)
    heads = (
        "序号",
        "抽查市场主体名称",
        "统一社会信用代码/注册号",
        "检查完成日期",
        "检查结果",
        "备注",
    )
    cells = [f"{{{{结果.{n}}}}}" for n in ("序号", "名称", "代码", "日期", "结果", "备注")]
    form.table([heads, cells], (2, 6, 8, 5, 5, 3))
    form.line("被抽中不代表存在问题。", size=10)
    form.save(file)


def listed(file: str) -> None:
    sheet_of(
        file,
        "抽查名单",
        "{{抽查任务名称}}　抽查名单　{{抽查任务编号}}",
        [
            ("序号", "{{名单.序号}}", 6),
            ("市场主体名称", "{{名单.名称}}", 44),
            ("统一社会信用代码/注册号", "{{名单.代码}}", 26),
            ("登记机关", "{{名单.登记机关}}", 28),
        ],
        [],
    )


def quarterly(file: str) -> None:
    names = [
        "计划数",
        "抽查数",
        "其中定向",
        "完成数",
        "发现问题数",
        "责令改正",
        "立案",
        "移送",
        "公示数",
        "逾期数",
    ]
    sheet_of(
        file,
        "季度报表",
        "{{检查机关}}　双随机抽查季度报表　{{季度}}",
        [
            ("序号", "{{事项.序号}}", 6),
            ("抽查事项", "{{事项.名称}}", 40),
            *((name, f"{{{{事项.{name}}}}}", 11) for name in names),
        ],
        [
            "合计",
            "事项总数 {{事项总数}}，已抽查事项 {{已抽查事项}}",
            *(f"{{{{{name}}}}}" for name in names),
        ],
    )


def sheet_of(
    file: str, name: str, title: str, columns: Sequence[tuple[str, str, int]], last: Sequence[str]
) -> None:
    import openpyxl
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.utils import get_column_letter

    form = forms()[file]
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    rows = [
        [title],
        [heading for heading, _cell, _width in columns],
        [cell for _heading, cell, _width in columns],
        *([last] if last else []),
        [f"样式来源：{form['source']} · 未经核对的参考样式"],
    ]
    line = Side(style="thin")
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(number, column, text)
            cell.alignment = Alignment(wrap_text=number not in (1, len(rows)), vertical="center")
            cell.font = Font(
                name=SONG, size=16 if number == 1 else 8 if number == len(rows) else 11
            )
            if 1 < number < len(rows):
                cell.border = Border(left=line, right=line, top=line, bottom=line)
    for number in (1, len(rows)):
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=len(columns))
    for column, (_heading, _cell, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, height in ((1, 32), (2, 22)):
        sheet.row_dimensions[number].height = height
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(
        fitToPage=True
    )
    book.save(FOLDER / file)


BUILDERS: dict[str, Callable[[str], None]] = {
    "年度抽查计划.docx": year_by_item,
    "年度抽查计划_按对象.docx": year_by_object,
    "方案封存单.docx": sealing,
    "抽查任务公告.docx": announcement,
    "抽查名单.xlsx": listed,
    "抽取记录表.docx": record,
    "行政检查审批表.docx": approval,
    "行政检查通知书.docx": notice,
    "现场检查笔录.docx": on_site,
    "双随机抽查记录表.docx": finding,
    "检查结果公告.docx": outcome,
    "季度报表.xlsx": quarterly,
}


if __name__ == "__main__":
    for file, build in BUILDERS.items():
        build(file)
        print(FOLDER / file, file=sys.stderr)
