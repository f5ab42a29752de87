"""Areas, enterprises, unions and what befell them."""

from datetime import date, timedelta

from tests.support.platforms.invented import (
    between,
    contract_rows,
    day,
    landline,
    later,
    lot,
    mobile,
    one_of,
    person,
)
from tests.support.platforms.pinyin_full.common import (
    INDUSTRIES,
    characters,
    created,
    dashes,
    label,
    part,
    seconds,
    table,
)

TABLES = [
    *table(
        "jc_xingzheng_quhua",
        """
        id serial primary key
        quhua_dm -- 代码
        quhua_mc -- 名称
        mingcheng_en
        jianpin -- 简拼
        jibie
        shangji_dm -- 上级
        paixu integer -- 排序
        """,
        "区划",
    ),
    *table(
        "qy_qiye_xinxi",
        """
        id serial primary key
        qiye_mc -- 名称
        tyshxydm -- 统一社会信用代码
        zuzhi_jgdm -- 旧组织机构代码
        faren -- 法人
        faren_dh
        hangye_ml -- A-T
        hangye_mc
        quxian
        jiedao_dm -- 乡镇街道
        dizhi
        zhigong_renshu
        zaigang_renshu -- 平台每月抓取
        zhuce_ziben -- 万元
        chengli_riqi -- 日期
        zhuce_riqi -- 在本平台注册
        hezhun_riqi -- 执照核准
        lianxi_dianhua
        zhuangtai -- 状态
        chuangjian_sj
        gengxin_sj -- 时间
        """,
        "企业信息",
    ),
    *table(
        "qy_jingying_biandong",
        """
        biandong_bh -- 编号
        tyshxydm
        jingying_zk -- 经营状况
        shangbao_riqi -- 日期
        biandong_riqi
        yuanyin
        shenhe_zt -- 0/1/2
        tianbao_ren
        gxsj
        """,
    ),
    *table(
        "qy_weifa_weigui",
        """
        wenti_bh
        qiye_mc
        tyshxydm
        wenti_lx -- 类型
        miaoshu
        faxian_riqi -- 发现
        zhenggai_qixian
        zhenggai_riqi -- 整改完成
        fucha_riqi -- 复查
        chufa_je
        gxsj
        """,
        "即知即改",
    ),
    *table(
        "gh_gonghui",
        """
        gonghui_id -- 工会ID
        gonghui_mc -- 名称
        shangji_gonghui_id
        tyshxydm -- 企业
        zhuxi_xm
        zhuxi_sj -- 手机
        huiyuan_shu
        jianhui_riqi -- 日期
        faren_dj_riqi -- 法人登记
        huanjie_riqi -- 本届
        xiajie_huanjie_riqi
        jieqi -- 年
        nvgongwei -- 有/无
        jingshenwei
        jieru_riqi -- 联网接入，空=未接入
        zhuangtai -- 状态
        kaihu_hang
        chuangjian_sj
        gengxin_sj
        """,
        "基层工会",
    ),
    *table(
        "gh_difang_zonggonghui",
        """
        shangji_gonghui_id
        mingcheng
        quhua_dm
        dianhua
        """,
    ),
]


def areas(folder):
    for row in sorted(contract_rows(folder, "region"), key=lambda row: row["region_code"]):
        yield {
            "quhua_dm": row["region_code"],
            "quhua_mc": row["name_zh"],
            "mingcheng_en": row["name_en"],
            "jianpin": "".join(word[0] for word in row["name_en"].upper().split()),
            "jibie": label("region", "level", row["level"]),
            "shangji_dm": row["parent_code"] or None,
            "paixu": int(row["region_code"][-2:]),
        }


def enterprises(folder):
    names = {row["region_code"]: row["name_zh"] for row in contract_rows(folder, "region")}
    for row in contract_rows(folder, "enterprise"):
        key = row["enterprise_id"]
        established = day(row["established_on"])
        yield {
            "qiye_mc": row["name_zh"],
            "tyshxydm": key,
            "zuzhi_jgdm": f"{key[8:16]}-{key[16]}" if lot("old", key) % 3 else None,
            "faren": person("legal", key),
            "faren_dh": mobile("legal", key),
            "hangye_ml": row["industry_code"],
            "hangye_mc": INDUSTRIES.get(row["industry_code"], "其他"),
            "quxian": names.get(row["region_code"][:6]),
            "jiedao_dm": row["region_code"],
            "dizhi": f"工业区{between(1, 9, key)}路{between(1, 300, 'house', key)}号",
            "zhigong_renshu": row["employee_count"] or None,
            "zaigang_renshu": part(row["employee_count"], 80, 100, "present", key),
            "zhuce_ziben": str(between(1, 300, "capital", key) * 10),
            "chengli_riqi": characters(established),
            "zhuce_riqi": dashes(date(2018, 6, 1) + timedelta(days=lot("here", key) % 600)),
            "hezhun_riqi": dashes(later(established, 300, 4000, "licence", key)),
            "lianxi_dianhua": landline("enterprise", key),
            "zhuangtai": one_of(("正常", "正常", "正常", "待完善"), "state", key),
            "chuangjian_sj": created(row, key),
            "gengxin_sj": seconds(row["updated_at"]),
        }


