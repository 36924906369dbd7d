"""200 made-up free texts with planted personal data, 200 without, and a home in which both stand wherever text may.

`python -m tests.publish.planted` builds it, writes everything that goes out, searches it, and prints what it found.
"""

from __future__ import annotations

import csv
import io
import random
import re
import sys
import tempfile
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import data
from credit.load import load
from demo.bureau import code
from publish import portal, sealed, site, upload_files
from publish.clearing import waiting
from publish.masking import Masker
from registry.sync import sync
from store.home import Home
from tests.publish.unpacked import unpacked

DAY = date(2025, 6, 1)
NAMES = (
    *("张三", "李四海", "王小明", "赵敏", "欧阳示例", "陈一", "周大勇", "吴秀英", "孙丽", "郑成"),
    *(
        "钱多多",
        "冯晓燕",
        "褚建国",
        "卫东海",
        "蒋梦",
        "沈玉兰",
        "韩梅梅",
        "杨过之",
        "朱八",
        "许三多",
    ),
)
PHONES = (
    *("13800138000", "15912345678", "021-62345678", "(010) 82345678", "0571 87654321"),
    *("18600001111", "+86 17712340000", "0755-2345678"),
)
CARDS = (
    *("6222020200112233445", "6228480402564890018", "4367421217840123458"),
    *("6217000010012345678", "9558801234567890123"),
)
PLACES = (
    *("示例市示例区示例路100号3栋502室", "示例镇幸福村8组12号", "朝阳街道光明路88弄6号1203室"),
    *("示例省示例市解放大道甲12号", "阳光花园5幢2单元301室", "示例县人民街21号院4号楼"),
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
    "举报人{name}来信称,该所主任让其把30000元汇至卡号{card},至今未退。",
    "该所承办律师在法庭上泄露委托人{name}的住所({place})和电话{phone}。",
    "继承人{name}、{other}到该处申请继承公证,该处未查明二人身份({id})即出具公证书。",
    "经询问投诉人{name}(电话:{phone}),其于2024年8月交付律师费15000元。",
    "该中心受{name}委托进行亲子鉴定,样本送检人证件号码为{id},未按规定核验。",
    "患者{name}的家属{other}对鉴定意见提出异议,要求寄送至{place}。",
    "该所将客户{name}的身份证号{id}、手机号{phone}上传至公开网站。",
    "收款人{name},开户行示例银行,账号{card},金额80000元,未入该所账户。",
    "被害人{name}之母{other}向本局投诉,留有联系方式{phone}。",
    "证人{name}证实,其收到该所寄往{place}的文件,内有{other}的材料。",
    "公证员为不在场的{name}(身份证号码:{id})办理了委托书公证。",
    "该所与{name}女士签订风险代理协议,约定费用转入其配偶{other}名下的{card}。",
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
    "现场检查发现,该所档案室有45卷卷宗未编页码,收案登记簿缺失2024年3月至5月的记录。",
    "该所变更住所后未在15日内备案,违反《律师事务所管理办法》第二十六条第二款。",
    "鉴定人未出庭作证,人民法院于2024年11月8日作出(2024)示01民终1234号民事判决。",
    "该处收取公证费共计12,600元,超出政府指导价标准2,100元。",
    "该所在宣传册中使用“全国第一”“胜诉率100%”等用语,属于虚假宣传。",
    "分所负责人未按要求参加2024年度培训,应到8次,实到3次。",
    "该所聘用3名未取得律师执业证的人员以律师名义接待来访群众,共计56人次。",
    "责令限期整改通知书(示司责改〔2024〕12号)送达后,该所逾期30日未提交整改报告。",
)

