"""A foreign platform of English abbreviations with Chinese comments.

As of a Java shop that moved from Oracle to PostgreSQL: numbers without meaning as keys, foreign
keys declared, the business numbers beside them, codes told in the comments.
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
    surrogates,
)

AUDIT = """
    crt_by varchar(32) -- 创建人
    crt_dt timestamp(0) -- 创建时间
    upd_by varchar(32) -- 更新人
    upd_dt timestamp(0) not null -- 更新时间
    del_flag char(1) default '0' -- 删除标志：0正常 1删除
"""


def table(name, comment, columns, audit=AUDIT):
    """The statements of a table: its columns a line each, every one with its comment."""
    lines = [line.strip().split(" -- ") for line in (columns + audit).splitlines() if line.strip()]
    return [
        f"create table {name} ({', '.join(definition for definition, _ in lines)})",
        f"comment on table {name} is '{comment}'",
        *(
            f"comment on column {name}.{definition.split()[0]} is '{said}'"
            for definition, said in lines
        ),
    ]


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
        "t_sys_user",
        "系统用户表",
        """
        user_id bigint primary key -- 用户ID
        login_name varchar(50) not null -- 登录名
        pwd varchar(100) -- 密码（密文）
        real_name varchar(50) -- 姓名
        mobile varchar(20) -- 手机号
        dept_name varchar(100) -- 所属部门
        area_code varchar(12) references t_sys_area (area_code) -- 管辖区划
        last_login_dt timestamp(0) -- 最后登录时间
        user_sts char(1) -- 状态：1启用 0停用
        """,
    ),
    *table(
        "t_sys_role",
        "系统角色表",
        """
        role_id bigint primary key -- 角色ID
        role_code varchar(50) -- 角色编码
        role_name varchar(50) -- 角色名称
        """,
    ),
    *table(
        "t_sys_user_role",
        "用户角色关系表",
        """
        user_id bigint not null references t_sys_user (user_id) -- 用户ID
        role_id bigint not null references t_sys_role (role_id) -- 角色ID
        """,
        audit="",
    ),
    *table(
        "t_sys_dict",
        "数据字典表",
        """
        dict_id bigint primary key -- 主键
        dict_type varchar(50) not null -- 字典类型
        dict_code varchar(50) not null -- 字典编码
        dict_name varchar(100) not null -- 字典名称
        sort_no integer -- 排序号
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
    *table(
        "t_msg_notice",
        "消息通知表",
        """
        msg_id bigint primary key -- 主键
        msg_title varchar(200) -- 标题
        msg_cont varchar(2000) -- 内容
        recv_mob varchar(20) -- 接收手机号
        send_tm timestamp(0) -- 发送时间
        read_flag char(1) -- 是否已读：1是 0否
        """,
    ),
    *table(
        "t_file_attach",
        "附件表",
        """
        file_id bigint primary key -- 主键
        biz_type varchar(50) -- 业务类型
        biz_id bigint -- 业务主键
        file_name varchar(200) -- 文件名
        file_size bigint -- 文件大小（字节）
        """,
    ),
    *table(
        "t_oper_log",
        "操作日志表",
        """
        log_id bigint primary key -- 主键
        user_id bigint references t_sys_user (user_id) -- 操作用户
        mod_name varchar(50) -- 模块
        oper_desc varchar(500) -- 操作说明
        ip_addr varchar(40) -- IP地址
        oper_tm timestamp(0) -- 操作时间
        """,
        audit="",
    ),
]

