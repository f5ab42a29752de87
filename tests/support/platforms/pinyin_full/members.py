"""Members, their past, their benefits and their ratings."""

from datetime import datetime, timedelta

from tests.support.platforms.invented import (
    between,
    birthday,
    contract_rows,
    day,
    landline,
    later,
    lot,
    mobile,
    one_of,
)
from tests.support.platforms.pinyin_full.common import (
    CLERKS,
    characters,
    dashes,
    label,
    nothing,
    seconds,
    table,
)

TABLES = [
    *table(
        "hy_huiyuan",
        """
        id serial
        huiyuan_bianhao -- 编号
        gonghui_id
        xm -- 姓名
        xb
        csrq
        zjlx -- 证件
        sfzhm
        minzu
        xueli
        shouji -- 电话
        lianxi_dianhua -- 备用
        dizhi
        zhuce_riqi -- APP注册
        ruhui_riqi
        tuihui_riqi
        shiming_zt -- 实名状态
        shiming_riqi
        zhuangtai -- 状态
        openid -- 微信
        beizhu
        gengxin_sj -- 更新时间
        """,
        "会员",
    ),
    *table(
        "hy_huiyuan_bak20190630",
        """
        huiyuan_bianhao
        gonghui_id
        xm
        xb
        sfzhm
        shouji
        ruhui_riqi
        gengxin_sj
        """,
    ),
    *table(
        "hy_biandong_lishi",
        """
        id serial
        huiyuan_bianhao
        yuan_gonghui_id
        biandong_lx -- 类型
        biandong_riqi
        caozuo_ren
        """,
    ),
    *table(
        "hy_pingjia",
        """
        pingjia_bh -- ID
        huiyuan_bianhao
        gonghui_id -- 被评工会
        xingji -- 1-5
        pingjia_riqi
        neirong
        laiyuan -- app/wx
        gxsj
        """,
    ),
    *table(
        "hy_fuli_lingqu",
        """
        id serial
        huiyuan_bianhao
        fuli_mc
        jine
        lingqu_sj
        """,
    ),
]


def members(folder):
    for row in contract_rows(folder, "member"):
        key = row["member_id"]
        joined = day(row["joined_on"])
        imported = lot("imported", key) % 6 == 0
        yield {
            "huiyuan_bianhao": key,
            "gonghui_id": row["union_id"],
            "xm": row["name"],
            "xb": label("member", "gender", row["gender"]),
            "csrq": dashes(birthday(row)),
            "zjlx": "身份证",
            "sfzhm": row["id_number"] or one_of((None, "", "无"), "no number", key),
            "minzu": one_of(("汉族",) * 12 + ("畲族", "苗族"), "nation", key),
            "xueli": one_of(("本科", "大专", "高中", "初中"), "education", key),
            "shouji": row["phone"] or nothing(key),
            "lianxi_dianhua": one_of(
                (landline("member", key), mobile("second", key), None), "second", key
            ),
            "dizhi": f"{between(1, 90, 'street', key)}号{between(101, 2801, 'flat', key)}室",
            "zhuce_riqi": dashes(later(joined, 0, 1500, "app", key)) if lot(key) % 5 else None,
            "ruhui_riqi": characters(joined) if imported else dashes(joined),
            "tuihui_riqi": dashes(row["left_on"]) or nothing(key),
            "shiming_zt": "已认证" if row["verified_on"] else "未认证",
            "shiming_riqi": dashes(row["verified_on"]),
            "zhuangtai": "退会" if row["left_on"] else "正常",
            "openid": f"o{lot('wechat', key):015x}" if lot("wechat", key) % 2 else None,
            "beizhu": "批量导入" if imported else None,
            "gengxin_sj": seconds(row["updated_at"]),
        }


def members_of_backup(folder):
    for row in contract_rows(folder, "member"):
        key = row["member_id"]
        if row["joined_on"] < "2019-06-30" and lot("backup", key) % 10:
            yield {
                "huiyuan_bianhao": key,
                "gonghui_id": row["union_id"],
                "xm": row["name"],
                "xb": label("member", "gender", row["gender"]),
                "sfzhm": row["id_number"] or None,
                "shouji": row["phone"] or None,
                "ruhui_riqi": dashes(row["joined_on"]),
                "gengxin_sj": "2019-06-30 02:00:00",
            }


def memberships(folder):
    for row in contract_rows(folder, "member"):
        key = row["member_id"]
        if lot("history", key) % 4 == 0:
            yield {
                "huiyuan_bianhao": key,
                "yuan_gonghui_id": row["union_id"],
                "biandong_lx": "退会" if row["left_on"] else one_of(("入会", "转会"), key),
                "biandong_riqi": dashes(row["left_on"] or row["joined_on"]),
                "caozuo_ren": one_of(CLERKS, "clerk", key),
            }


def ratings(folder):
    for row in contract_rows(folder, "member_rating"):
        key = row["rating_id"]
        yield {
            "pingjia_bh": key,
            "huiyuan_bianhao": row["member_id"],
            "gonghui_id": row["union_id"],
            "xingji": row["stars"],
            "pingjia_riqi": dashes(row["rated_on"]),
            "neirong": one_of(("服务及时", "活动丰富", "有待改进", None), "said", key),
            "laiyuan": one_of(("app", "wx"), "from", key),
            "gxsj": seconds(row["updated_at"]),
        }


def welfare(folder):
    for row in contract_rows(folder, "member"):
        key = row["member_id"]
        if lot("welfare", key) % 6 == 0:
            hours = timedelta(hours=lot("got", key) % 8000)
            received = datetime(2020, 1, 1, 10) + hours  # noqa: DTZ001
            yield {
                "huiyuan_bianhao": key,
                "fuli_mc": one_of(("端午慰问", "中秋慰问", "生日券", "电影票"), "gift", key),
                "jine": one_of(("50", "100", "200"), "worth", key),
                "lingqu_sj": seconds(received),
            }


ROWS = {
    "hy_huiyuan": members,
    "hy_huiyuan_bak20190630": members_of_backup,
    "hy_biandong_lishi": memberships,
    "hy_pingjia": ratings,
    "hy_fuli_lingqu": welfare,
}
