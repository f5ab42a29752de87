"""What a platform has for itself: users, codes, messages, logs."""

from datetime import datetime, timedelta

from tests.support.platforms.invented import (
    between,
    mobile,
    one_of,
    person,
)
from tests.support.platforms.pinyin_full.common import (
    CLERKS,
    CODES,
    table,
)

TABLES = [
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
    "sys_yonghu": users,
    "sys_juese": roles,
    "sys_zidian": dictionary,
    "sys_rizhi": log,
    "xx_xiaoxi": messages,
}
