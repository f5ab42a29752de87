"""What a platform has for itself: users, codes, messages, logs."""

from datetime import datetime, timedelta

from tests.support.platforms.commented.common import (
    CLERKS,
    DICTIONARY,
    installed,
    table,
)
from tests.support.platforms.invented import (
    between,
    lot,
    mobile,
    one_of,
    person,
)

TABLES = [
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


ROWS = {
    "t_sys_user": users,
    "t_sys_role": roles,
    "t_sys_user_role": roles_of_users,
    "t_sys_dict": dictionary,
    "t_msg_notice": notices,
    "t_file_attach": attachments,
    "t_oper_log": log,
}
