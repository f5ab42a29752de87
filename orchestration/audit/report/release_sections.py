"""The report's sections that the release alone answers.

Files, rows, methodology, code, checks, people, changes.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from orchestration.audit.report.blocks import cell, heading, notice, paragraph, table
from orchestration.contract.registry import source_tables
from orchestration.documents.briefing.content import Block
from orchestration.documents.note import say as note_say
from orchestration.documents.note.changed import PARTS, exact
from orchestration.why.words import CHINESE, say, words
from quality.check_entries import check_words

STATES = {"prepared": "待发布", "published": "已发布", "retracted": "已撤回"}
SEVERITIES = {"stop": "阻止发布", "warn": "提示", "stop_unless_overridden": "阻止发布，可例外放行"}
PLANNED = {"monthly": "月度", "annual": "年度"}
APPROVAL = re.compile(r".+, approved on (?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2}) by (?P<by>.+)")

Answer = Mapping[str, Any]
Answers = list[Answer]
Blocks = Iterator[Block]


def report_title(answers: Answer) -> tuple[str, str]:
    """Title and subtitle."""
    year, month = answers["period"].split("-")
    state = STATES[answers["state"]]
    title = f"{year}年{int(month)}月民营企业工会健康指数审计报告"
    return title, f"数据截至 {answers['as_of']}，{state}"


def release_sections(answers: Answer) -> Blocks:
    """All sections, in the order of `uhi audit`."""
    yield from overview(answers)
    yield from files_read(answers["source"])
    yield from rows(answers["rows"])
    yield from methodology(answers["methodology"])
    yield from code(answers["code"])
    yield from checks(answers["checks"])
    yield from people(answers["people"])
    yield from changes(answers["changes"])


def overview(answers: Answer) -> Blocks:
    """Which release it is, and that it verifies."""
    signatures = "已核验"
    if not answers["signatures_verified"]:
        signatures = "未核验（核验需提供签名人公钥文件）"
    yield heading("一、发布概况")
    if revision := answers["people"]["revision"]:
        kind = release_words("kind", revision["kind"])
        yield notice(f"{kind}：本版取代 {revision['supersedes']} 版。原因：{revision['reason']}")
    if retraction := answers["people"]["retraction"]:
        when = f"于 {retraction['at']} 由 {retraction['by']} 撤回"
        yield notice(f"本版已{when}。原因：{retraction['reason']}")
    facts = [
        ("统计月份", answers["period"]),
        ("数据截至", answers["as_of"]),
        ("状态", STATES[answers["state"]]),
        ("SHA256SUMS 的 SHA-256", answers["sha256sums"]),
        ("文件核验", f"{answers['files_verified']:,} 个文件与制作、检查时一致"),
        ("签名", signatures),
    ]
    yield table(
        "基本情况",
        ("项目", "内容"),
        facts,
        (28, 72),
    )


def release_words(group: str, key: str) -> str:
    """The Chinese words that the documents of a release have of a key."""
    chinese, _ = note_say(group, key)
    return chinese


def files_read(source: Answer) -> Blocks:
    """Which files were read, and what was landed of each."""
    landing = source["landing"]
    yield heading("二、读取的数据")
    yield paragraph(
        f"数据来源：{source['location']}，读取时间 {source['extracted_at']}，"
        f"最近一次全量读取 {source['whole_read_at']}。"
    )
    yield paragraph(f"落地批次 {landing['intake']}，SHA-256 {landing['sha256']}。")
    listed = []
    for each in source["tables"]:
        how = f"{each['since']} 起的变动" if each["since"] else "全量"
        listed.append(
            (
                name_of(each["table"]),
                each["rows_read"],
                each["rows"],
                how,
            )
        )
    head = ("数据表", "读取", "落地", "读取方式")
    yield table(
        "读取与落地行数",
        head,
        listed,
        (46, 12, 12, 30),
        (1, 2),
    )
    digests = [(each["table"], each["sha256"]) for each in source["tables"]]
    yield table(
        "落地文件的 SHA-256",
        ("数据表", "SHA-256"),
        digests,
        (26, 74),
    )


def rows(tables: Answers) -> Blocks:
    """Rows landed, accepted, refused and merged, and by which rule."""
    yield heading("三、拒收与合并")
    listed = []
    for each in tables:
        rules = [f"{rule_name(rule)} {count:,}" for rule, count in each["rules"].items()]
        counts = [each[count] for count in ("landed", "accepted", "refused", "merged")]
        by_rule = "；".join(rules) or "–"
        listed.append((name_of(each["table"]), *counts, by_rule))
    head = ("数据表", "落地", "采纳", "拒收", "合并", "按规则")
    yield table(
        "逐表行数",
        head,
        listed,
        (34, 10, 10, 8, 8, 30),
        (1, 2, 3, 4),
    )


def rule_name(rule: str) -> str:
    """A rule of rows in words."""
    if rule == "merged":
        return "重复行合并"
    if rule in words()["rule"]:
        return say(CHINESE, "rule", rule)
    return rule


def approval_in_chinese(stated: str) -> str:
    """The approval of a methodology, as a manifest states it, in Chinese; who approved it as is."""
    found = APPROVAL.fullmatch(stated)
    return f"{found['day']} 批准，批准人：{found['by']}" if found else stated


def methodology(found: Answer) -> Blocks:
    """Which methodology, approved by whom, and whether it changed."""
    yield heading("四、编制方法")
    yield paragraph(f"方法版本 {found['name']}，SHA-256 {found['sha256']}。")
    yield paragraph(f"批准记录：{approval_in_chinese(found['approval'])}")
    yield paragraph(methodology_compared(found["followed"]))


def methodology_compared(followed: Answer | None) -> str:
    """Whether the methodology is that of the release that this one follows."""
    if followed is None:
        return "本版不与其他发布比较。"
    if followed["same"] is None:
        return f"本版与 {named(followed)} 比较；该版不在此处，无法判断编制方法是否变化。"
    changed = "未变" if followed["same"] else "已变"
    return f"与 {named(followed)} 相比，编制方法{changed}。"


def code(found: Answer) -> Blocks:
    """Which code made the candidate and the release."""
    states = {True: "与提交一致", False: "有未提交的改动"}
    listed = []
    for part, label in (("candidate", "测算"), ("release", "制作发布")):
        made = found[part]
        if made is not None:
            state = states.get(made["clean"], made["remark"])
            listed.append(
                (
                    label,
                    made["version"],
                    made["commit"],
                    state,
                )
            )
    yield heading("五、程序版本")
    yield table(
        "程序与提交",
        ("环节", "版本", "提交", "状态"),
        listed,
        (14, 14, 52, 20),
    )


def checks(found: Answer) -> Blocks:
    """How many checks ran, what did not pass, what was overridden."""
    yield heading("六、质量检查")
    yield paragraph(judgement("测算结果", found["candidate"]))
    yield paragraph(judgement("发布文件", found["release"]))
    failed = [*found["candidate"]["not_passed"], *found["release"]["not_passed"]]
    if failed:
        yield failed_checks(failed)
    if found["overrides"]:
        yield overridden_checks(found["overrides"])
    other = [each["file"] for each in found["tables"] if not each["agrees"]]
    if other:
        yield paragraph(f"字节与检查时不同的数据表：{'、'.join(other)}")
    else:
        yield paragraph("各数据表的字节与检查时一致。")


def judgement(files: str, judged: Answer) -> str:
    """How many checks of some files ran and passed."""
    passed = judged["checks"] - len(judged["not_passed"])
    return f"{files}：共 {judged['checks']} 项检查，执行 {judged['ran']} 项，通过 {passed} 项。"


def failed_checks(failed: Answers) -> Block:
    """The checks that did not pass, and what follows from that."""
    listed = []
    for check in failed:
        severity = SEVERITIES[check["severity"]]
        listed.append((check_named(check["name"]), severity, check["observed"]))
    return table(
        "未通过的检查",
        ("检查", "后果", "发现"),
        listed,
        (36, 18, 46),
    )


def check_named(name: str) -> str:
    """A check that did not pass: what that means, where a release can carry it, and its name."""
    meaning = check_words().get(name)
    return f"{meaning.zh} {name}" if meaning else name


def overridden_checks(overrides: Answers) -> Block:
    """The checks that were overridden, by whom, when and why."""
    listed = [
        [check_named(entry["check"]), *cells_in(entry, ("by", "at", "reason"))]
        for entry in overrides
    ]
    head = ("检查", "签名人", "时间", "理由")
    return table("例外放行", head, listed, (30, 14, 24, 32))


def cells_in(row: Answer, columns: tuple[str, ...]) -> list[Any]:
    """The cells of some columns of a row."""
    return [row[column] for column in columns]


def people(found: Answer) -> Blocks:
    """Who did what, when."""
    yield heading("七、办理过程")
    yield table(
        "各环节",
        ("时间", "环节", "说明"),
        steps_of(found),
        (28, 14, 58),
    )
    if not found["approvals"]:
        yield paragraph("尚无人批准。")


def steps_of(found: Answer) -> Iterator[tuple[Any, ...]]:
    """The steps of a release: when, which, and by whom or as what."""
    planned = found["planned"]
    kind = PLANNED.get(planned["kind"], planned["kind"])
    yield found["prepared_at"], "制作发布", f"测算人 {cell(found['candidate_by'])}"
    for entry in found["previews"]:
        yield entry["at"], "提前查看", f"{entry['by']}：{entry['reason']}"
    for entry in found["approvals"]:
        yield entry["at"], "批准", f"{entry['by']}，密钥 {entry['key']}"
    yield planned["release_time"], "计划发布", f"{kind}发布，{planned['announced_on']} 预告"
    if found["published_at"]:
        yield found["published_at"], "发布", found["published_as"]


def changes(found: Answer | None) -> Blocks:
    """What changed since the release that it is compared with."""
    yield heading("八、与所比较发布的差异")
    if found is None:
        yield paragraph("本版不与其他发布比较。")
        return
    compared = named(found["compared_with"])
    yield paragraph(f"与 {compared} 比较。逐项差异见发布中的 internal/changes.csv。")
    listed = []
    for row in found["counts"]:
        name = release_words("table", row["table"])
        kind = release_words("changes", row["change"])
        listed.append((name, kind, row["differences"]))
    yield table(
        "差异数量",
        ("数据表", "类型", "数量"),
        listed,
        (50, 25, 25),
        (2,),
    )
    if found["city"]:
        yield from changes_of_city(found["city"])


def changes_of_city(city: Answer) -> Blocks:
    """What moved the city's index, and how many unions stayed, joined and left."""
    before, after = cell(city["before"]), cell(city["after"])
    change = exact(city["change"])
    parts = []
    for part in PARTS:
        name = release_words("changes", part)
        parts.append(f"{name} {exact(city[part])}")
    stayed, joined, left = (f"{city[count]:,}" for count in ("stayed", "joined", "left_sample"))
    yield paragraph(f"全市健康指数由 {before} 变为 {after}（{change}）：{'，'.join(parts)}。")
    yield paragraph(f"前后均有的工会 {stayed} 家，新增 {joined} 家，退出 {left} 家。")


def name_of(table_name: str) -> str:
    """A source table in Chinese, with its name."""
    return f"{source_tables()[table_name].name_zh} {table_name}"


def named(identity: Answer) -> str:
    """A release by its place."""
    return f"{identity['period']} {identity['release']}"