# Forms with which the masker was tried once its words stood: here names stand where no word of its list leads to them.
UNSEEN = (
    "经核查,该所主任收取当事人{name}现金60000元,未入账,{name}多次拨打{phone}催要未果。",
    "本局接到{name}实名举报,称该所为{other}提供虚假证明。",
    "该所律师向{name}借款10万元,借条载明身份证号{id}。",
    "2025年1月,{name}通过微信向承办律师转账2万元,卡号{card}。",
    "该处在{name}不在场的情况下,依据{other}提供的材料出具公证书。",
    "鉴定人未到{place}实地勘验,即出具鉴定意见。",
    "投诉人:{name};联系电话:{phone};住址:{place}。",
    "该所接受{name}、{other}二人委托后,因内部管理混乱致使超过诉讼时效。",
    "经调取银行流水,{card}账户(户名{name})于2024年9月收款3笔。",
    "该所未经{name}同意,将其病历及家庭地址{place}提供给对方当事人{other}。",
)
UNSEEN_PLAIN = (
    "经抽查该所2024年度30份案卷,其中12份缺少办案小结,8份未附委托合同。",
    "该所未在显著位置公示收费项目和收费标准,违反《律师服务收费管理办法》。",
    "该公证处对不真实、不合法的事项出具公证书2件,已依法撤销。",
    "该中心使用未经检定的仪器设备开展检验鉴定活动,时间自2023年1月至2024年6月。",
    "该所将律师执业证借给未取得资格的人员使用,造成恶劣社会影响。",
    "该所拒不配合检查,未按期提供财务账簿和银行对账单。",
    "根据上级交办线索,本局于2024年7月15日立案调查,同年9月20日调查终结。",
    "该所成立时间不足三年,内部管理混乱,高级合伙人人数不符合规定条件。",
    "鉴于该所主动改正,未造成危害后果,依法从轻处罚。",
    "该所在互联网发布广告,承诺案件办理结果,并以支付介绍费等方式招揽业务。",
    "该所向审判人员行贿,金额特别巨大,严重损害司法公正。",
    "鉴定意见书引用的技术标准已经废止,结论依据不足,方法选择不当。",
    "该处未对当事人提交的房产证明进行核实,致使错误公证,涉案房屋价值350万元。",
    "任用未通过年度考核的人员从事公证业务,时长共计11个月。",
    "该所主任疏于管理,程序意识淡薄,万余元案款长期滞留账外。",
    "查询企业信用信息公示系统,该所对外投资设立咨询公司一家,持股比例60%。",
    "该所应当于2024年12月31日前完成整改,但至今未提交整改报告。",
    "施工合同纠纷案件中,该所遗失委托人提交的证据原件一份。",
    "经复查,该所已补缴税款及滞纳金,原问题整改到位。",
    "该所在办理破产管理人业务中怠于履行职责,被人民法院书面通报。",
)


def person(chance: random.Random) -> str:
    """A made-up ID number with a right check digit, of a place that there is not."""
    born = f"{chance.randint(1950, 2005)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    body = f"990101{born}{chance.randint(0, 999):03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def disguised(number: str, chance: random.Random) -> str:
    """A number as people write it: as it is, in full width, with blanks, split by marks."""
    long = len(re.sub(r"\D", "", number)) > 13
    digits = re.sub(r"\D(?!$)", "", number) if long else number
    way = chance.randrange(5)
    if way == 1:
        return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() or c == "X" else c for c in digits)
    if way in (2, 3, 4):
        mark = (" ", "-", ".")[way - 2]
        if long:
            return mark.join(re.findall(r".{1,4}", digits))
        if re.fullmatch(r"1\d{10}", digits):
            return mark.join((digits[:3], digits[3:7], digits[7:]))
    return digits


def planted(seed: int = 20261122, shapes: tuple[str, ...] = TEXTS) -> list[tuple[str, list[str]]]:
    """200 texts, each with what must not stay."""
    chance = random.Random(seed)
    made = []
    for place in range(200):
        shape = shapes[place % len(shapes)]
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


def plain() -> list[str]:
    """200 texts without personal data: one to three sentences each."""
    chance = random.Random(7)
    return ["".join(chance.sample(PLAIN, chance.randint(1, 3))) for _ in range(200)]