# The column of each column of the contract.  None: the platform lacks it.
TRUTH = {
    "region": {
        "table": "t_sys_area",
        "columns": {
            "region_code": "area_code",
            "name_zh": "area_name",
            "name_en": "area_name_en",
            "level": "area_lvl",
            "parent_code": "parent_code",
        },
    },
    "enterprise": {
        "table": "t_ent_base_info",
        "columns": {
            "enterprise_id": "uscc",
            "name_zh": "ent_name",
            "region_code": "area_code",
            "industry_code": "ind_cls",
            "employee_count": "stf_cnt",
            "established_on": "est_dt",
            "updated_at": "upd_dt",
        },
    },
    "operating_event": {
        "table": "t_ent_oper_chg",
        "columns": {
            "event_id": "chg_no",
            "enterprise_id": "uscc",
            "event": "chg_type",
            "occurred_on": "chg_dt",
            "updated_at": "upd_dt",
        },
    },
    "union_org": {
        "table": "t_union_org",
        "columns": {
            "union_id": "org_no",
            "enterprise_id": "uscc",
            "established_on": "est_dt",
            "committee_elected_on": "elect_dt",
            "committee_term_years": "term_yrs",
            "womens_committee": "has_wmn_comm",
            "linked_on": "plat_link_dt",
            "updated_at": "upd_dt",
        },
    },
    "member": {
        "table": "t_mbr_info",
        "columns": {
            "member_id": "mbr_no",
            "union_id": "org_no",
            "name": "mbr_name",
            "id_number": "id_no",
            "phone": "mobile",
            "gender": "gender",
            "joined_on": "join_dt",
            "left_on": "leave_dt",
            "verified_on": "auth_dt",
            "updated_at": "upd_dt",
        },
    },
    "fund_remittance": {
        "table": "t_fund_remit",
        "columns": {
            "union_id": "org_no",
            "month": "fund_mon",
            "amount_due": "due_amt",
            "amount_paid": "paid_amt",
            "paid_on": "pay_dt",
            "updated_at": "upd_dt",
        },
    },
    "collective_contract": {
        "table": "t_coll_contr",
        "columns": {
            "contract_id": "contr_no",
            "union_id": "org_no",
            "kind": "contr_type",
            "scope": "cvr_scope",
            "signed_on": "sign_dt",
            "effective_from": "beg_dt",
            "effective_to": "end_dt",
            "registered_on": "filed_dt",
            "updated_at": "upd_dt",
        },
    },
    "safety_inspection": {
        "table": "t_lab_prot_chk",
        "columns": {
            "inspection_id": "chk_no",
            "union_id": "org_no",
            "inspected_on": "chk_dt",
            "hazards_found": "hzd_cnt",
            "hazards_rectified": "rect_cnt",
            "updated_at": "upd_dt",
        },
    },
    "labour_dispute": {
        "table": "t_lab_disp",
        "columns": {
            "case_id": "case_no",
            "union_id": "org_no",
            "route": "deal_way",
            "opened_on": "accept_dt",
            "closed_on": "close_dt",
            "outcome": "deal_rslt",
            "recovered": "rcv_amt",
            "revisited_on": "visit_dt",
            "updated_at": "upd_dt",
        },
    },
    "service_request": {
        "table": "t_wkr_appeal",
        "columns": {
            "request_id": "appeal_no",
            "union_id": "org_no",
            "category": "appeal_type",
            "opened_at": "appeal_tm",
            "closed_at": "fin_tm",
            "updated_at": "upd_dt",
        },
    },
    "hardship_case": {
        "table": "t_hdsp_wkr",
        "columns": {
            "case_id": "file_no",
            "union_id": "org_no",
            "registered_on": "file_dt",
            "assisted_on": "help_dt",
            "lifted_on": "out_dt",
            "updated_at": "upd_dt",
        },
    },
    "skills_event": {
        "table": "t_skl_evt",
        "columns": {
            "event_id": "evt_no",
            "union_id": "org_no",
            "kind": "evt_type",
            "held_on": "hold_dt",
            "participants": "part_num",
            "updated_at": "upd_dt",
        },
    },
    "proposal": {
        "table": "t_rat_prop",
        "columns": {
            "proposal_id": "prop_no",
            "union_id": "org_no",
            "submitted_on": "smt_dt",
            "adopted_on": "adpt_dt",
            "benefit": "bnft_amt",
            "updated_at": "upd_dt",
        },
    },
    "innovation_studio": {
        "table": "t_inno_std",
        "columns": {
            "studio_id": "std_no",
            "union_id": "org_no",
            "level": "std_lvl",
            "opened_on": "found_dt",
            "closed_on": "rvk_dt",
            "updated_at": "upd_dt",
        },
    },
    "workers_congress": {
        "table": "t_wkr_congr",
        "columns": {
            "meeting_id": "congr_no",
            "union_id": "org_no",
            "held_on": "hold_dt",
            "disclosures": "disc_cnt",
            "updated_at": "upd_dt",
        },
    },
    "venue": {
        "table": "t_cult_venue",
        "columns": {
            "venue_id": "ven_no",
            "union_id": "org_no",
            "kind": "ven_type",
            "opened_on": "open_dt",
            "closed_on": "shut_dt",
            "updated_at": "upd_dt",
        },
    },
    "activity": {
        "table": "t_cult_act",
        "columns": {
            "activity_id": "act_no",
            "union_id": "org_no",
            "held_on": "act_dt",
            "participants": "part_num",
            "updated_at": "upd_dt",
        },
    },
    "member_rating": {
        "table": "t_mbr_eval",
        "columns": {
            "rating_id": "eval_no",
            "union_id": "org_no",
            "member_id": "mbr_no",
            "rated_on": "eval_dt",
            "stars": "star_lvl",
            "updated_at": "upd_dt",
        },
    },
    "violation": {
        "table": "t_ent_viol",
        "columns": {
            "violation_id": "viol_no",
            "enterprise_id": "uscc",
            "kind": "viol_type",
            "found_on": "find_dt",
            "due_on": "limit_dt",
            "rectified_on": "rect_dt",
            "updated_at": "upd_dt",
        },
    },
}

