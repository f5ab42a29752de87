"""Skills, proposals, studios, congresses, venues and activities."""

from datetime import timedelta

from tests.support.platforms.invented import (
    between,
    contract_rows,
    day,
    later,
    lot,
    moment,
    one_of,
    person,
)
from tests.support.platforms.pinyin_full.common import (
    characters,
    dashes,
    label,
    nothing,
    seconds,
    table,
    yuan,
)

TABLES = [
    *table(
        "js_jineng_huodong",
        """
        huodong_bh
        huodong_mc
        gonghui_id
        leixing -- 类型
        juban_riqi
        jieshu_riqi
        jihua_rs -- 人数
        canjia_rs
        jingfei
        gxsj
        """,
    ),
    *table(
        "js_helihua_jianyi",
        """
        jianyi_bh
        timu
        tichu_ren
        gonghui_id
        tijiao_riqi
        caina_riqi -- 采纳
        shishi_riqi
        jiangli_je -- 奖励
        gxsj
        """,
        "合理化建议 五小",
    ),
    *table(
        "js_chuangxin_gongzuoshi",
        """
        gongzuoshi_bh
        mingcheng
        lingxian_ren
        gonghui_id
        jibie -- 级别
        shenbao_riqi
        chengli_riqi
        chexiao_riqi
        chengyuan_shu
        gxsj -- 更新时间
        """,
        "劳模创新工作室",
    ),
    *table(
        "mz_zhidaihui",
        """
        huiyi_bh
        gonghui_id
        jieci
        tongzhi_riqi
        zhaokai_riqi
        daibiao_rs
        tian_shu -- 提案
        gongkai_shu -- 厂务公开事项
        gxsj
        """,
        "职代会",
    ),
    *table(
        "wt_changdi",
        """
        changdi_bh
        mingcheng
        gonghui_id
        leixing -- 类型
        mianji
        dizhi
        kaifang_riqi
        guanbi_riqi
        guanli_ren
        gxsj
        """,
        "阵地",
    ),
    *table(
        "wt_huodong",
        """
        huodong_bh
        zhuti
        gonghui_id
        fabu_riqi
        huodong_riqi
        didian
        baoming_rs -- 人数
        canyu_rs -- 实到
        gxsj
        """,
        "文体活动",
    ),
    *table(
        "wt_baoming",
        """
        id serial
        huodong_bh
        huiyuan_bianhao
        baoming_sj
        """,
    ),
]


def skills_events(folder):
    for row in contract_rows(folder, "skills_event"):
        key = row["event_id"]
        held = day(row["held_on"])
        yield {
            "huodong_bh": key,
            "huodong_mc": one_of(("电工", "焊工", "缝纫", "叉车", "数控"), "trade", key)
            + {"training": "培训班", "competition": "技能比武"}[row["kind"]],
            "gonghui_id": row["union_id"],
            "leixing": label("skills_event", "kind", row["kind"]),
            "juban_riqi": dashes(held),
            "jieshu_riqi": dashes(later(held, 0, 5, "ended", key)),
            "jihua_rs": str(between(1, 20, "planned", key) * 5),
            "canjia_rs": row["participants"],
            "jingfei": yuan(300, 20_000, "cost", key),
            "gxsj": seconds(row["updated_at"]),
        }


def proposals(folder):
    for row in contract_rows(folder, "proposal"):
        key = row["proposal_id"]
        adopted = day(row["adopted_on"])
        done = adopted and lot("done", key) % 3
        yield {
            "jianyi_bh": key,
            "timu": one_of(("工艺改进", "节能降耗", "安全防护", "管理创新"), "title", key),
            "tichu_ren": person("proposer", key),
            "gonghui_id": row["union_id"],
            "tijiao_riqi": dashes(row["submitted_on"]),
            "caina_riqi": dashes(adopted) or nothing(key),
            "shishi_riqi": dashes(later(adopted, 10, 60, "done", key)) if done else None,
            "jiangli_je": str(between(1, 20, "reward", key) * 100) if adopted else None,
            "gxsj": seconds(row["updated_at"]),
        }


def studios(folder):
    for row in contract_rows(folder, "innovation_studio"):
        key = row["studio_id"]
        opened = day(row["opened_on"])
        yield {
            "gongzuoshi_bh": key,
            "mingcheng": person("leader", key) + "创新工作室",
            "lingxian_ren": person("leader", key),
            "gonghui_id": row["union_id"],
            "jibie": label("innovation_studio", "level", row["level"]),
            "shenbao_riqi": characters(later(opened, -120, -20, "applied", key)),
            "chengli_riqi": characters(opened),
            "chexiao_riqi": characters(row["closed_on"]),
            "chengyuan_shu": str(between(3, 15, "team", key)),
            "gxsj": seconds(row["updated_at"]),
        }


def congresses(folder):
    for row in contract_rows(folder, "workers_congress"):
        key = row["meeting_id"]
        held = day(row["held_on"])
        yield {
            "huiyi_bh": key,
            "gonghui_id": row["union_id"],
            "jieci": f"{one_of('一二三四', 'term', key)}届{one_of('一二三', 'time', key)}次",
            "tongzhi_riqi": dashes(later(held, -15, -7, "notice", key)),
            "zhaokai_riqi": dashes(held),
            "daibiao_rs": str(between(10, 90, "delegates", key)),
            "tian_shu": str(between(0, 9, "motions", key)),
            "gongkai_shu": row["disclosures"],
            "gxsj": seconds(row["updated_at"]),
        }


def venues(folder):
    for row in contract_rows(folder, "venue"):
        key = row["venue_id"]
        yield {
            "changdi_bh": key,
            "mingcheng": f"{between(1, 9, 'house', key)}号楼活动场地",
            "gonghui_id": row["union_id"],
            "leixing": label("venue", "kind", row["kind"]),
            "mianji": f"{between(20, 400, 'area', key)}平米",
            "dizhi": f"厂区{between(1, 9, 'house', key)}号楼",
            "kaifang_riqi": dashes(row["opened_on"]),
            "guanbi_riqi": dashes(row["closed_on"]),
            "guanli_ren": person("keeper", key),
            "gxsj": seconds(row["updated_at"]),
        }


def activities(folder):
    for row in contract_rows(folder, "activity"):
        key = row["activity_id"]
        held = day(row["held_on"])
        yield {
            "huodong_bh": key,
            "zhuti": one_of(("篮球赛", "趣味运动会", "读书会", "歌咏比赛"), "sort", key),
            "gonghui_id": row["union_id"],
            "fabu_riqi": dashes(later(held, -25, -5, "announced", key)),
            "huodong_riqi": dashes(held),
            "didian": one_of(("厂区", "职工之家", "文化礼堂"), "place", key),
            "baoming_rs": str(int(row["participants"]) + between(0, 12, "signed", key)),
            "canyu_rs": row["participants"],
            "gxsj": seconds(row["updated_at"]),
        }


def signings(folder):
    people = [row["member_id"] for row in contract_rows(folder, "member")]
    for row in contract_rows(folder, "activity"):
        key = row["activity_id"]
        early = moment(row["held_on"]) - timedelta(hours=between(24, 200, "signed", key))
        yield {
            "huodong_bh": key,
            "huiyuan_bianhao": one_of(people, "signed by", key),
            "baoming_sj": seconds(early),
        }


ROWS = {
    "js_jineng_huodong": skills_events,
    "js_helihua_jianyi": proposals,
    "js_chuangxin_gongzuoshi": studios,
    "mz_zhidaihui": congresses,
    "wt_changdi": venues,
    "wt_huodong": activities,
    "wt_baoming": signings,
}
