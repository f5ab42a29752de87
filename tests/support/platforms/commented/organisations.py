"""Areas, enterprises, unions and what befell them."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from tests.support.platforms.commented.common import (
    audit,
    code,
    compact,
    count,
    installed,
    table,
)
from tests.support.platforms.invented import (
    between,
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
        "t_sys_area",
        "行政区划表",
        """
        id bigint primary key -- 主键
        sort_no integer -- 排序号
        area_name varchar(100) not null -- 区划名称
        parent_id bigint references t_sys_area (id) -- 上级区划主键
        full_code char(12) -- 统计用区划代码（12位）
        area_code varchar(12) not null unique -- 区划代码
        parent_code varchar(12) -- 上级区划代码
        area_lvl char(1) not null -- 区划级别：2地市 3县（市、区） 4乡镇（街道）
        area_name_en varchar(100) not null -- 英文名称
        """,
        audit="""
        crt_dt timestamp(0) -- 创建时间
        del_flag char(1) default '0' -- 删除标志：0正常 1删除
        """,
    ),
    *table(
        "t_trade_fed",
        "地方总工会（上级工会）表",
        """
        fed_id bigint primary key -- 主键
        fed_name varchar(100) not null -- 总工会名称
        area_code varchar(12) references t_sys_area (area_code) -- 所在区划代码
        est_dt date -- 成立日期
        lnk_psn varchar(50) -- 联系人
        lnk_tel varchar(30) -- 联系电话
        """,
    ),
    *table(
        "t_ent_base_info",
        "民营企业基本信息表",
        """
        ent_id bigint primary key -- 企业主键
        ent_name varchar(200) not null -- 企业名称
        reg_no varchar(15) -- 工商注册号（旧15位）
        uscc char(18) not null unique -- 统一社会信用代码
        lgl_psn varchar(50) -- 法定代表人
        lgl_psn_tel varchar(30) -- 法定代表人电话
        ind_dtl char(3) -- 行业大类代码
        ind_cls char(1) not null -- 国民经济行业门类（GB/T 4754，A-T）
        reg_cap numeric(14, 2) -- 注册资本（万元）
        county_code varchar(12) references t_sys_area (area_code) -- 所属县（市、区）
        area_code varchar(12) not null references t_sys_area (area_code) -- 所属乡镇（街道）
        addr varchar(300) -- 经营地址
        stf_cnt integer -- 职工人数
        fml_cnt integer -- 其中女职工人数
        mbr_cnt integer -- 会员人数
        est_dt date not null -- 企业成立日期
        lic_dt date -- 营业执照核发日期
        lnk_psn varchar(50) -- 联系人
        lnk_tel varchar(30) -- 联系电话
        """,
    ),
    *table(
        "t_ent_oper_chg",
        "企业生产经营状况变动表",
        """
        chg_id bigint primary key -- 主键
        ent_id bigint not null references t_ent_base_info (ent_id) -- 企业主键
        uscc char(18) not null -- 统一社会信用代码
        chg_no varchar(32) not null unique -- 变动记录编号
        rpt_dt date -- 上报日期
        chg_dt varchar(8) not null -- 变动发生日期（YYYYMMDD）
        chg_type char(1) not null -- 变动类型：1开业 2复工复产 3转产 4搬迁 5停产停业 6合并 7关闭
        chg_rsn varchar(500) -- 变动原因
        aft_num integer -- 涉及职工人数
        """,
    ),
    *table(
        "t_union_org",
        "企业工会组织信息表",
        """
        org_id bigint primary key -- 工会主键
        org_no varchar(32) not null unique -- 工会编号
        org_name varchar(200) not null -- 工会名称
        up_fed_id bigint references t_trade_fed (fed_id) -- 上级工会
        ent_id bigint not null references t_ent_base_info (ent_id) -- 所属企业主键
        uscc char(18) not null -- 所属企业统一社会信用代码
        chrmn_name varchar(50) -- 工会主席姓名
        chrmn_mob varchar(20) -- 工会主席手机
        mbr_cnt integer -- 会员数
        est_dt date not null -- 建会日期
        elect_dt date -- 本届委员会选举日期
        next_elect_dt date -- 下次换届日期
        term_yrs integer -- 届期（年）：3或5
        has_audit_comm varchar(2) -- 是否设立经费审查委员会：是/否
        has_wmn_comm char(1) not null -- 是否设立女职工委员会：1是 0否
        lgl_psn_reg_dt date -- 工会法人资格登记日期
        plat_link_dt varchar(8) -- 接入智慧工会平台日期（YYYYMMDD），为空表示未接入
        bank_acct varchar(32) -- 工会账户
        """,
    ),
    *table(
        "t_ent_viol",
        "企业违法违规（即知即改）表",
        """
        viol_id bigint primary key -- 主键
        viol_no varchar(32) not null unique -- 问题编号
        ent_id bigint not null references t_ent_base_info (ent_id) -- 企业主键
        uscc char(18) not null -- 统一社会信用代码
        viol_type char(1) not null -- 违规类型：1拖欠工资 2社会保险 3超时加班 4安全生产 5劳动合同
        viol_desc varchar(500) -- 问题描述
        aft_num integer -- 涉及人数
        find_dt date not null -- 发现日期
        limit_dt date not null -- 整改期限
        rect_dt date -- 整改完成日期
        fine_amt numeric(14, 2) -- 处罚金额（元）
        """,
    ),
]


def areas(platform):
    for row in sorted(platform.rows("region"), key=lambda row: len(row["region_code"])):
        region = row["region_code"]
        yield {
            "id": platform.areas[region],
            "area_code": region,
            "full_code": region.ljust(12, "0"),
            "area_name": row["name_zh"],
            "area_name_en": row["name_en"],
            "area_lvl": code("region", "level", row["level"]),
            "parent_id": platform.areas.get(row["parent_code"]),
            "parent_code": row["parent_code"] or None,
            "sort_no": int(region[-2:]),
            "crt_dt": datetime(2018, 5, 2, 9),  # noqa: DTZ001
            "del_flag": "0",
        }


def enterprises(platform):
    for row in platform.rows("enterprise"):
        key = row["enterprise_id"]
        staff = count(row["employee_count"])
        yield {
            **platform.enterprise(row),
            "ent_name": row["name_zh"],
            "reg_no": row["region_code"][:6] + digits(9, key),
            "lgl_psn": person("legal", key),
            "lgl_psn_tel": mobile("legal", key),
            "ind_cls": row["industry_code"],
            "ind_dtl": row["industry_code"] + digits(2, "industry", key),
            "reg_cap": between(1, 300, "capital", key) * 10,
            "county_code": row["region_code"][:6],
            "area_code": row["region_code"],
            "addr": f"工业区{between(1, 9, key)}路{between(1, 300, 'house', key)}号",
            "stf_cnt": staff,
            "fml_cnt": staff and staff * between(20, 60, "women", key) // 100,
            "mbr_cnt": staff and staff * between(60, 98, "members", key) // 100,
            "est_dt": day(row["established_on"]),
            "lic_dt": later(day(row["established_on"]), 300, 4000, "licence", key),
            "lnk_psn": person("contact", key),
            "lnk_tel": landline("contact", key),
            **audit(row, key),
        }


def operating_changes(platform):
    for row, number, key, audited in platform.numbered("operating_event", "event_id", 410_001):
        yield {
            "chg_id": number,
            "chg_no": key,
            **platform.enterprise(row),
            "chg_type": code("operating_event", "event", row["event"]),
            "chg_dt": compact(row["occurred_on"]),
            "rpt_dt": later(day(row["occurred_on"]), 1, 20, "reported", key),
            "chg_rsn": one_of(("市场原因", "经营调整", "政策原因", None), "reason", key),
            "aft_num": between(1, 200, "affected", key),
            **audited,
        }


def unions(platform):
    for row in platform.rows("union_org"):
        key = row["union_id"]
        elected = day(row["committee_elected_on"])
        term = count(row["committee_term_years"])
        yield {
            **platform.union(row),
            **platform.enterprise(row),
            "org_name": platform.names.get(row["enterprise_id"], "") + "工会委员会",
            "up_fed_id": 101 + lot("federation", key) % 5,
            "chrmn_name": person("chair", key),
            "chrmn_mob": mobile("chair", key),
            "mbr_cnt": between(5, 200, "members", key),
            "est_dt": day(row["established_on"]),
            "elect_dt": elected,
            "next_elect_dt": elected and term and elected + timedelta(days=365 * term + 1),
            "term_yrs": term,
            "has_audit_comm": one_of("是是否", "audit", key),
            "has_wmn_comm": code("union_org", "womens_committee", row["womens_committee"]),
            "lgl_psn_reg_dt": later(day(row["established_on"]), 30, 900, "legal", key),
            "plat_link_dt": compact(row["linked_on"]),
            "bank_acct": "1203" + digits(13, "account", key),
            **audit(row, key),
        }


def violations(platform):
    for row, number, key, audited in platform.numbered("violation", "violation_id", 540_001):
        fined = lot("fined", key) % 4 == 0
        yield {
            "viol_id": number,
            "viol_no": key,
            **platform.enterprise(row),
            "viol_type": code("violation", "kind", row["kind"]),
            "viol_desc": one_of(("巡查发现", "职工举报", "部门移交"), "found", key),
            "aft_num": between(1, 40, "affected", key),
            "find_dt": day(row["found_on"]),
            "limit_dt": day(row["due_on"]),
            "rect_dt": day(row["rectified_on"]),
            "fine_amt": Decimal(between(1, 50, "fine", key) * 1000) if fined else None,
            **audited,
        }


def federations(platform):
    regions = sorted(platform.rows("region"), key=lambda row: row["region_code"])
    above = [row for row in regions if row["level"] != "township"]
    for number in range(5):
        row = above[number % len(above)]
        yield {
            "fed_id": 101 + number,
            "fed_name": row["name_zh"] + "总工会",
            "area_code": row["region_code"],
            "est_dt": date(1950, 5, 1) + timedelta(days=between(0, 900, "founded", number)),
            "lnk_psn": person("federation", number),
            "lnk_tel": landline("federation", number),
            **installed(number),
        }


ROWS = {
    "t_sys_area": areas,
    "t_trade_fed": federations,
    "t_ent_base_info": enterprises,
    "t_ent_oper_chg": operating_changes,
    "t_union_org": unions,
    "t_ent_viol": violations,
}
