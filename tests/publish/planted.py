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

from double_random import data
from double_random.credit.records.load import load_records
from double_random.demo.bureau import fictitious_code
from double_random.publish.disclosure.masking import Masker
from double_random.publish.disclosure.review import list_waiting_texts
from double_random.publish.exports import upload_files
from double_random.publish.site import build, portal, signed_package
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
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

# What a masker meets beside Han Chinese names: by kind, made of parts, so that there are many of each.
HAN = (
    "张李王赵周吴郑冯陈褚卫蒋沈韩杨朱秦许何吕施孔曹严华金魏陶姜戚"
    "谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐",
    "建国 秀英 晓燕 海 志强 雨桐 子轩 丽华 明 国栋 春梅 梦 玉兰 浩然 文博 晨 佳怡 德胜 宝珠 永红",
)
OTHERS = {
    "compound": "欧阳示例 司马相如 上官婉 诸葛明 慕容雪 皇甫嵩 尉迟恭 公孙胜 "
    "令狐冲 端木赐 司徒雷 夏侯惇 东方朔 宇文护 长孙无 独孤求",
    "korean": "金正秀 朴正洙 崔明哲 李顺姬 玄彬浩 朴智星 禹东浩 权志龙 全智贤 南相国",
    "japanese": "田中太郎 铃木一郎 佐藤健二 山本和子 渡边次郎 高桥美智 伊藤诚 小林太郎 中村一郎 加藤和子",
    "tibetan": "扎西次仁 格桑卓玛 洛桑丹增 达娃央金 多吉平措 索朗旺堆 "
    "仁青顿珠 德吉曲珍 白玛嘉措 强巴贡布 尼玛扎西 边巴次仁",
    "uyghur": "阿依古丽 买买提明 努尔古丽 阿不都热合曼 热依汗古丽 库尔班江 "
    "艾孜买提 吐尔逊江 帕孜来提 古力娜扎 玉素甫江 迪丽热巴",
    "mongolian": "巴特尔 其其格 娜仁花 苏和巴图 斯琴高娃 乌力吉 那顺乌日图 特木尔 敖登格日勒 呼和图雅",
    "yi": "吉克隽逸 阿木木呷 沙马拉且 曲比阿乌 吉伍拉者 尔古木呷 约布伍呷 海来阿木",
    "traditional": "張偉強 劉德華 陳淑芬 黃志遠 葉倩文 吳麗珍 趙國棟 楊過雲",
    "rare": "张玥昕 李𬭊 王喆堃 赵芃芃 陈珺瑢 周翀 林昉玥 孙𠮷",
    "transcribed": "约翰逊 玛丽亚 迈克尔 詹姆斯 汤姆森 史密斯 伊万诺夫 安吉拉 罗伯特 威廉姆斯",
    "english": "John Smith|Maria Garcia|O'Brien|Anne-Marie Dupont|J. K. Rowling|Ada|"
    "Lee Wei|Mc Donald|van den Berg|Bob|Kim|Jean-Paul",
    "accents": "José Álvarez|Zoë Müller|François Lefèvre|Søren Kierkegård|Łukasz Żak|"
    "Nguyễn Văn An|Trần Thị Hoa|Ana Peña|Željko Ðokić|Ştefan Ionuţ",
    "pinyin": "zhangsan|Zhang San|LI SIHAI|wang xiaoming|Zhào Mǐn|ouyang|Chen Yi|LIU WEI|sun_li|WuXiuying",
    "cyrillic": "Иван Петров|Мария Иванова|Ольга|Қасым Тоқаев|Бат-Эрдэнэ|Ёлка Щукина",
    "arabic": "محمد علي|فاطمة حسن|عبد الله|گۈلنار|ئەخمەت جان|مریم",
    "hangul": "김철수|박영희|이순신|최 민수|정은지|조 용필",
    "kana": "たなか たろう|スズキ イチロー|さくら|ヤマダ花子|マリア|ﾀﾅｶ",
    "thai": "สมชาย ใจดี|กานดา|วิชัย|มาลี|นารี|ประยุทธ์",
    "greek": "Γιώργος Παπαδόπουλος|Ελένη|Νίκος|Σοφία",
    "tibetan script": "ཚེ་རིང་|བཀྲ་ཤིས་|རྡོ་རྗེ་|ལྷ་མོ།",
    "mongolian script": "ᠪᠠᠲᠤ|ᠰᠠᠷᠠᠨ|ᠲᠡᠮᠦᠷ",
    "other scripts": "राम कुमार|שרה כהן|გიორგი|Արամ|ꆈꌠ|ㄓㄤ ㄙㄢ|අමර|தமிழ்|ኃይለ|မောင်|ខេមរា|ວຽງ",
    "disguised": "Ｊｏｈｎ Ｓｍｉｔｈ|𝐉𝐨𝐡𝐧|Ⓜⓐⓡⓨ|J o h n|J.o.h.n|M-a-r-y|🄹🄾🄷🄽|ᴊᴏʜɴ",
}
DOTTED = (
    "阿依古丽 阿不都拉 约翰 让 玛丽 艾合买提 迈克尔 安娜 买买提 吐尔洪",
    "买买提 热合曼 史密斯 保罗 吐尔逊 伊万诺娃 乔丹 卡列尼娜 库尔班 阿布都克里木",
    "·・•‧∙⋅･.",
)
PEOPLE = (
    "委托人{name}反映其违规收费。",
    "该所接受{name}委托代理离婚案件,收费不开票。",
    "该所律师在办理{name}遗产继承案中泄露其患癌信息。",
    "经查,{name}于2025年3月1日支付代理费50000元。",
    "当事人{name}与该所签订委托合同后,该所未按约定出庭。",
    "举报人:{name}。该所至今未退款。",
    "该处为{name}出具公证书时未核实其身份。",
    "鉴定中心将{name}的检材遗失,{name}投诉至本局。",
)

