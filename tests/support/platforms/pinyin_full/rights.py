"""Funds, contracts, safety, disputes, requests and hardship."""

from datetime import timedelta
from decimal import Decimal

from tests.support.platforms.invented import (
    between,
    contract_rows,
    day,
    digits,
    later,
    lot,
    mobile,
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
        "jf_jingfei_shangjiao",
        """
        id serial
        gonghui_id
        yuefen -- 年月
        gongzi_ze
        yingjiao_je -- 应缴
        yijiao_je -- 本年累计已缴
        shijiao_je -- 本月
        fanhuan_je
        jiaokuan_qixian
        daozhang_riqi -- 日期
        pingzheng_hao -- 凭证
        gxsj
        """,
        "经费上缴 单位元",
    ),
    *table(
        "wq_jiti_hetong",
        """
        hetong_bh -- 编号
        hetong_mc
        gonghui_id
        hetong_lx -- 类型
        fugai_fw -- 范围
        fugai_rs
        xieshang_riqi
        qianding_riqi
        shengxiao_riqi
        daoqi_riqi
        baosong_riqi -- 报送人社局
        shencha_tg_riqi
        zhuangtai -- 状态
        fujian
        gxsj
        """,
        "集体合同",
    ),
    *table(
        "wq_laodong_zhengyi",
        """
        anjian_bh
        gonghui_id
        shenqing_ren
        shenqing_ren_dh
        chuli_tujing -- 途径
        fasheng_riqi
        shouli_riqi
        jiean_riqi
        jieguo -- 结果
        suqiu_je -- 元
        wanhui_je -- 元
        zhuban_ren
        gxsj -- 更新时间
        """,
        "劳动争议案件",
    ),
    *table(
        "wq_laobao_jiancha",
        """
        jiancha_bh
        gonghui_id
        jiancha_ren
        jiancha_riqi
        yinhuan_shu -- 数量
        zhongda_yinhuan_shu
        zhenggai_shu -- 已整改
        zhenggai_qixian
        gxsj
        """,
        "劳动保护检查",
    ),
    *table(
        "fw_zhigong_suqiu",
        """
        suqiu_bh
        gonghui_id
        huiyuan_bianhao
        leibie -- 类别
        biaoti
        tijiao_sj -- 时间
        paidan_sj
        banjie_sj
        pingjia -- 评价
        gxsj
        """,
        "职工诉求",
    ),
    *table(
        "fw_kunnan_bangfu",
        """
        dangan_bh
        gonghui_id
        xingming
        zhikun_yuanyin
        shenqing_riqi
        jiandang_riqi -- 登记
        bangfu_riqi
        bangfu_je
        tuokun_riqi
        zhuangtai -- 状态
        gxsj
        """,
        "困难职工",
    ),
]


def remittances(folder):
    so_far = {}
    rows = contract_rows(folder, "fund_remittance")
    for row in sorted(rows, key=lambda row: (row["month"], row["union_id"])):
        union, month = row["union_id"], row["month"]
        paid = Decimal(row["amount_paid"])
        so_far[union, month[:4]] = so_far.get((union, month[:4]), Decimal(0)) + paid
        yield {
            "gonghui_id": union,
            "yuefen": month[:7],
            "gongzi_ze": f"{Decimal(row['amount_due']) * 50:.2f}",
            "yingjiao_je": row["amount_due"],
            "yijiao_je": f"{so_far[union, month[:4]]:.2f}",
            "shijiao_je": row["amount_paid"],
            "fanhuan_je": f"{paid * Decimal('0.6'):.2f}",
            "jiaokuan_qixian": dashes(day(month) + timedelta(days=45)),
            "daozhang_riqi": dashes(row["paid_on"]),
            "pingzheng_hao": "PZ" + digits(8, "voucher", union, month),
            "gxsj": seconds(row["updated_at"]),
        }


def contracts(folder):
    for row in contract_rows(folder, "collective_contract"):
        key = row["contract_id"]
        signed = day(row["signed_on"])
        sent = row["registered_on"] or lot("sent", key) % 3
        yield {
            "hetong_bh": key,
            "hetong_mc": one_of(("集体合同", "集体合同书", "协议书"), "name", key),
            "gonghui_id": row["union_id"],
            "hetong_lx": label("collective_contract", "kind", row["kind"]),
            "fugai_fw": label("collective_contract", "scope", row["scope"]),
            "fugai_rs": str(between(5, 300, "covered", key)),
            "xieshang_riqi": characters(later(signed, -40, -3, "negotiated", key)),
            "qianding_riqi": characters(signed),
            "shengxiao_riqi": characters(row["effective_from"]),
            "daoqi_riqi": characters(row["effective_to"]),
            "baosong_riqi": characters(later(signed, 1, 9, "sent", key)) if sent else None,
            "shencha_tg_riqi": characters(row["registered_on"]) or nothing(key),
            "zhuangtai": "已到期" if row["effective_to"] < "2021-01-21" else "履行中",
            "fujian": f"hetong/{key}.pdf",
            "gxsj": seconds(row["updated_at"]),
        }


