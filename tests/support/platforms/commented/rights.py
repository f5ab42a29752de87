"""Funds, contracts, safety, disputes, requests and hardship."""

from datetime import timedelta
from decimal import Decimal

from tests.support.platforms.commented.common import (
    amount,
    audit,
    code,
    compact,
    drawn_amount,
    table,
    ten_thousands,
)
from tests.support.platforms.invented import (
    between,
    day,
    digits,
    later,
    lot,
    mobile,
    moment,
    one_of,
    person,
)

TABLES = [
    *table(
        "t_fund_remit",
        "工会经费上缴表（金额单位：万元）",
        """
        remit_id bigint primary key -- 主键
        org_no varchar(32) not null references t_union_org (org_no) -- 工会编号
        fund_mon date not null -- 所属月份（当月1日）
        wage_amt numeric(18, 6) -- 工资总额（万元）
        due_amt numeric(18, 6) not null -- 应缴金额（万元）
        paid_amt numeric(18, 6) not null -- 实缴金额（万元）
        owe_amt numeric(18, 6) -- 欠缴金额（万元）
        rtn_amt numeric(18, 6) -- 返还金额（万元）
        limit_dt date -- 缴款截止日期
        pay_dt date -- 缴款到账日期
        vchr_no varchar(32) -- 凭证号
        """,
    ),
    *table(
        "t_coll_contr",
        "集体合同表",
        """
        contr_id bigint primary key -- 主键
        org_id bigint not null references t_union_org (org_id) -- 工会主键
        org_no varchar(32) not null -- 工会编号
        contr_name varchar(200) -- 合同名称
        contr_no varchar(32) not null unique -- 合同编号
        cvr_scope char(1) not null -- 覆盖范围：1企业 2区域 3行业
        contr_type char(1) not null -- 合同类型：1综合 2工资专项 3女职工专项 4劳动安全卫生专项
        cvr_num integer -- 覆盖职工人数
        neg_dt date -- 协商会议日期
        sign_dt date not null -- 签订日期
        beg_dt date not null -- 生效日期
        end_dt date not null -- 终止日期（含当日）
        rpt_dt date -- 报送人社部门日期
        filed_dt varchar(8) -- 审查通过登记日期（YYYYMMDD）
        """,
    ),
    *table(
        "t_lab_prot_chk",
        "劳动保护监督检查表",
        """
        chk_id bigint primary key -- 主键
        chk_no varchar(32) not null unique -- 检查编号
        org_id bigint not null references t_union_org (org_id) -- 工会主键
        org_no varchar(32) not null -- 工会编号
        chk_psn varchar(50) -- 检查人
        hzd_major_cnt integer -- 其中重大隐患数
        hzd_cnt integer not null -- 发现隐患数
        rect_cnt integer not null -- 已整改隐患数
        chk_dt date not null -- 检查日期
        rect_limit_dt date -- 整改期限
        """,
    ),
    *table(
        "t_lab_disp",
        "劳动争议案件表",
        """
        disp_id bigint primary key -- 主键
        case_no varchar(32) not null unique -- 案件编号
        org_id bigint not null references t_union_org (org_id) -- 工会主键
        org_no varchar(32) not null -- 工会编号
        appl_name varchar(50) -- 申请人
        appl_tel varchar(20) -- 申请人电话
        ivl_num integer -- 涉及人数
        deal_way char(1) not null -- 处理途径：1调解 2法律援助 3仲裁
        occur_dt date -- 争议发生日期
        accept_dt date not null -- 受理日期
        close_dt date -- 结案日期
        deal_rslt char(1) -- 处理结果：1调解成功 2撤诉 3裁决 4未成功
        claim_amt numeric(14, 2) -- 诉求金额（元）
        rcv_amt numeric(14, 2) -- 挽回损失金额（元）
        visit_dt date -- 回访日期
        """,
    ),
    *table(
        "t_wkr_appeal",
        "职工诉求表",
        """
        appeal_id bigint primary key -- 主键
        appeal_no varchar(32) not null unique -- 诉求单号
        appeal_title varchar(200) -- 诉求标题
        appeal_type varchar(50) not null -- 诉求类别，见数据字典appeal_type
        org_id bigint not null references t_union_org (org_id) -- 工会主键
        org_no varchar(32) not null -- 工会编号
        appeal_tm timestamp(0) not null -- 提交时间
        asgn_tm timestamp(0) -- 派单时间
        fin_tm timestamp(0) -- 办结时间
        satis_lvl char(1) -- 满意度：1满意 2基本满意 3不满意
        """,
    ),
    *table(
        "t_hdsp_wkr",
        "困难职工档案表",
        """
        hdsp_id bigint primary key -- 主键
        file_no varchar(32) not null unique -- 档案编号
        wkr_name varchar(50) -- 职工姓名
        hdsp_rsn char(1) -- 致困原因：1疾病 2失业 3子女教育 4其他
        fam_cnt integer -- 家庭人口
        fam_inc numeric(14, 2) -- 家庭年收入（元）
        org_id bigint not null references t_union_org (org_id) -- 工会主键
        org_no varchar(32) not null -- 工会编号
        appl_dt date -- 申请日期
        file_dt date not null -- 建档登记日期
        out_dt date -- 脱困日期
        help_dt date -- 帮扶日期
        help_amt numeric(14, 2) -- 帮扶金额（元）
        """,
    ),
]