# What each code of the platform is in the contract.  A category of a request is free text in the
# contract; this platform's dictionary happens to use the same codes.
CODES = {
    ("region", "level"): {"2": "city", "3": "county", "4": "township"},
    ("operating_event", "event"): {
        "1": "opened",
        "2": "resumed",
        "3": "converted",
        "4": "relocated",
        "5": "suspended",
        "6": "merged",
        "7": "closed",
    },
    ("union_org", "womens_committee"): {"1": "true", "0": "false"},
    ("member", "gender"): {"1": "m", "2": "f"},
    ("collective_contract", "kind"): {"1": "general", "2": "wage", "3": "womens", "4": "safety"},
    ("collective_contract", "scope"): {"1": "enterprise", "2": "regional", "3": "industry"},
    ("labour_dispute", "route"): {"1": "mediation", "2": "legal_aid", "3": "arbitration"},
    ("labour_dispute", "outcome"): {
        "1": "settled",
        "2": "withdrawn",
        "3": "award",
        "4": "failed",
    },
    ("skills_event", "kind"): {"1": "training", "2": "competition"},
    ("innovation_studio", "level"): {
        "1": "enterprise",
        "2": "county",
        "3": "city",
        "4": "province",
        "5": "national",
    },
    ("venue", "kind"): {"1": "sports", "2": "reading", "3": "home"},
    ("violation", "kind"): {
        "1": "wage_arrears",
        "2": "social_insurance",
        "3": "overtime",
        "4": "safety",
        "5": "contract",
    },
}

# Other columns that may be chosen: numbers without meaning that identify the same rows, with
# which the landing has other keys and is else the same.  member_id in both tables or in neither.
# org_id is no such column: t_fund_remit and t_mbr_eval refer to a union by its org_no alone.
ALSO = {
    ("operating_event", "event_id"): ["chg_id"],
    ("member", "member_id"): ["mbr_id"],
    ("member_rating", "member_id"): ["mbr_id"],
    ("collective_contract", "contract_id"): ["contr_id"],
    ("safety_inspection", "inspection_id"): ["chk_id"],
    ("labour_dispute", "case_id"): ["disp_id"],
    ("service_request", "request_id"): ["appeal_id"],
    ("hardship_case", "case_id"): ["hdsp_id"],
    ("skills_event", "event_id"): ["evt_id"],
    ("proposal", "proposal_id"): ["prop_id"],
    ("innovation_studio", "studio_id"): ["std_id"],
    ("workers_congress", "meeting_id"): ["congr_id"],
    ("venue", "venue_id"): ["ven_id"],
    ("activity", "activity_id"): ["act_id"],
    ("member_rating", "rating_id"): ["eval_id"],
    ("violation", "violation_id"): ["viol_id"],
}