def disputes(folder):
    for row in contract_rows(folder, "labour_dispute"):
        key = row["case_id"]
        recovered = row["recovered"]
        yield {
            "anjian_bh": key,
            "gonghui_id": row["union_id"],
            "shenqing_ren": person("applicant", key),
            "shenqing_ren_dh": mobile("applicant", key),
            "chuli_tujing": label("labour_dispute", "route", row["route"]),
            "fasheng_riqi": dashes(later(day(row["opened_on"]), -90, -5, "occurred", key)),
            "shouli_riqi": dashes(row["opened_on"]),
            "jiean_riqi": dashes(row["closed_on"]),
            "jieguo": label("labour_dispute", "outcome", row["outcome"]) or nothing(key),
            "suqiu_je": f"{between(2_000, 90_000, 'claim', key):,}元",
            "wanhui_je": f"{Decimal(recovered):,.2f}元" if recovered else None,
            "zhuban_ren": person("handler", key),
            "gxsj": seconds(row["updated_at"]),
        }


def inspections(folder):
    for row in contract_rows(folder, "safety_inspection"):
        key = row["inspection_id"]
        found = int(row["hazards_found"])
        limit = later(day(row["inspected_on"]), 15, 30, "limit", key)
        yield {
            "jiancha_bh": key,
            "gonghui_id": row["union_id"],
            "jiancha_ren": person("inspector", key),
            "jiancha_riqi": dashes(row["inspected_on"]),
            "yinhuan_shu": row["hazards_found"],
            "zhongda_yinhuan_shu": str(found // 3 if lot("major", key) % 2 else 0),
            "zhenggai_shu": row["hazards_rectified"],
            "zhenggai_qixian": dashes(limit) if found else None,
            "gxsj": seconds(row["updated_at"]),
        }


def appeals(folder):
    members_of = {}
    for row in contract_rows(folder, "member"):
        members_of.setdefault(row["union_id"], []).append(row["member_id"])
    for row in contract_rows(folder, "service_request"):
        key = row["request_id"]
        opened = moment(row["opened_at"])
        yield {
            "suqiu_bh": key,
            "gonghui_id": row["union_id"],
            "huiyuan_bianhao": one_of(members_of.get(row["union_id"], [None]), "asker", key),
            "leibie": label("service_request", "category", row["category"]),
            "biaoti": one_of(("咨询", "投诉", "求助", "建议"), "title", key),
            "tijiao_sj": seconds(opened),
            "paidan_sj": seconds(opened + timedelta(minutes=between(5, 600, "assigned", key))),
            "banjie_sj": seconds(row["closed_at"]),
            "pingjia": one_of(("满意", "基本满意", "不满意"), key) if row["closed_at"] else None,
            "gxsj": seconds(row["updated_at"]),
        }


def hardships(folder):
    for row in contract_rows(folder, "hardship_case"):
        key = row["case_id"]
        assisted = row["assisted_on"]
        yield {
            "dangan_bh": key,
            "gonghui_id": row["union_id"],
            "xingming": person("hardship", key),
            "zhikun_yuanyin": one_of(("疾病", "失业", "子女教育", "其他"), "cause", key),
            "shenqing_riqi": dashes(later(day(row["registered_on"]), -30, -2, "applied", key)),
            "jiandang_riqi": dashes(row["registered_on"]),
            "bangfu_riqi": dashes(assisted),
            "bangfu_je": yuan(500, 8_000, "help", key) if assisted else None,
            "tuokun_riqi": dashes(row["lifted_on"]),
            "zhuangtai": "已脱困" if row["lifted_on"] else "在档",
            "gxsj": seconds(row["updated_at"]),
        }


ROWS = {
    "jf_jingfei_shangjiao": remittances,
    "wq_jiti_hetong": contracts,
    "wq_laodong_zhengyi": disputes,
    "wq_laobao_jiancha": inspections,
    "fw_zhigong_suqiu": appeals,
    "fw_kunnan_bangfu": hardships,
}