def remittances(platform):
    for number, row in enumerate(platform.rows("fund_remittance"), start=600_001):
        key = (row["union_id"], row["month"])
        due, paid = Decimal(row["amount_due"]), Decimal(row["amount_paid"])
        yield {
            "remit_id": number,
            "org_no": row["union_id"],
            "fund_mon": day(row["month"]),
            "wage_amt": ten_thousands(due * 50),
            "due_amt": ten_thousands(due),
            "paid_amt": ten_thousands(paid),
            "owe_amt": ten_thousands(max(due - paid, Decimal(0))),
            "rtn_amt": ten_thousands(paid * Decimal("0.6")),
            "limit_dt": day(row["month"]) + timedelta(days=45),
            "pay_dt": day(row["paid_on"]),
            "vchr_no": "PZ" + digits(8, "voucher", *key),
            **audit(row, key),
        }


def contracts(platform):
    for row, number, key, audited in platform.numbered(
        "collective_contract", "contract_id", 420_001
    ):
        signed = day(row["signed_on"])
        yield {
            "contr_id": number,
            "contr_no": key,
            **platform.union(row),
            "contr_name": one_of(("集体合同", "集体合同书", "协议书"), "name", key),
            "contr_type": code("collective_contract", "kind", row["kind"]),
            "cvr_scope": code("collective_contract", "scope", row["scope"]),
            "cvr_num": between(5, 300, "covered", key),
            "neg_dt": later(signed, -40, -3, "negotiated", key),
            "sign_dt": signed,
            "beg_dt": day(row["effective_from"]),
            "end_dt": day(row["effective_to"]),
            "rpt_dt": later(signed, 3, 9, "reported", key) if lot("sent", key) % 9 else None,
            "filed_dt": compact(row["registered_on"]),
            **audited,
        }


def inspections(platform):
    for row, number, key, audited in platform.numbered(
        "safety_inspection", "inspection_id", 430_001
    ):
        found = int(row["hazards_found"])
        yield {
            "chk_id": number,
            "chk_no": key,
            **platform.union(row),
            "chk_psn": person("inspector", key),
            "chk_dt": day(row["inspected_on"]),
            "hzd_cnt": found,
            "hzd_major_cnt": found // 3 if lot("major", key) % 2 else 0,
            "rect_cnt": int(row["hazards_rectified"]),
            "rect_limit_dt": later(day(row["inspected_on"]), 15, 30, "limit", key)
            if found
            else None,
            **audited,
        }


def disputes(platform):
    for row, number, key, audited in platform.numbered("labour_dispute", "case_id", 440_001):
        yield {
            "disp_id": number,
            "case_no": key,
            **platform.union(row),
            "appl_name": person("applicant", key),
            "appl_tel": mobile("applicant", key),
            "ivl_num": between(1, 12, "involved", key),
            "deal_way": code("labour_dispute", "route", row["route"]),
            "occur_dt": later(day(row["opened_on"]), -90, -5, "occurred", key),
            "accept_dt": day(row["opened_on"]),
            "close_dt": day(row["closed_on"]),
            "deal_rslt": code("labour_dispute", "outcome", row["outcome"]),
            "claim_amt": drawn_amount(2_000, 90_000, "claim", key),
            "rcv_amt": amount(row["recovered"]),
            "visit_dt": day(row["revisited_on"]),
            **audited,
        }


def appeals(platform):
    for row, number, key, audited in platform.numbered("service_request", "request_id", 450_001):
        yield {
            "appeal_id": number,
            "appeal_no": key,
            **platform.union(row),
            "appeal_title": one_of(("咨询", "投诉", "求助", "建议"), "title", key) + key[-4:],
            "appeal_type": row["category"],
            "appeal_tm": moment(row["opened_at"]),
            "asgn_tm": moment(row["opened_at"])
            + timedelta(minutes=between(5, 600, "assigned", key)),
            "fin_tm": moment(row["closed_at"]),
            "satis_lvl": one_of("11123", "satisfied", key) if row["closed_at"] else None,
            **audited,
        }


def hardships(platform):
    for row, number, key, audited in platform.numbered("hardship_case", "case_id", 460_001):
        yield {
            "hdsp_id": number,
            "file_no": key,
            **platform.union(row),
            "wkr_name": person("hardship", key),
            "hdsp_rsn": one_of("1234", "cause", key),
            "fam_cnt": between(1, 6, "family", key),
            "fam_inc": drawn_amount(8_000, 60_000, "income", key),
            "appl_dt": later(day(row["registered_on"]), -30, -2, "applied", key),
            "file_dt": day(row["registered_on"]),
            "help_dt": day(row["assisted_on"]),
            "help_amt": drawn_amount(500, 8_000, "help", key) if row["assisted_on"] else None,
            "out_dt": day(row["lifted_on"]),
            **audited,
        }


ROWS = {
    "t_fund_remit": remittances,
    "t_coll_contr": contracts,
    "t_lab_prot_chk": inspections,
    "t_lab_disp": disputes,
    "t_wkr_appeal": appeals,
    "t_hdsp_wkr": hardships,
}
