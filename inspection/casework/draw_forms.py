"""Fills the forms of a draw for its stage: 方案封存单 once it is sealed, the forms of its case once it is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from double_random.inspection.casework.forms import beijing, forms, of_draw, zh
from double_random.inspection.casework.template import Content, fill
from double_random.inspection.draw.draw_folder import Folder
from double_random.inspection.draw.draw_state import Stage, State, of
from double_random.inspection.planning.wording import source_named

if TYPE_CHECKING:
    from double_random.store.home import Home


def papers(home: Home, draw: str, as_of: date, wanted: str = "") -> Iterator[tuple[str, bytes]]:
    """Fill the forms of a draw's stage as (path, bytes), optionally only the files with a prefix.

    Misuse if the draw is not sealed, or if no form of its stage has the prefix.
    """
    state = of(home.log.entries(), draw)
    sealing = [form for form in forms(home) if form.per == "plan" and form.file.startswith(wanted)]
    for form in sealing:
        yield form.file, fill(form.file, form.template(home), Content(_sealed(home, state)))
    drawn = state.stage in (Stage.drawn, Stage.published)
    if not sealing or (drawn and not wanted):
        yield from of_draw(home, draw, as_of, wanted)


def _sealed(home: Home, state: State) -> dict[str, str]:
    frozen = Folder.of(home, state.draw).plan()
    return {
        "检查机关": frozen.authority_name,
        "抽取名称": frozen.draw,
        "抽查任务名称": frozen.title,
        "随机源": "、".join(source_named(source, zh) for source in frozen.sources),
        "号码产生时间": beijing(frozen.not_before),
        "封存时间": beijing(str(state.plan["time"])),
        "参与抽取数": str(frozen.files["frame.csv"].rows),
        "参与人员数": str(frozen.files["inspectors.csv"].rows),
        "方案校验码": frozen.code,
    }
