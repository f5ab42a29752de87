"""A foreign platform in full pinyin, mixed with initials and English words, sparsely commented.

As of a small shop whose modules were written by several hands: nearly everything is text, no
references are declared, codes are Chinese labels, days are written as people write them.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from tests.support.platforms.invented import (
    between,
    birthday,
    contract_rows,
    day,
    digits,
    insert,
    landline,
    later,
    lot,
    mobile,
    moment,
    one_of,
    person,
)


def table(name, columns, comment=None):
    """The statements of a table: its columns a line each, of text where no type is told.

    A comment stands behind a column that has one.
    """
    lines = [line.strip().partition(" -- ") for line in columns.splitlines() if line.strip()]
    typed = [line if " " in line else f"{line} varchar(255)" for line, _, _ in lines]
    return [
        f"create table {name} ({', '.join(typed)})",
        *([f"comment on table {name} is '{comment}'"] if comment else []),
        *(
            f"comment on column {name}.{line.split()[0]} is '{said}'"
            for line, _, said in lines
            if said
        ),
    ]


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
    *table(
        "sys_yonghu",
        """
        id serial
        username
        password
        xm
        shouji
        juese_id integer
        zhuangtai
        """,
    ),
    *table(
        "sys_juese",
        """
        id integer
        juese_mc
        """,
    ),
    *table(
        "sys_zidian",
        """
        id serial
        type
        label -- 显示
        value -- 值
        paixu integer
        """,
    ),
    *table(
        "sys_rizhi",
        """
        id serial
        username
        caozuo
        ip
        caozuo_sj timestamp
        """,
    ),
    *table(
        "xx_xiaoxi",
        """
        id serial
        biaoti
        neirong
        jieshou_sj
        fasong_sj timestamp
        yidu
        """,
    ),
]

# The column of each column of the contract.  None: the platform lacks it.
TRUTH = {
    "region": {
        "table": "jc_xingzheng_quhua",
        "columns": {
            "region_code": "quhua_dm",
            "name_zh": "quhua_mc",
            "name_en": "mingcheng_en",
            "level": "jibie",
            "parent_code": "shangji_dm",
        },
    },
    "enterprise": {
        "table": "qy_qiye_xinxi",
        "columns": {
            "enterprise_id": "tyshxydm",
            "name_zh": "qiye_mc",
            "region_code": "jiedao_dm",
            "industry_code": "hangye_ml",
            "employee_count": "zhigong_renshu",
            "established_on": "chengli_riqi",
            "updated_at": "gengxin_sj",
        },
    },
    "operating_event": {
        "table": "qy_jingying_biandong",
        "columns": {
            "event_id": "biandong_bh",
            "enterprise_id": "tyshxydm",
            "event": "jingying_zk",
            "occurred_on": "biandong_riqi",
            "updated_at": "gxsj",
        },
    },
    "union_org": {
        "table": "gh_gonghui",
        "columns": {
            "union_id": "gonghui_id",
            "enterprise_id": "tyshxydm",
            "established_on": "jianhui_riqi",
            "committee_elected_on": "huanjie_riqi",
            "committee_term_years": "jieqi",
            "womens_committee": "nvgongwei",
            "linked_on": "jieru_riqi",
            "updated_at": "gengxin_sj",
        },
    },
    "member": {
        "table": "hy_huiyuan",
        "columns": {
            "member_id": "huiyuan_bianhao",
            "union_id": "gonghui_id",
            "name": "xm",
            "id_number": "sfzhm",
            "phone": "shouji",
            "gender": "xb",
            "joined_on": "ruhui_riqi",
            "left_on": "tuihui_riqi",
            "verified_on": "shiming_riqi",
            "updated_at": "gengxin_sj",
        },
    },
    "fund_remittance": {
        "table": "jf_jingfei_shangjiao",
        "columns": {
            "union_id": "gonghui_id",
            "month": "yuefen",
            "amount_due": "yingjiao_je",
            "amount_paid": "shijiao_je",
            "paid_on": "daozhang_riqi",
            "updated_at": "gxsj",
        },
    },
    "collective_contract": {
        "table": "wq_jiti_hetong",
        "columns": {
            "contract_id": "hetong_bh",
            "union_id": "gonghui_id",
            "kind": "hetong_lx",
            "scope": "fugai_fw",
            "signed_on": "qianding_riqi",
            "effective_from": "shengxiao_riqi",
            "effective_to": "daoqi_riqi",
            "registered_on": "shencha_tg_riqi",
            "updated_at": "gxsj",
        },
    },
    "safety_inspection": {
        "table": "wq_laobao_jiancha",
        "columns": {
            "inspection_id": "jiancha_bh",
            "union_id": "gonghui_id",
            "inspected_on": "jiancha_riqi",
            "hazards_found": "yinhuan_shu",
            "hazards_rectified": "zhenggai_shu",
            "updated_at": "gxsj",
        },
    },
    "labour_dispute": {
        "table": "wq_laodong_zhengyi",
        "columns": {
            "case_id": "anjian_bh",
            "union_id": "gonghui_id",
            "route": "chuli_tujing",
            "opened_on": "shouli_riqi",
            "closed_on": "jiean_riqi",
            "outcome": "jieguo",
            "recovered": "wanhui_je",
            "revisited_on": None,
            "updated_at": "gxsj",
        },
    },
    "service_request": {
        "table": "fw_zhigong_suqiu",
        "columns": {
            "request_id": "suqiu_bh",
            "union_id": "gonghui_id",
            "category": "leibie",
            "opened_at": "tijiao_sj",
            "closed_at": "banjie_sj",
            "updated_at": "gxsj",
        },
    },
    "hardship_case": {
        "table": "fw_kunnan_bangfu",
        "columns": {
            "case_id": "dangan_bh",
            "union_id": "gonghui_id",
            "registered_on": "jiandang_riqi",
            "assisted_on": "bangfu_riqi",
            "lifted_on": "tuokun_riqi",
            "updated_at": "gxsj",
        },
    },
    "skills_event": {
        "table": "js_jineng_huodong",
        "columns": {
            "event_id": "huodong_bh",
            "union_id": "gonghui_id",
            "kind": "leixing",
            "held_on": "juban_riqi",
            "participants": "canjia_rs",
            "updated_at": "gxsj",
        },
    },
    "proposal": {
        "table": "js_helihua_jianyi",
        "columns": {
            "proposal_id": "jianyi_bh",
            "union_id": "gonghui_id",
            "submitted_on": "tijiao_riqi",
            "adopted_on": "caina_riqi",
            "benefit": None,
            "updated_at": "gxsj",
        },
    },
    "innovation_studio": {
        "table": "js_chuangxin_gongzuoshi",
        "columns": {
            "studio_id": "gongzuoshi_bh",
            "union_id": "gonghui_id",
            "level": "jibie",
            "opened_on": "chengli_riqi",
            "closed_on": "chexiao_riqi",
            "updated_at": "gxsj",
        },
    },
    "workers_congress": {
        "table": "mz_zhidaihui",
        "columns": {
            "meeting_id": "huiyi_bh",
            "union_id": "gonghui_id",
            "held_on": "zhaokai_riqi",
            "disclosures": "gongkai_shu",
            "updated_at": "gxsj",
        },
    },
    "venue": {
        "table": "wt_changdi",
        "columns": {
            "venue_id": "changdi_bh",
            "union_id": "gonghui_id",
            "kind": "leixing",
            "opened_on": "kaifang_riqi",
            "closed_on": "guanbi_riqi",
            "updated_at": "gxsj",
        },
    },
    "activity": {
        "table": "wt_huodong",
        "columns": {
            "activity_id": "huodong_bh",
            "union_id": "gonghui_id",
            "held_on": "huodong_riqi",
            "participants": "canyu_rs",
            "updated_at": "gxsj",
        },
    },
    "member_rating": {
        "table": "hy_pingjia",
        "columns": {
            "rating_id": "pingjia_bh",
            "union_id": "gonghui_id",
            "member_id": "huiyuan_bianhao",
            "rated_on": "pingjia_riqi",
            "stars": "xingji",
            "updated_at": "gxsj",
        },
    },
    "violation": {
        "table": "qy_weifa_weigui",
        "columns": {
            "violation_id": "wenti_bh",
            "enterprise_id": "tyshxydm",
            "kind": "wenti_lx",
            "found_on": "faxian_riqi",
            "due_on": "zhenggai_qixian",
            "rectified_on": "zhenggai_riqi",
            "updated_at": "gxsj",
        },
    },
}

# What each code of the platform is in the contract.  A category of a request is free text in the
# contract: without its codes the labels land as they are.
CODES = {
    ("region", "level"): {"地级市": "city", "县级": "county", "乡镇街道": "township"},
    ("operating_event", "event"): {
        "已开业": "opened",
        "已复工": "resumed",
        "已转产": "converted",
        "已搬迁": "relocated",
        "已停产": "suspended",
        "已合并": "merged",
        "已关闭": "closed",
    },
    ("union_org", "womens_committee"): {"有": "true", "无": "false"},
    ("member", "gender"): {"男": "m", "女": "f"},
    ("collective_contract", "kind"): {
        "综合集体合同": "general",
        "工资专项集体合同": "wage",
        "女职工权益保护专项集体合同": "womens",
        "劳动安全卫生专项集体合同": "safety",
    },
    ("collective_contract", "scope"): {
        "企业": "enterprise",
        "区域性": "regional",
        "行业性": "industry",
    },
    ("labour_dispute", "route"): {
        "调解": "mediation",
        "法律援助": "legal_aid",
        "仲裁": "arbitration",
    },
    ("labour_dispute", "outcome"): {
        "达成和解": "settled",
        "撤诉": "withdrawn",
        "裁决": "award",
        "调解不成": "failed",
    },
    ("service_request", "category"): {
        "工资报酬": "wages",
        "福利待遇": "benefits",
        "工伤": "injury",
        "休息休假": "leave",
    },
    ("skills_event", "kind"): {"技能培训": "training", "技能竞赛": "competition"},
    ("innovation_studio", "level"): {
        "企业级": "enterprise",
        "县级": "county",
        "市级": "city",
        "省级": "province",
        "国家级": "national",
    },
    ("venue", "kind"): {"体育场所": "sports", "职工书屋": "reading", "职工之家": "home"},
    ("violation", "kind"): {
        "拖欠工资": "wage_arrears",
        "未缴社保": "social_insurance",
        "超时加班": "overtime",
        "安全生产": "safety",
        "劳动合同": "contract",
    },
}

# Other columns that may be chosen: a row's number, where it is the key of its table alone.
# hy_huiyuan.id is no such column: every other table refers to a member by huiyuan_bianhao.
ALSO = {}

# How a column's cells are written: the formats of its days and moments, an amount's separators
# and suffix, and what stands for nothing beside null.  Every moment is by Asia/Shanghai.
DASHES, CHARACTERS, SECONDS = "%Y-%m-%d", "%Y年%m月%d日", "%Y-%m-%d %H:%M:%S"
FORMS = {
    ("enterprise", "employee_count"): {"number": {}},
    ("enterprise", "established_on"): {"date": [CHARACTERS]},
    ("operating_event", "occurred_on"): {"date": [DASHES]},
    ("union_org", "established_on"): {"date": [DASHES]},
    ("union_org", "committee_elected_on"): {"date": [DASHES]},
    ("union_org", "committee_term_years"): {"number": {}},
    ("union_org", "linked_on"): {"date": [DASHES]},
    ("member", "joined_on"): {"date": [DASHES, CHARACTERS]},
    ("member", "left_on"): {"date": [DASHES], "nulls": [""]},
    ("member", "verified_on"): {"date": [DASHES]},
    ("member", "id_number"): {"nulls": ["", "无"]},
    ("member", "phone"): {"nulls": [""]},
    ("fund_remittance", "month"): {"date": ["%Y-%m"]},
    ("fund_remittance", "amount_due"): {"number": {}},
    ("fund_remittance", "amount_paid"): {"number": {}},
    ("fund_remittance", "paid_on"): {"date": [DASHES]},
    ("collective_contract", "signed_on"): {"date": [CHARACTERS]},
    ("collective_contract", "effective_from"): {"date": [CHARACTERS]},
    ("collective_contract", "effective_to"): {"date": [CHARACTERS]},
    ("collective_contract", "registered_on"): {"date": [CHARACTERS], "nulls": [""]},
    ("safety_inspection", "inspected_on"): {"date": [DASHES]},
    ("safety_inspection", "hazards_found"): {"number": {}},
    ("safety_inspection", "hazards_rectified"): {"number": {}},
    ("labour_dispute", "opened_on"): {"date": [DASHES]},
    ("labour_dispute", "closed_on"): {"date": [DASHES]},
    ("labour_dispute", "outcome"): {"nulls": [""]},
    ("labour_dispute", "recovered"): {"number": {"suffix": "元", "thousands": True}},
    ("hardship_case", "registered_on"): {"date": [DASHES]},
    ("hardship_case", "assisted_on"): {"date": [DASHES]},
    ("hardship_case", "lifted_on"): {"date": [DASHES]},
    ("skills_event", "held_on"): {"date": [DASHES]},
    ("skills_event", "participants"): {"number": {}},
    ("proposal", "submitted_on"): {"date": [DASHES]},
    ("proposal", "adopted_on"): {"date": [DASHES], "nulls": [""]},
    ("innovation_studio", "opened_on"): {"date": [CHARACTERS]},
    ("innovation_studio", "closed_on"): {"date": [CHARACTERS]},
    ("workers_congress", "held_on"): {"date": [DASHES]},
    ("workers_congress", "disclosures"): {"number": {}},
    ("venue", "opened_on"): {"date": [DASHES]},
    ("venue", "closed_on"): {"date": [DASHES]},
    ("activity", "held_on"): {"date": [DASHES]},
    ("activity", "participants"): {"number": {}},
    ("member_rating", "rated_on"): {"date": [DASHES]},
    ("member_rating", "stars"): {"number": {}},
    ("violation", "found_on"): {"date": [DASHES]},
    ("violation", "due_on"): {"date": [DASHES]},
    ("violation", "rectified_on"): {"date": [DASHES]},
    ("service_request", "opened_at"): {"moment": [SECONDS]},
    ("service_request", "closed_at"): {"moment": [SECONDS]},
    **{
        (name, "updated_at"): {"moment": [SECONDS]}
        for name, told in TRUTH.items()
        if "updated_at" in told["columns"]
    },
}

INDUSTRIES = {
    "C": "制造业",
    "F": "批发和零售业",
    "G": "交通运输、仓储和邮政业",
    "I": "信息传输、软件和信息技术服务业",
    "L": "租赁和商务服务业",
}
CLERKS = ("admin", "caiwu", "zuzhibu", "weiquan", "daoru")


def label(table_name, column, cell):
    """The platform's label of a contract's code; None where the cell is empty."""
    written = {told: label for label, told in CODES[table_name, column].items()}
    return written[cell] if cell else None


def dashes(value):
    """A day, or a contract's cell of one, as 2019-3-5."""
    value = day(value) if isinstance(value, str) else value
    return f"{value.year}-{value.month}-{value.day}" if value else None


