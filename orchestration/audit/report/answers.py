"""The report's sections that the release alone answers.

Files, rows, methodology, code, checks, people, changes.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from orchestration.audit.report.blocks import cell, heading, notice, paragraph, table
from orchestration.contract.registry import source_tables
from orchestration.documents.briefing.content import Block
from orchestration.documents.note import say as note_say
from orchestration.documents.note.changed import PARTS, exact
from orchestration.why.words import CHINESE, say, words

STATES = {"prepared": "待发布", "published": "已发布", "retracted": "已撤回"}
SEVERITIES = {"stop": "阻止发布", "warn": "提示", "stop_unless_overridden": "阻止发布，可例外放行"}
PLANNED = {"monthly": "月度", "annual": "年度"}

Answer = Mapping[str, Any]


def report_title(answers: Answer) -> tuple[str, str]:
    """Title and subtitle."""
    year, month = answers["period"].split("-")
    title = f"{year}年{int(month)}月民营企业工会健康指数审计报告"
    return title, f"数据截至 {answers['as_of']}，{STATES[answers['state']]}"


def answer_blocks(answers: Answer) -> Iterator[Block]:
    """All sections, in the order of `uhi audit`."""
    yield from overview(answers)
    yield from files_read(answers["source"])
    yield from rows(answers["rows"])
    yield from methodology(answers["methodology"])
    yield from code(answers["code"])
    yield from checks(answers["checks"])
    yield from people(answers["people"])
    yield from changes(answers["changes"])


def overview(answers: Answer) -> Iterator[Block]:
    """Which release it is, and that it verifies."""
    signatures = (
        "已核验" if answers["signatures_verified"] else "未核验（核验需提供签名人公钥文件）"
    )
    yield heading("一、发布概况")
    revision = answers["people"]["revision"]
    if revision:
        kind = note_say("kind", revision["kind"])[0]
        yield notice(f"{kind}：本版取代 {revision['supersedes']} 版。原因：{revision['reason']}")
    if retraction := answers["people"]["retraction"]:
        yield notice(
            f"本版已于 {retraction['at']} 由 {retraction['by']} 撤回。原因：{retraction['reason']}"
        )
    facts = [
        ("统计月份", answers["period"]),
        ("数据截至", answers["as_of"]),
        ("状态", STATES[answers["state"]]),
        ("SHA256SUMS 的 SHA-256", answers["sha256sums"]),
        ("文件核验", f"{answers['files_verified']:,} 个文件与制作、检查时一致"),
        ("签名", signatures),
    ]
    yield table("基本情况", ("项目", "内容"), facts, (28, 72))


def files_read(source: Answer) -> Iterator[Block]:
    """Which files were read, and what was landed of each."""
    landing = source["landing"]
    yield heading("二、读取的数据")
    yield paragraph(
        f"数据来源：{source['location']}，读取时间 {source['extracted_at']}，"
        f"最近一次全量读取 {source['whole_read_at']}。"
    )
    yield paragraph(f"落地批次 {landing['intake']}，SHA-256 {landing['sha256']}。")
    listed = [
        (
            name_of(each["table"]),
            each["rows_read"],
            each["rows"],
            f"{each['since']} 起的变动" if each["since"] else "全量",
        )
        for each in source["tables"]
    ]
    yield table(
        "读取与落地行数", ("数据表", "读取", "落地", "读取方式"), listed, (46, 12, 12, 30), (1, 2)
    )
    digests = [(each["table"], each["sha256"]) for each in source["tables"]]
    yield table("落地文件的 SHA-256", ("数据表", "SHA-256"), digests, (26, 74))


def rows(tables: list[Answer]) -> Iterator[Block]:
    """Rows landed, accepted, refused and merged, and by which rule."""
    yield heading("三、拒收与合并")
    listed = [
        (
            name_of(each["table"]),
            *(each[count] for count in ("landed", "accepted", "refused", "merged")),
            "；".join(f"{rule_name(rule)} {count:,}" for rule, count in each["rules"].items())
            or "–",
        )
        for each in tables
    ]
    head = ("数据表", "落地", "采纳", "拒收", "合并", "按规则")
    yield table("逐表行数", head, listed, (34, 10, 10, 8, 8, 30), (1, 2, 3, 4))


def rule_name(rule: str) -> str:
    """A rule of rows in words."""
    return (
        "重复行合并"
        if rule == "merged"
        else say(CHINESE, "rule", rule)
        if rule in words()["rule"]
        else rule
    )


def methodology(found: Answer) -> Iterator[Block]:
    """Which methodology, approved by whom, and whether it changed."""
    followed = found["followed"]
    compared = "本版不与其他发布比较。"
    if followed is not None and followed["same"] is None:
        compared = f"本版与 {named(followed)} 比较；该版不在此处，无法判断编制方法是否变化。"
    elif followed is not None:
        compared = f"与 {named(followed)} 相比，编制方法{'未变' if followed['same'] else '已变'}。"
    yield heading("四、编制方法")
    yield paragraph(f"方法版本 {found['name']}，SHA-256 {found['sha256']}。")
    yield paragraph(f"批准记录：{found['approval']}")
    yield paragraph(compared)


def code(found: Answer) -> Iterator[Block]:
    """Which code made the candidate and the release."""
    states = {True: "与提交一致", False: "有未提交的改动"}
    listed = []
    for part, label in (("candidate", "测算"), ("release", "制作发布")):
        made = found[part]
        if made is not None:
            listed.append(
                (label, made["version"], made["commit"], states.get(made["clean"], made["remark"]))
            )
    yield heading("五、程序版本")
    yield table("程序与提交", ("环节", "版本", "提交", "状态"), listed, (14, 14, 52, 20))


def checks(found: Answer) -> Iterator[Block]:
    """How many checks ran, what did not pass, what was overridden."""
    yield heading("六、质量检查")
    for part, label in (("candidate", "测算结果"), ("release", "发布文件")):
        judged = found[part]
        passed = judged["checks"] - len(judged["not_passed"])
        yield paragraph(
            f"{label}：共 {judged['checks']} 项检查，执行 {judged['ran']} 项，通过 {passed} 项。"
        )
    failed = [check for part in ("candidate", "release") for check in found[part]["not_passed"]]
    if failed:
        listed = [
            (check["name"], SEVERITIES[check["severity"]], check["observed"]) for check in failed
        ]
        yield table("未通过的检查", ("检查", "后果", "发现"), listed, (36, 18, 46))
    overridden = [
        (entry["check"], entry["by"], entry["at"], entry["reason"]) for entry in found["overrides"]
    ]
    if overridden:
        yield table("例外放行", ("检查", "签名人", "时间", "理由"), overridden, (30, 14, 24, 32))
    other = [each["file"] for each in found["tables"] if not each["agrees"]]
    yield paragraph(
        f"字节与检查时不同的数据表：{'、'.join(other)}" if other else "各数据表的字节与检查时一致。"
    )


def people(found: Answer) -> Iterator[Block]:
    """Who did what, when."""
    planned = found["planned"]
    steps: list[tuple[Any, ...]] = [
        (found["prepared_at"], "制作发布", f"测算人 {cell(found['candidate_by'])}"),
        *(
            (entry["at"], "提前查看", f"{entry['by']}：{entry['reason']}")
            for entry in found["previews"]
        ),
        *(
            (entry["at"], "批准", f"{entry['by']}，密钥 {entry['key']}")
            for entry in found["approvals"]
        ),
        (
            planned["release_time"],
            "计划发布",
            f"{PLANNED.get(planned['kind'], planned['kind'])}发布，{planned['announced_on']} 预告",
        ),
    ]
    if found["published_at"]:
        steps.append((found["published_at"], "发布", found["published_as"]))
    yield heading("七、办理过程")
    yield table("各环节", ("时间", "环节", "说明"), steps, (28, 14, 58))
    if not found["approvals"]:
        yield paragraph("尚无人批准。")


def changes(found: Answer | None) -> Iterator[Block]:
    """What changed since the release that it is compared with."""
    yield heading("八、与所比较发布的差异")
    if found is None:
        yield paragraph("本版不与其他发布比较。")
        return
    yield paragraph(
        f"与 {named(found['compared_with'])} 比较。逐项差异见发布中的 internal/changes.csv。"
    )
    kinds = {name: note_say("changes", name)[0] for name in ("changed", "appeared", "gone")}
    listed = [
        (note_say("table", row["table"])[0], kinds[row["change"]], row["differences"])
        for row in found["counts"]
    ]
    yield table("差异数量", ("数据表", "类型", "数量"), listed, (50, 25, 25), (2,))
    if city := found["city"]:
        parts = "，".join(f"{note_say('changes', part)[0]} {exact(city[part])}" for part in PARTS)
        before, after, change = cell(city["before"]), cell(city["after"]), exact(city["change"])
        yield paragraph(f"全市健康指数由 {before} 变为 {after}（{change}）：{parts}。")
        yield paragraph(
            f"前后均有的工会 {city['stayed']:,} 家，新增 {city['joined']:,} 家，"
            f"退出 {city['left_sample']:,} 家。"
        )


def name_of(table_name: str) -> str:
    """A source table in Chinese, with its name."""
    return f"{source_tables()[table_name].name_zh} {table_name}"


def named(identity: Answer) -> str:
    """A release by its place."""
    return f"{identity['period']} {identity['release']}"
