"""Skills, proposals, studios, congresses, venues and activities."""

from decimal import Decimal

from tests.support.platforms.commented.common import amount, code, drawn_amount, table
from tests.support.platforms.invented import (
    between,
    day,
    later,
    lot,
    one_of,
    person,
)

TABLES = [
    *table(
        "t_skl_evt",
        "技能培训与竞赛表",
        """
        evt_id bigint primary key -- 主键
        evt_no varchar(32) not null unique -- 活动编号
        evt_name varchar(200) -- 活动名称
        org_id bigint not null references t_union_org (org_id) -- 主办工会主键
        org_no varchar(32) not null -- 主办工会编号
        evt_type char(1) not null -- 类型：1技能培训 2技能竞赛
        hold_dt date not null -- 举办日期
        plan_num integer -- 计划人数
        part_num integer not null -- 参加人数
        cost_amt numeric(14, 2) -- 经费支出（元）
        """,
    ),
    *table(
        "t_rat_prop",
        "合理化建议与五小成果表",
        """
        prop_id bigint primary key -- 主键
        prop_no varchar(32) not null unique -- 建议编号
        prop_title varchar(200) -- 建议名称
        prop_psn varchar(50) -- 提出人
        rwd_amt numeric(14, 2) -- 奖励金额（元）
        bnft_amt numeric(14, 2) -- 产生经济效益（元）
        impl_dt date -- 实施日期
        smt_dt date not null -- 提交日期
        adpt_dt date -- 采纳日期
        org_id bigint not null references t_union_org (org_id) -- 工会主键
        org_no varchar(32) not null -- 工会编号
        """,
    ),
    *table(
        "t_inno_std",
        "劳模（职工）创新工作室表",
        """
        std_id bigint primary key -- 主键
        std_no varchar(32) not null unique -- 工作室编号
        std_name varchar(200) -- 工作室名称
        ldr_name varchar(50) -- 领衔人
        std_lvl char(1) not null -- 级别：1企业级 2县级 3市级 4省级 5国家级
        org_id bigint not null references t_union_org (org_id) -- 工会主键
        org_no varchar(32) not null -- 工会编号
        appl_dt date -- 申报日期
        found_dt date not null -- 成立日期
        rvk_dt date -- 撤销日期
        tm_num integer -- 成员人数
        """,
    ),
    *table(
        "t_wkr_congr",
        "职工代表大会及厂务公开表",
        """
        congr_id bigint primary key -- 主键
        congr_no varchar(32) not null unique -- 会议编号
        org_id bigint not null references t_union_org (org_id) -- 工会主键
        org_no varchar(32) not null -- 工会编号
        sess_name varchar(50) -- 届次
        rep_num integer -- 到会代表人数
        prop_cnt integer -- 提案件数
        hold_dt date not null -- 召开日期
        notice_dt date -- 通知日期
        disc_cnt integer not null -- 厂务公开事项数
        """,
    ),
    *table(
        "t_cult_venue",
        "文体活动阵地表",
        """
        ven_id bigint primary key -- 主键
        ven_no varchar(32) not null unique -- 阵地编号
        ven_name varchar(200) -- 阵地名称
        ven_type char(1) not null -- 阵地类型：1体育健身场所 2职工书屋 3职工之家
        ven_area numeric(10, 2) -- 面积（平方米）
        addr varchar(300) -- 地址
        org_id bigint not null references t_union_org (org_id) -- 工会主键
        org_no varchar(32) not null -- 工会编号
        open_dt date not null -- 启用日期
        shut_dt date -- 停用日期
        """,
    ),
    *table(
        "t_cult_act",
        "文体活动表",
        """
        act_id bigint primary key -- 主键
        act_no varchar(32) not null unique -- 活动编号
        act_name varchar(200) -- 活动名称
        ven_name varchar(200) -- 活动地点
        org_id bigint not null references t_union_org (org_id) -- 工会主键
        org_no varchar(32) not null -- 工会编号
        pub_dt date -- 发布日期
        act_dt date not null -- 活动日期
        sign_num integer -- 报名人数
        part_num integer not null -- 实际参加人数
        """,
    ),
]


