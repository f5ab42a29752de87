"""Members, their past, their benefits and their ratings."""

from datetime import date, timedelta
from decimal import Decimal

from tests.support.platforms.commented.common import audit, code, compact, table
from tests.support.platforms.invented import (
    between,
    birthday,
    day,
    digits,
    landline,
    later,
    lot,
    mobile,
    one_of,
    person,
)

TABLES = [
    *table(
        "t_mbr_info",
        "实名制会员信息表",
        """
        mbr_id bigint primary key -- 会员主键
        org_id bigint not null references t_union_org (org_id) -- 所属工会主键
        mbr_no varchar(32) not null unique -- 会员编号
        card_no varchar(32) -- 会员卡号
        mbr_name varchar(50) not null -- 姓名
        used_name varchar(50) -- 曾用名
        gender char(1) not null -- 性别：1男 2女
        birth_dt varchar(8) -- 出生日期（YYYYMMDD）
        nation varchar(20) -- 民族
        edu char(1) -- 学历：1研究生 2本科 3大专 4高中及以下
        id_type char(1) -- 证件类型：1居民身份证 2其他
        id_no varchar(30) -- 证件号码
        lnk_tel varchar(30) -- 联系电话（固话）
        mobile varchar(20) -- 手机号码
        emg_psn varchar(50) -- 紧急联系人
        emg_tel varchar(20) -- 紧急联系人手机
        addr varchar(300) -- 家庭住址
        org_no varchar(32) not null -- 所属工会编号
        work_dt date -- 参加工作日期
        join_dt date not null -- 入会日期
        leave_dt date -- 离会日期
        auth_flag char(1) -- 是否实名认证：1是 0否
        auth_dt varchar(8) -- 实名认证通过日期（YYYYMMDD）
        mbr_sts char(1) -- 会籍状态：1在会 2离会
        """,
    ),
    *table(
        "t_mbr_his",
        "会员会籍变更历史表",
        """
        his_id bigint primary key -- 主键
        mbr_id bigint references t_mbr_info (mbr_id) -- 会员主键
        mbr_no varchar(32) -- 会员编号
        mbr_name varchar(50) -- 姓名
        org_no varchar(32) -- 变更前工会编号
        chg_type char(1) -- 变更类型：1入会 2转会 3离会
        chg_dt date -- 变更日期
        """,
    ),
    *table(
        "t_mbr_welfare",
        "会员福利领取记录表",
        """
        wel_id bigint primary key -- 主键
        mbr_id bigint references t_mbr_info (mbr_id) -- 会员主键
        mbr_no varchar(32) -- 会员编号
        wel_name varchar(100) -- 福利名称
        wel_amt numeric(10, 2) -- 福利金额（元）
        recv_dt date -- 领取日期
        """,
    ),
    *table(
        "t_mbr_eval",
        "会员评价表",
        """
        eval_id bigint primary key -- 主键
        eval_no varchar(32) not null unique -- 评价编号
        mbr_id bigint not null references t_mbr_info (mbr_id) -- 评价会员主键
        mbr_no varchar(32) not null -- 评价会员编号
        org_no varchar(32) not null references t_union_org (org_no) -- 被评价工会编号
        star_lvl integer not null -- 评价星级：1至5星
        eval_cont varchar(500) -- 评价内容
        eval_dt varchar(8) not null -- 评价日期（YYYYMMDD）
        reply_dt date -- 回复日期
        """,
    ),
]


def members(platform):
    for row in platform.rows("member"):
        key = row["member_id"]
        born = birthday(row)
        yield {
            "mbr_id": platform.members[key],
            "mbr_no": key,
            "card_no": "6217" + digits(12, "card", key),
            **platform.union(row),
            "mbr_name": row["name"],
            "used_name": person("used", key) if lot("used", key) % 50 == 0 else None,
            "gender": code("member", "gender", row["gender"]),
            "birth_dt": f"{born:%Y%m%d}",
            "nation": one_of(("汉族",) * 12 + ("畲族", "苗族"), "nation", key),
            "edu": one_of("1223334444", "education", key),
            "id_type": "1" if row["id_number"] else None,
            "id_no": row["id_number"] or None,
            "lnk_tel": landline("member", key) if lot("line", key) % 3 else None,
            "mobile": row["phone"] or None,
            "emg_psn": person("emergency", key),
            "emg_tel": mobile("emergency", key) if lot("emergency", key) % 4 else None,
            "addr": f"{between(1, 90, 'street', key)}号{between(101, 2801, 'flat', key)}室",
            "work_dt": later(day(row["joined_on"]), -3000, -10, "work", key),
            "join_dt": day(row["joined_on"]),
            "leave_dt": day(row["left_on"]),
            "auth_flag": "1" if row["verified_on"] else "0",
            "auth_dt": compact(row["verified_on"]),
            "mbr_sts": "2" if row["left_on"] else "1",
            **audit(row, key),
        }


def memberships(platform):
    chosen = [row for row in platform.rows("member") if lot("history", row["member_id"]) % 3 == 0]
    for number, row in enumerate(chosen, start=70_001):
        key = row["member_id"]
        yield {
            "his_id": number,
            "mbr_id": platform.members[key],
            "mbr_no": key,
            "mbr_name": row["name"],
            "org_no": row["union_id"],
            "chg_type": "3" if row["left_on"] else one_of("12", "change", key),
            "chg_dt": day(row["left_on"] or row["joined_on"]),
            **audit(row, ("history", key)),
        }


def welfare(platform):
    chosen = [row for row in platform.rows("member") if lot("welfare", row["member_id"]) % 5 == 0]
    for number, row in enumerate(chosen, start=80_001):
        key = row["member_id"]
        yield {
            "wel_id": number,
            "mbr_id": platform.members[key],
            "mbr_no": key,
            "wel_name": one_of(("端午慰问", "中秋慰问", "生日蛋糕券", "电影票"), "gift", key),
            "wel_amt": Decimal(one_of((50, 100, 200, 300), "worth", key)),
            "recv_dt": date(2020, 1, 1) + timedelta(days=lot("received", key) % 360),
            **audit(row, ("welfare", key)),
        }


def evaluations(platform):
    for row, number, key, audited in platform.numbered("member_rating", "rating_id", 530_001):
        answered = lot("answered", key) % 3 == 0
        yield {
            "eval_id": number,
            "eval_no": key,
            "mbr_id": platform.members[row["member_id"]],
            "mbr_no": row["member_id"],
            "org_no": row["union_id"],
            "star_lvl": int(row["stars"]),
            "eval_cont": one_of(("服务及时", "活动丰富", "有待改进", None), "said", key),
            "eval_dt": compact(row["rated_on"]),
            "reply_dt": later(day(row["rated_on"]), 1, 9, "reply", key) if answered else None,
            **audited,
        }


ROWS = {
    "t_mbr_info": members,
    "t_mbr_his": memberships,
    "t_mbr_welfare": welfare,
    "t_mbr_eval": evaluations,
}
