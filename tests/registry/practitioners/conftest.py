"""What the tests of practitioners share: persons' permits as intake gives them, and two firms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

Row = dict[str, Any]
FIRMS = {
    "甲": ("上海示例甲律师事务所", "31310000XXXX00001A"),
    "乙": ("上海示例乙律师事务所", "31310000XXXX00002A"),
    "丙": ("上海示例丙律师事务所", "31310000XXXX00003A"),
}


@pytest.fixture(scope="session")
def firms(permit: Callable[..., Row]) -> list[Row]:
    """Three firms, founded in 2000."""
    return [
        permit(
            name, uscc=code, licence=f"2310000000000000{at}", document=f"沪司许决字〔2000〕第{at}号"
        )
        for at, (name, code) in enumerate(FIRMS.values(), 1)
    ]


@pytest.fixture(scope="session")
def person() -> Callable[..., Row]:
    """A person's permit: the first one of 2010 in firm 甲 unless said otherwise; `at`: another firm; `moves`: the firms
    of a move.
    """

    def row(
        name: str = "示例张三",
        licence: str | None = "13100201010000001",
        at: str = "甲",
        moves: str = "",
        **said: Any,
    ) -> Row:
        content = f"专职律师执业;执业机构:{FIRMS[at][0]}" if at in FIRMS else at
        title = f"关于准予{name}律师执业的决定"
        if moves:
            old, new = (
                FIRMS[firm][0] if firm in FIRMS else f"浙江示例{firm}律师事务所" for firm in moves
            )
            content = f"变更执业机构;原执业机构:{old};现执业机构:{new}"
            title = f"关于准予{name}变更执业机构的决定"
        first = {
            "name": name,
            "licence": licence,
            "certificate": "律师执业证",
            "document": "沪司许决字〔2010〕第3001号",
            "title": title,
            "content": content,
            "decided": date(2010, 1, 1),
            "authority": "示例市司法局",
            "state": "valid",
        }
        return first | said

    return row


@pytest.fixture(scope="session")
def ends() -> Callable[..., Row]:
    """What a cancellation differs in from a first permit."""

    def said(name: str = "示例张三", why: str = "本人申请不再执业") -> Row:
        return {
            "title": f"关于注销{name}律师执业证的决定",
            "content": f"注销执业证书;事由:{why}",
        }

    return said


@pytest.fixture(scope="session")
def lawyers(person: Callable[..., Row]) -> list[Row]:
    """Four lawyers, two of them namesakes who were in one firm until one moved."""
    return [
        person("示例张三", "13100201010000001", at="甲"),
        person("示例张三", "13100201010000002", at="甲", decided=date(2011, 1, 1)),
        person("示例张三", "13100201010000002", moves="甲乙", decided=date(2014, 1, 1)),
        person("示例李四", "13100201010000003", at="甲"),
        person("示例王五", "13100201010000004", at="丙"),
    ]