# Rare family names, nicknames, and words of every day that are names too, in sentences where persons stand without a
# word that leads to them.
ODD = (
    "毋丘兴 仉督 哈斯 呼和 高峰 向阳 田野 白雪 常青 方正 安定 黄河 长江 梁山 石林 江山 高山 白云 阳光 金星 胜利 "
    "建国 国庆 解放 红旗 春风 秋月 冬梅 莫愁 花香 牛群 米粒 水清 云飞 雨荷 山丹 东方红 上官云 亓官明 妥明 尉犁 覃塘 "
    "时光 常德 黄金 白银 贾真 史实 言明 言语 字明 招弟 旺财 得福 阿福 小芳 翠花 小明 老王 王麻子 李四 海东青 贝贝 "
    "冰冰 静静 乐乐 圆圆 志强 秀兰 桂英 亓官春"
)
PERSONS_PLACES = (
    "该所律师私自收取{name}人民币五千元。",
    "{name}于2015年3月向我局投诉该所。",
    "该律师未经{name}同意撤诉。",
    "该律师冒用{name}签名。",
    "将{name}的案卷遗失。",
    "因{name}患病未能出庭，该律师未申请延期。",
    "在代理{name}诉某公司劳动争议一案中，未按时提交证据。",
    "该律师与{name}存在利益冲突。",
    "该所向{name}出具虚假意见书。",
    "泄露{name}隐私。",
    "收受对方当事人{name}财物。",
    "委托代理合同上{name}的签名系伪造。",
    "该律师多次辱骂{name}。",
    "{name}、李某等三人共同委托该所。",
    "该律师借给{name}两万元。",
    "该律师明知{name}不是继承人，仍办理公证。",
)


def people() -> list[str]:
    """500 names of many kinds."""
    chance = random.Random(500)
    firsts, lasts, dots = DOTTED[0].split(), DOTTED[1].split(), DOTTED[2]
    names = [one for some in OTHERS.values() for one in some.split("|" if "|" in some else None)]
    names += [f"{chance.choice(firsts)}{chance.choice(dots)}{last}" for last in lasts * 10]
    while len(names) < 500:
        names.append(chance.choice(HAN[0]) + chance.choice(HAN[1].split()))
    return names


def texts_about(names: list[str]) -> list[tuple[str, str]]:
    """Each name in a text, shapes by turns: text, name."""
    return [
        (PEOPLE[place % len(PEOPLE)].format(name=name), name) for place, name in enumerate(names)
    ]


def parts_left(text: str, name: str) -> list[str]:
    """What can still be read of a name: the whole, or a part of it that is no family name."""
    parts = [name, *re.split(r"[\s·・•‧∙⋅･.]+", name)]
    if re.fullmatch(r"[\u4e00-\u9fff]{3,}", name):
        parts += [name[1:], name[-2:]]
    return [part for part in parts if len(part) > 1 and part in text]