# How a column's cells are written where its type does not tell: the days' formats, or how many
# yuan its unit has.  Every timestamp is by the clock of Asia/Shanghai.
FORMS = {
    ("operating_event", "occurred_on"): {"date": ["%Y%m%d"]},
    ("union_org", "linked_on"): {"date": ["%Y%m%d"]},
    ("member", "verified_on"): {"date": ["%Y%m%d"]},
    ("member_rating", "rated_on"): {"date": ["%Y%m%d"]},
    ("collective_contract", "registered_on"): {"date": ["%Y%m%d"]},
    ("fund_remittance", "amount_due"): {"unit": "10000"},
    ("fund_remittance", "amount_paid"): {"unit": "10000"},
}

DICTIONARY = {
    "appeal_type": {
        "wages": "工资报酬",
        "benefits": "福利待遇",
        "injury": "工伤",
        "leave": "休息休假",
    },
    "gender": {"1": "男", "2": "女"},
    "contr_type": {"1": "综合", "2": "工资专项", "3": "女职工专项", "4": "劳动安全卫生专项"},
}
CLERKS = ("admin", "wzzgh01", "wzzgh02", "lcqgh", "rasgh", "import")


def code(table_name, column, cell):
    """The platform's code of a contract's; None where the cell is empty."""
    written = {told: code for code, told in CODES[table_name, column].items()}
    return written[cell] if cell else None


def compact(cell):
    return cell.replace("-", "") or None


def amount(cell):
    return Decimal(cell) if cell else None


def ten_thousands(value):
    return Decimal(value) / 10_000


def count(cell):
    return int(cell) if cell else None


def drawn_amount(low, high, *parts):
    return Decimal(between(low * 100, high * 100, *parts)) / 100


def audit(row, key):
    """The columns of AUDIT for a contract's row; a row was created some time before."""
    updated = moment(row["updated_at"])
    return {
        "crt_by": one_of(CLERKS, "created", key),
        "crt_dt": updated - timedelta(minutes=between(60, 900_000, "created at", key)),
        "upd_by": one_of(CLERKS, "updated", key),
        "upd_dt": updated,
        "del_flag": "0",
    }


def installed(key):
    """The columns of AUDIT for a row that came with the platform."""
    return audit({"updated_at": "2018-05-02T09:00:00"}, key)


class Platform:
    """The contract's rows, and the platform's numbers for its keys."""

    def __init__(self, folder):
        self.folder = folder
        self.areas = surrogates((row["region_code"] for row in self.rows("region")), 1001)
        self.enterprises = surrogates(
            (row["enterprise_id"] for row in self.rows("enterprise")), 200_001
        )
        self.unions = surrogates((row["union_id"] for row in self.rows("union_org")), 300_001)
        self.members = surrogates((row["member_id"] for row in self.rows("member")), 5_000_001)
        self.names = {row["enterprise_id"]: row["name_zh"] for row in self.rows("enterprise")}

    def rows(self, name):
        return contract_rows(self.folder, name)

    def numbered(self, name, key, first):
        """Rows of a table of the contract, each with its number, its key and AUDIT's columns."""
        numbers = surrogates((row[key] for row in self.rows(name)), first)
        for row in self.rows(name):
            yield row, numbers[row[key]], row[key], audit(row, row[key])

    def union(self, row):
        return {"org_id": self.unions[row["union_id"]], "org_no": row["union_id"]}

    def enterprise(self, row):
        return {
            "ent_id": self.enterprises[row["enterprise_id"]],
            "uscc": row["enterprise_id"],
        }


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