def skills_events(platform):
    for row, number, key, audited in platform.numbered("skills_event", "event_id", 470_001):
        yield {
            "evt_id": number,
            "evt_no": key,
            **platform.union(row),
            "evt_name": one_of(("电工", "焊工", "缝纫", "叉车", "数控"), "trade", key)
            + {"training": "培训班", "competition": "技能比武"}[row["kind"]],
            "evt_type": code("skills_event", "kind", row["kind"]),
            "hold_dt": day(row["held_on"]),
            "plan_num": between(1, 20, "planned", key) * 5,
            "part_num": int(row["participants"]),
            "cost_amt": drawn_amount(300, 20_000, "cost", key),
            **audited,
        }


def proposals(platform):
    for row, number, key, audited in platform.numbered("proposal", "proposal_id", 480_001):
        adopted = day(row["adopted_on"])
        yield {
            "prop_id": number,
            "prop_no": key,
            **platform.union(row),
            "prop_title": one_of(("工艺改进", "节能降耗", "安全防护", "管理创新"), "title", key),
            "prop_psn": person("proposer", key),
            "smt_dt": day(row["submitted_on"]),
            "adpt_dt": adopted,
            "impl_dt": later(adopted, 10, 60, "done", key) if lot("done", key) % 3 else None,
            "rwd_amt": Decimal(between(1, 20, "reward", key) * 100) if adopted else None,
            "bnft_amt": amount(row["benefit"]),
            **audited,
        }


def studios(platform):
    for row, number, key, audited in platform.numbered("innovation_studio", "studio_id", 490_001):
        yield {
            "std_id": number,
            "std_no": key,
            **platform.union(row),
            "std_name": person("leader", key) + "创新工作室",
            "ldr_name": person("leader", key),
            "std_lvl": code("innovation_studio", "level", row["level"]),
            "appl_dt": later(day(row["opened_on"]), -120, -20, "applied", key),
            "found_dt": day(row["opened_on"]),
            "rvk_dt": day(row["closed_on"]),
            "tm_num": between(3, 15, "team", key),
            **audited,
        }


def congresses(platform):
    for row, number, key, audited in platform.numbered("workers_congress", "meeting_id", 500_001):
        yield {
            "congr_id": number,
            "congr_no": key,
            **platform.union(row),
            "sess_name": f"{one_of('一二三四', 'term', key)}届{one_of('一二三', 'time', key)}次",
            "rep_num": between(10, 90, "delegates", key),
            "prop_cnt": between(0, 9, "motions", key),
            "notice_dt": later(day(row["held_on"]), -15, -7, "notice", key),
            "hold_dt": day(row["held_on"]),
            "disc_cnt": int(row["disclosures"]),
            **audited,
        }


def venues(platform):
    for row, number, key, audited in platform.numbered("venue", "venue_id", 510_001):
        yield {
            "ven_id": number,
            "ven_no": key,
            **platform.union(row),
            "ven_name": one_of(("一号楼", "二号楼", "食堂旁"), "name", key) + "活动阵地",
            "ven_type": code("venue", "kind", row["kind"]),
            "ven_area": drawn_amount(20, 400, "area", key),
            "addr": f"厂区{between(1, 9, 'house', key)}号楼",
            "open_dt": day(row["opened_on"]),
            "shut_dt": day(row["closed_on"]),
            **audited,
        }


def activities(platform):
    for row, number, key, audited in platform.numbered("activity", "activity_id", 520_001):
        yield {
            "act_id": number,
            "act_no": key,
            **platform.union(row),
            "act_name": one_of(("篮球赛", "趣味运动会", "读书会", "歌咏比赛"), "sort", key),
            "ven_name": one_of(("厂区", "职工之家", "文化礼堂"), "place", key),
            "pub_dt": later(day(row["held_on"]), -25, -5, "announced", key),
            "act_dt": day(row["held_on"]),
            "sign_num": int(row["participants"]) + between(0, 12, "signed", key),
            "part_num": int(row["participants"]),
            **audited,
        }


ROWS = {
    "t_skl_evt": skills_events,
    "t_rat_prop": proposals,
    "t_inno_std": studios,
    "t_wkr_congr": congresses,
    "t_cult_venue": venues,
    "t_cult_act": activities,
}
