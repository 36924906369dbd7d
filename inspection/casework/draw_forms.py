"""Fills the forms of a draw for its stage: 方案封存单 once it is sealed, the forms of its case once it is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from double_random.inspection.casework.forms import (
    fill_case_forms,
    format_china_time,
    read_forms,
    to_chinese,
)
from double_random.inspection.casework.template import FormContent, fill_template
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.draw.draw_state import DrawStage, DrawState, find_state
from double_random.inspection.planning.wording import format_source

if TYPE_CHECKING:
    from double_random.store.home import Home


def fill_draw_forms(
    home: Home, draw: str, as_of: date, prefix: str = ""
) -> Iterator[tuple[str, bytes]]:
    """Fill the forms of a draw's stage as (path, bytes), optionally only the files with a prefix.

    Misuse if the draw is not sealed, or if no form of its stage has the prefix.
    """
    state = find_state(home.log.entries(), draw)
    sealing = [
        form for form in read_forms(home) if form.per == "plan" and form.file.startswith(prefix)
    ]
    for form in sealing:
        yield (
            form.file,
            fill_template(
                form.file, form.read_template(home), FormContent(_sealing_values(home, state))
            ),
        )
    drawn = state.stage in (DrawStage.drawn, DrawStage.published)
    if not sealing or (drawn and not prefix):
        yield from fill_case_forms(home, draw, as_of, prefix)


def _sealing_values(home: Home, state: DrawState) -> dict[str, str]:
    folder = DrawFolder.find(home, state.draw)
    frozen = folder.read_plan()
    return {
        "检查机关": frozen.authority_name,
        "抽取名称": frozen.draw,
        "抽查任务名称": frozen.title,
        "随机源": "、".join(format_source(source, to_chinese) for source in folder.read_sources()),
        "号码产生时间": format_china_time(frozen.not_before),
        "封存时间": format_china_time(str(state.plan["time"])),
        "参与抽取数": str(frozen.files["frame.csv"].rows),
        "参与人员数": str(frozen.files["inspectors.csv"].rows),
        "方案校验码": frozen.code,
    }