def operating_changes(folder):
    for row in contract_rows(folder, "operating_event"):
        key = row["event_id"]
        yield {
            "biandong_bh": key,
            "tyshxydm": row["enterprise_id"],
            "jingying_zk": label("operating_event", "event", row["event"]),
            "shangbao_riqi": dashes(later(day(row["occurred_on"]), 1, 20, "reported", key)),
            "biandong_riqi": dashes(row["occurred_on"]),
            "yuanyin": one_of(("市场原因", "经营调整", "政策原因", None), "reason", key),
            "shenhe_zt": one_of("1112", "checked", key),
            "tianbao_ren": person("reporter", key),
            "gxsj": seconds(row["updated_at"]),
        }


def violations(folder):
    names = {row["enterprise_id"]: row["name_zh"] for row in contract_rows(folder, "enterprise")}
    for row in contract_rows(folder, "violation"):
        key = row["violation_id"]
        rectified = day(row["rectified_on"])
        fined = lot("fined", key) % 4 == 0
        yield {
            "wenti_bh": key,
            "qiye_mc": names.get(row["enterprise_id"]),
            "tyshxydm": row["enterprise_id"],
            "wenti_lx": label("violation", "kind", row["kind"]),
            "miaoshu": one_of(("巡查发现", "职工举报", "部门移交"), "found", key),
            "faxian_riqi": dashes(row["found_on"]),
            "zhenggai_qixian": dashes(row["due_on"]),
            "zhenggai_riqi": dashes(rectified),
            "fucha_riqi": dashes(later(rectified, 5, 40, "again", key)),
            "chufa_je": f"{between(1, 50, 'fine', key) * 1000}" if fined else None,
            "gxsj": seconds(row["updated_at"]),
        }


def unions(folder):
    names = {row["enterprise_id"]: row["name_zh"] for row in contract_rows(folder, "enterprise")}
    for row in contract_rows(folder, "union_org"):
        key = row["union_id"]
        established, elected = day(row["established_on"]), day(row["committee_elected_on"])
        term = row["committee_term_years"] or None
        following = elected and term and elected + timedelta(days=365 * int(term) + 1)
        yield {
            "gonghui_id": key,
            "gonghui_mc": names.get(row["enterprise_id"], "") + "工会",
            "shangji_gonghui_id": f"G{1 + lot('above', key) % 5:07}",
            "tyshxydm": row["enterprise_id"],
            "zhuxi_xm": person("chair", key),
            "zhuxi_sj": mobile("chair", key),
            "huiyuan_shu": str(between(5, 200, "members", key)),
            "jianhui_riqi": dashes(established),
            "faren_dj_riqi": dashes(later(established, 30, 900, "legal", key)),
            "huanjie_riqi": dashes(elected),
            "xiajie_huanjie_riqi": dashes(following),
            "jieqi": term,
            "nvgongwei": label("union_org", "womens_committee", row["womens_committee"]),
            "jingshenwei": one_of("有有无", "audit", key),
            "jieru_riqi": dashes(row["linked_on"]),
            "zhuangtai": one_of(("正常", "正常", "正常", "待换届"), "state", key),
            "kaihu_hang": one_of(("工行", "农行", "农商行"), "bank", key),
            "chuangjian_sj": created(row, key),
            "gengxin_sj": seconds(row["updated_at"]),
        }


def federations(folder):
    regions = sorted(contract_rows(folder, "region"), key=lambda row: row["region_code"])
    above = [row for row in regions if row["level"] != "township"]
    for number in range(5):
        row = above[number % len(above)]
        yield {
            "shangji_gonghui_id": f"G{1 + number:07}",
            "mingcheng": row["name_zh"] + "总工会",
            "quhua_dm": row["region_code"],
            "dianhua": landline("federation", number),
        }


ROWS = {
    "jc_xingzheng_quhua": areas,
    "qy_qiye_xinxi": enterprises,
    "qy_jingying_biandong": operating_changes,
    "qy_weifa_weigui": violations,
    "gh_gonghui": unions,
    "gh_difang_zonggonghui": federations,
}