def characters(value):
    """A day, or a contract's cell of one, as 2019年3月5日."""
    value = day(value) if isinstance(value, str) else value
    return f"{value.year}年{value.month}月{value.day}日" if value else None


def seconds(cell):
    value = moment(cell) if isinstance(cell, str) else cell
    return f"{value:%Y-%m-%d %H:%M:%S}" if value else None


def created(row, key):
    updated = moment(row["updated_at"])
    return seconds(updated - timedelta(minutes=between(60, 900_000, "created", key)))


def part(cell, low, high, *parts):
    """A percentage of a number in a cell, drawn between two; None where there is no number."""
    return str(int(cell) * between(low, high, *parts) // 100) if cell else None


def yuan(low, high, *parts):
    return f"{Decimal(between(low * 100, high * 100, *parts)) / 100:.2f}"


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


def nothing(key):
    """What a form leaves where nobody filled it in."""
    return one_of((None, None, ""), "nothing", key)


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
            received = datetime(2020, 1, 1, 10) + timedelta(hours=lot("got", key) % 8000)  # noqa: DTZ001
            yield {
                "huiyuan_bianhao": key,
                "fuli_mc": one_of(("端午慰问", "中秋慰问", "生日券", "电影票"), "gift", key),
                "jine": one_of(("50", "100", "200"), "worth", key),
                "lingqu_sj": seconds(received),
            }


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


def users(folder):
    for number, name in enumerate(CLERKS):
        yield {
            "username": name,
            "password": "******",
            "xm": person("user", name),
            "shouji": mobile("user", name),
            "juese_id": 1 + number % 3,
            "zhuangtai": "启用",
        }


def roles(folder):
    for number, name in enumerate(("管理员", "区县", "基层工会"), start=1):
        yield {"id": number, "juese_mc": name}


def dictionary(folder):
    told = [
        (f"{name}.{column}", label)
        for (name, column), labels in CODES.items()
        for label in labels
        if (name, column) in (("member", "gender"), ("service_request", "category"))
    ]
    for number, (kind, name) in enumerate(told, start=1):
        yield {
            "type": {"member.gender": "xb", "service_request.category": "suqiu_lb"}[kind],
            "label": name,
            "value": name,
            "paixu": number,
        }


def log(folder):
    for number in range(1, 121):
        yield {
            "username": one_of(CLERKS, "log", number),
            "caozuo": one_of(("登录", "新增会员", "导出", "修改工会"), "deed", number),
            "ip": f"10.33.{between(0, 9, 'net', number)}.{between(2, 250, 'host', number)}",
            "caozuo_sj": datetime(2021, 1, 4, 8) + timedelta(minutes=131 * number),  # noqa: DTZ001
        }


def messages(folder):
    for number in range(1, 61):
        yield {
            "biaoti": one_of(("入会提醒", "换届提醒", "缴费提醒"), "message", number),
            "neirong": "请及时办理",
            "jieshou_sj": mobile("message", number),
            "fasong_sj": datetime(2020, 1, 1, 9) + timedelta(days=5 * number),  # noqa: DTZ001
            "yidu": one_of("是否", "read", number),
        }


ROWS = {
    "jc_xingzheng_quhua": areas,
    "qy_qiye_xinxi": enterprises,
    "qy_jingying_biandong": operating_changes,
    "qy_weifa_weigui": violations,
    "gh_gonghui": unions,
    "gh_difang_zonggonghui": federations,
    "hy_huiyuan": members,
    "hy_huiyuan_bak20190630": members_of_backup,
    "hy_biandong_lishi": memberships,
    "hy_pingjia": ratings,
    "hy_fuli_lingqu": welfare,
    "jf_jingfei_shangjiao": remittances,
    "wq_jiti_hetong": contracts,
    "wq_laodong_zhengyi": disputes,
    "wq_laobao_jiancha": inspections,
    "fw_zhigong_suqiu": appeals,
    "fw_kunnan_bangfu": hardships,
    "js_jineng_huodong": skills_events,
    "js_helihua_jianyi": proposals,
    "js_chuangxin_gongzuoshi": studios,
    "mz_zhidaihui": congresses,
    "wt_changdi": venues,
    "wt_huodong": activities,
    "wt_baoming": signings,
    "sys_yonghu": users,
    "sys_juese": roles,
    "sys_zidian": dictionary,
    "sys_rizhi": log,
    "xx_xiaoxi": messages,
}


def fill(connection, folder):
    """Insert the rows of the contract's CSV files in this platform's form."""
    for name, rows in ROWS.items():
        insert(connection, name, rows(folder))
