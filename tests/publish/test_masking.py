"""The masker: 200 texts with planted personal data, 200 without; nothing planted stays, few are held for nothing."""

from __future__ import annotations

import random
import re
import unicodedata

import pytest

import data
from publish.masking import ADDRESS, NUMBER, Masker

MASKER = Masker.read(data.path("persons.toml"))

NAMES = (
    "张三",
    "李四海",
    "王小明",
    "赵敏",
    "欧阳示例",
    "陈一",
    "周大勇",
    "吴秀英",
    "孙丽",
    "郑成",
)
PHONES = ("13800138000", "15912345678", "021-62345678", "(010) 82345678", "0571 87654321")
CARDS = ("6222020200112233445", "6228480402564890018", "4367421217840123458")
PLACES = (
    "示例市示例区示例路100号3栋502室",
    "示例镇幸福村8组12号",
    "朝阳街道光明路88弄6号1203室",
    "示例省示例市解放大道甲12号",
    "阳光花园5幢2单元301室",
)
TEXTS = (
    "投诉人{name}(身份证{id},手机{phone},账号{card})反映其违规收费。",
    "经查,委托人{name}于2025年3月1日向该所支付代理费50000元,联系电话{phone},该所未开具发票。",
    "{name}反映,该所律师私自收费,款项转入{card}。",
    "当事人{name}(家住{place})与该所签订委托合同后,该所未按约定出庭。",
    "该所在办理{name}、{other}等人的公证时,未核实身份证{id}的真伪。",
    "申请人{name},男,公民身份号码{id},住址{place},申请鉴定,该中心超期未出具意见书。",
    "该所违规向客户{name}收取费用20万元,转账账户{card},收件地址:{place}。",
    "2024年5月,原告{name}与被告{other}因借款纠纷委托该所,该所同时代理双方,电话{phone}。",
)
PLAIN = (
    "当事人存在上述行为,事实清楚。",
    "经查,该所2025年度未按规定提交年度检查考核材料,经责令限期改正后仍未改正。",
    "该所于2024年6月1日至2024年12月31日期间,违规收取代理费合计1234567.89元。",
    "该所指派未取得执业证书的实习人员独立办理案件3件,违反《中华人民共和国律师法》第五十条。",
    "该公证处出具的(2024)示证字第01234号公证书,未审查当事人的行为能力。",
    "该鉴定中心超出登记的业务范围从事鉴定活动,共出具鉴定意见书27份,收费135000元。",
    "该所任何合伙人均未参加培训;高度重视不足,程序不规范,方式不当。",
    "经核实,该所2023年10月起未建立利益冲突审查制度,温州、武汉两处分所同样未建立。",
    "沪司罚决字〔2025〕第000123号决定书责令该所停业整顿三个月。",
    "该所为同一案件的原告和被告提供代理,构成利益冲突,情节严重。",
    "该所律师在庭审中多次打断审判人员,扰乱法庭秩序,经警告后仍不停止。",
    "该所未将案件款项存入专用账户,涉及金额80万元,已于2025年1月退还。",
)


def person(chance: random.Random) -> str:
    """A made-up ID number with a right check digit."""
    born = f"{chance.randint(1950, 2005)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    body = f"990101{born}{chance.randint(0, 999):03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def disguised(number: str, chance: random.Random) -> str:
    """A number as people write it: as it is, in full width, with blanks, split by marks."""
    digits = re.sub(r"\D(?!$)", "", number) if len(number) > 13 else number
    way = chance.randrange(4)
    if way == 1:
        return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() or c == "X" else c for c in digits)
    if way in (2, 3):
        mark = " " if way == 2 else "-"
        return (
            mark.join(re.findall(r".{1,4}", digits))
            if len(digits) > 13
            else digits.replace("138", "138 ", 1)
        )
    return digits


def planted() -> list[tuple[str, list[str]]]:
    """200 texts, each with what must not stay."""
    chance = random.Random(20261122)
    made = []
    for place in range(200):
        shape = TEXTS[place % len(TEXTS)]
        name, other = chance.sample(NAMES, 2)
        values = {
            "name": name,
            "other": other,
            "id": disguised(person(chance), chance),
            "phone": disguised(chance.choice(PHONES), chance),
            "card": disguised(chance.choice(CARDS), chance),
            "place": chance.choice(PLACES),
        }
        made.append(
            (shape.format(**values), [values[key] for key in re.findall(r"{(\w+)}", shape)])
        )
    return made


def left(text: str, values: list[str]) -> list[str]:
    """Which of the planted values can still be read in a text."""
    flat = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text))
    return [v for v in values if re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", v)) in flat]


def test_nothing_planted_goes_out() -> None:
    for text, values in planted():
        masked = MASKER.mask(text)
        assert left(text, values) != []  # the search finds what is there
        if not masked.doubts:
            assert left(masked.text, values) == [], (text, masked.text)


def test_most_of_what_is_masked_needs_nobodys_look() -> None:
    held = [text for text, _ in planted() if MASKER.mask(text).doubts]
    assert len(held) <= 60, held[:5]


def test_under_five_percent_are_held_for_nothing() -> None:
    chance = random.Random(7)
    texts = ["".join(chance.sample(PLAIN, chance.randint(1, 3))) for _ in range(200)]
    held = [text for text in texts if MASKER.mask(text).doubts]
    assert len(held) < 10, held[:3]


@pytest.mark.parametrize("text", PLAIN)
def test_a_text_without_persons_stays_as_it_is(text: str) -> None:
    masked = MASKER.mask(text)
    assert masked.text == text


def test_the_punished_keeps_its_name() -> None:
    name = "示例张三律师事务所"
    assert name in MASKER.mask(f"{name}未按规定收费,委托人张三投诉。", (name,)).text


def test_what_was_taken_out_is_said() -> None:
    masked = MASKER.mask("委托人张三(电话13800138000)家住示例路100号3栋502室。")
    assert masked.text == f"委托人张某(电话{NUMBER})家住{ADDRESS}。"
    assert masked.doubts == ()


def test_a_number_in_chinese_digits_is_a_number() -> None:
    assert "八零零" not in MASKER.mask("电话一三八零零一三八零零零。").text


def test_a_name_alone_is_held_for_a_look() -> None:
    assert MASKER.mask("该所安排,李四海,参加会议。").doubts