# Harmless texts with letters, terms and figures of every day: none of them may wait.
LETTERED = (
    "该所在微信公众号发布虚假广告,承诺代理案件必胜。",
    "该中心使用未经校准的DNA测序仪出具鉴定意见,违反GB/T 21679标准。",
    "该所通过APP招揽案源,向VIP客户承诺结果,收取咨询费3000元。",
    "普通合伙所(LLP)未按规定备案章程变更。",
    "该所主任律师未参加年度考核,经通知后仍未补考。",
    "该公证处出具的公证书存在格式错误,日期填写为二〇二四年二月三十日。",
    "该所未在收案后五日内与委托人签订书面委托代理合同。",
    "代理律师无正当理由不按时出庭参加诉讼,致使当事人的诉讼请求未获支持。",
    "司法鉴定人违反规定私自接受委托,私自收取费用共计6800元。",
    "该机构未按规定办理变更登记,擅自将住所迁至浦东新区世纪大道以外。",
    "该分所派驻律师不足三人,经限期整改后仍不符合设立条件。",
    "经调查,该所2023年度未缴纳个人会员费,未办理执业责任保险。",
    "该所伪造律师执业证书复印件,骗取法院立案登记。",
    "公证员在办理继承公证时未尽审查义务,造成国有资产流失。",
    "该基层法律服务所超越业务范围代理刑事案件两件。",
    "该所违反规定以个人账户收取律师费,未向委托人出具发票。",
    "鉴定机构未对鉴定材料进行妥善保管,导致检材遗失、污染。",
    "该所承办的破产案件中,未及时移交印章、账簿和文书资料。",
    "该所将办公场所出租给某教育咨询有限公司使用,未报告。",
    "该所在海报中使用国徽图案,违反国徽法第十八条规定。",
    "经查明,该公证处未按照收费标准公示,多收取公证费共1,280元。",
    "该所为提高排名,购买网络点击量,虚构客户好评。",
    "法律援助机构指派后,该所无故拒绝承办法律援助案件。",
    "该所在收到协查函后未予回复,拒不提供案卷材料。",
    "该仲裁委员会秘书处工作人员违规调阅卷宗,泄露合议庭评议内容。",
    "该所未建立重大疑难案件集体讨论制度,档案管理混乱,卷宗丢失5册。",
    "鉴定意见载明的伤残等级与临床资料明显不符,适用标准错误。",
    "该所律师会见在押人员时违反监管场所规定传递物品。",
    "行政相对人于2024年4月8日向本局提交了陈述申辩意见,本局未予采纳。",
    "其行为违反了《公证法》第二十三条第(四)项、《公证程序规则》第六条的规定。",
    "该所在未获授权的情况下,使用其他律师事务所的名称和商标进行宣传。",
    "因电梯施工,该所临时迁址办公,未在门口张贴告示。",
    "该机构法医临床类司法鉴定业务未取得CMA资质认定。",
    "该所拖欠员工工资及社会保险费,被人力资源部门责令改正。",
    "该所在线上直播间宣称与办案机关关系密切,误导公众。",
    "该公证处适用“绿色通道”不当,未核验银行流水原件。",
    "该所负责人变更后,未按规定换发执业许可证正副本。",
    "该所在国庆、中秋假期安排无证人员值班接待。",
    "该机构收取鉴定费后无故终止鉴定,未退还剩余费用。",
    "本局于2025年5月12日向该所送达行政处罚事先告知书。",
    "涉案合同约定的风险代理比例为38%,超过法定上限。",
    "该所出具的律师函内容失实,侵害他人名誉。",
    "该所未依法履行反洗钱义务,未识别客户身份。",
    "其违法所得人民币9,800元,情节轻微,及时改正。",
    "该所通过百度、抖音、小红书等平台发布未经审查的广告。",
    "该中心出具的亲子鉴定意见书未附检验图谱,且无授权签字人签名。",
    "该律师在《民法典·合同编》培训中未达到规定课时。",
    "该所在“3·15”消费者权益日接受媒体采访时泄露案情。",
    "该所设立党支部后未按要求上报统计报表。",
    "该所强行与客户解除合同,单方扣留证据原件。",
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
    firms = [(f"示例第{n}律师事务所", fictitious_code("31", 9000 + n)) for n in range(1, 41)]
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
    sync_registers(home, [folder / "drop"], DAY)
    load_records(home, [folder / "drop"], DAY)
    public = build.build_site(home, DAY)
    portal.build_portal_notices(home, DAY, folder / "portal")
    upload_files.build_upload_files(home, DAY, folder / "upload")
    signed_package.pack_edition(home, folder / "sealed.zip")
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
    wait = list_waiting_texts(home, DAY).height
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