def flat(text: str) -> str:
    """A text without width, blanks and marks: however a value is written, it is found in it."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text))


def left(text: str, values: list[str]) -> list[str]:
    """Which of the planted values can still be read in a text."""
    whole = flat(text)
    return [value for value in values if flat(value) in whole]


@dataclass(frozen=True)
class Figures:
    """What the search found."""

    texts: int  # with planted data, in penalties' facts
    values: int  # planted, all different
    files: int  # searched, with those in archives
    left: tuple[tuple[str, str], ...]  # file, value
    shown: int  # of those texts: went out, masked
    waiting: int  # wait for a person's look
    held_for_nothing: (
        int  # of 200 texts without personal data, and of those masked whole: held all the same
    )


PERMITS = (
    "行政相对人名称 行政相对人代码_1(统一社会信用代码) 法定代表人 法定代表人证件号码 联系电话 行政许可决定文书名称 "
    "行政许可决定文书号 许可证书名称 许可内容 许可决定日期 有效期自 有效期至 许可机关 备注"
)
PENALTIES = (
    "行政相对人名称 行政相对人代码_1(统一社会信用代码) 行政处罚决定书文号 违法行为类型 违法事实 处罚依据 处罚类别 "
    "处罚内容 罚款金额(万元) 处罚决定日期 处罚有效期 公示截止期 处罚机关 备注"
)
COMPLAINTS = "登记编号 被投诉机构 统一社会信用代码 登记日期 来源 投诉事项 受理情况 办理结果 办结日期 投诉人 投诉人电话"


def drop(folder: Path) -> None:
    """Files in which planted texts stand wherever a bureau's files have free text, and plain ones as facts besides."""
    folder.mkdir()
    texts = [text for text, _values in planted()]
    firms = [(f"示例第{n}律师事务所", code("31", 9000 + n)) for n in range(1, 41)]
    permits = [
        (
            *(*firm, f"示例甲{n}", person(random.Random(n)), PHONES[n % len(PHONES)]),
            *("准予律师事务所设立的决定", f"示例司许决字〔2020〕{n}号", "律师事务所执业许可证"),
            *(f"律师事务所设立;{texts[n]}", "2020-01-06", "2020-01-06", "2099-12-31"),
            *("示例市司法局", texts[-n]),
        )
        for n, firm in enumerate(firms, start=1)
    ]
    penalties = []
    for n, text in enumerate([*texts, *plain()]):
        other = texts[(n * 7 + 3) % len(texts)]
        conduct = other if n % 10 == 9 else "违规收费"  # now and then in a field where none belongs
        number = f"示例司罚决字〔2025〕{n + 1}号"
        penalties.append(
            (
                *(*firms[n % len(firms)], number, conduct, text, "律师法第五十条", "罚款", other),
                *("0.5", "2025-03-03", "2026-03-02", "2026-03-02", "示例市司法局", other),
            )
        )
    complaints = [
        (
            *(f"投{n:04d}", *firms[n % len(firms)], "2025-02-03", "来信", text, "受理", "属实"),
            *("2025-03-01", NAMES[n % len(NAMES)], PHONES[n % len(PHONES)]),
        )
        for n, text in enumerate(texts)
    ]
    _write(folder / "许可.csv", PERMITS, permits)
    _write(folder / "处罚.csv", PENALTIES, penalties)
    _write(folder / "投诉.csv", COMPLAINTS, complaints)


def gone_out(folder: Path) -> tuple[Home, list[Path]]:
    """A home of that drop, and the folders and files of everything that leaves it."""
    home = Home.create(folder / "home", "示例市司法局", "11990000XXXX00019X")
    drop(folder / "drop")
    sync(home, [folder / "drop"], DAY)
    load(home, [folder / "drop"], DAY)
    public = site.build(home, DAY)
    portal.build(home, DAY, folder / "portal")
    upload_files.build(home, DAY, folder / "upload")
    sealed.pack(home, folder / "sealed.zip")
    return home, [public.resolve(), folder / "portal", folder / "upload", folder / "sealed.zip"]


def search(folder: Path) -> Figures:
    """Build everything below a folder, and look for every planted value in every file, archives opened."""
    home, out = gone_out(folder)
    texts = planted()
    values = sorted({value for _text, some in texts for value in some} | set(NAMES) | set(PHONES))
    wanted = {flat(value): value for value in values}
    files = 0
    found = []
    for top in out:
        for file in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if file.is_file():
                for path, text in unpacked(file.name, file.read_bytes()):
                    files += 1
                    whole = flat(text)
                    found += [(path, value) for key, value in wanted.items() if key in whole]
    masker = Masker.read(data.path("persons.toml"))
    masked = [(masker.mask(text), some) for text, some in texts]
    nothing = sum(bool(masker.mask(text).doubts) for text in plain())
    nothing += sum(bool(one.doubts) and not left(one.text, some) for one, some in masked)
    wait = waiting(home, DAY).height
    held = sum(bool(one.doubts) for one, _some in masked)
    return Figures(len(texts), len(values), files, tuple(found), len(texts) - held, wait, nothing)


def _write(file: Path, header: str, rows: list[tuple[str, ...]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([header.split(), *rows])
    file.write_bytes(text.getvalue().encode())


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory(prefix="double-random-") as folder:
        found = search(Path(folder))
    print(f"texts with planted data    {found.texts}, with {found.values} different values")
    print(
        f"files searched             {found.files} (public folder, portal, upload files, sealed package)"
    )
    print(f"values found               {len(found.left)}")
    print(f"masked and shown           {found.shown} of {found.texts}")
    print(f"wait for a look            {found.waiting}")
    print(f"held for nothing           {found.held_for_nothing} of {found.texts + len(plain())}")
    for path, value in found.left:
        print(path, value)
    sys.exit(1 if found.left else 0)


if __name__ == "__main__":
    main()