def users(platform):
    for number, login in enumerate(CLERKS, start=1):
        yield {
            "user_id": number,
            "login_name": login,
            "pwd": "******",
            "real_name": person("user", login),
            "mobile": mobile("user", login),
            "dept_name": one_of(("组织部", "权益保障部", "经审办", "信息中心"), "office", login),
            "area_code": min(platform.areas, key=len),
            "last_login_dt": datetime(2021, 1, 20, 8, number),  # noqa: DTZ001
            "user_sts": "1",
            **installed(login),
        }


def roles(platform):
    names = {"admin": "系统管理员", "county": "县级管理员", "union": "基层工会", "read": "查询"}
    for number, (role, name) in enumerate(names.items(), start=1):
        yield {"role_id": number, "role_code": role, "role_name": name, **installed(role)}


def roles_of_users(platform):
    for number, login in enumerate(CLERKS, start=1):
        yield {"user_id": number, "role_id": 1 + lot("role", login) % 4}


def dictionary(platform):
    entries = [(kind, *entry) for kind, told in DICTIONARY.items() for entry in told.items()]
    for number, (kind, entry, name) in enumerate(entries, start=1):
        yield {
            "dict_id": number,
            "dict_type": kind,
            "dict_code": entry,
            "dict_name": name,
            "sort_no": number,
            **installed((kind, entry)),
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


def notices(platform):
    for number in range(1, 61):
        yield {
            "msg_id": number,
            "msg_title": one_of(("入会提醒", "换届提醒", "缴费提醒"), "notice", number),
            "msg_cont": "请及时办理",
            "recv_mob": mobile("notice", number),
            "send_tm": datetime(2020, 1, 1, 9) + timedelta(days=5 * number),  # noqa: DTZ001
            "read_flag": one_of("10", "read", number),
            **installed(number),
        }


def attachments(platform):
    for number in range(1, 41):
        yield {
            "file_id": number,
            "biz_type": one_of(("t_coll_contr", "t_union_org", "t_ent_viol"), "use", number),
            "biz_id": between(300_001, 300_100, "use of", number),
            "file_name": f"附件{number}.pdf",
            "file_size": between(20_000, 3_000_000, "size", number),
            **installed(number),
        }


def log(platform):
    for number in range(1, 121):
        yield {
            "log_id": number,
            "user_id": 1 + lot("log", number) % len(CLERKS),
            "mod_name": one_of(("会员管理", "组织管理", "经费管理"), "module", number),
            "oper_desc": one_of(("新增", "修改", "导出", "查询"), "deed", number),
            "ip_addr": f"10.33.{between(0, 9, 'net', number)}.{between(2, 250, 'host', number)}",
            "oper_tm": datetime(2021, 1, 4, 8) + timedelta(minutes=131 * number),  # noqa: DTZ001
        }


# In the order of their references.
ROWS = {
    "t_sys_area": areas,
    "t_sys_user": users,
    "t_sys_role": roles,
    "t_sys_user_role": roles_of_users,
    "t_sys_dict": dictionary,
    "t_trade_fed": federations,
    "t_ent_base_info": enterprises,
    "t_ent_oper_chg": operating_changes,
    "t_union_org": unions,
    "t_mbr_info": members,
    "t_mbr_his": memberships,
    "t_mbr_welfare": welfare,
    "t_fund_remit": remittances,
    "t_coll_contr": contracts,
    "t_lab_prot_chk": inspections,
    "t_lab_disp": disputes,
    "t_wkr_appeal": appeals,
    "t_hdsp_wkr": hardships,
    "t_skl_evt": skills_events,
    "t_rat_prop": proposals,
    "t_inno_std": studios,
    "t_wkr_congr": congresses,
    "t_cult_venue": venues,
    "t_cult_act": activities,
    "t_mbr_eval": evaluations,
    "t_ent_viol": violations,
    "t_msg_notice": notices,
    "t_file_attach": attachments,
    "t_oper_log": log,
}


def fill(connection, folder):
    """Insert the rows of the contract's CSV files in this platform's form."""
    platform = Platform(folder)
    for name, rows in ROWS.items():
        insert(connection, name, rows(platform))
