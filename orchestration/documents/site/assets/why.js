// Answers to "why", in the internal edition: why a county's rank moved, why a union is not measured, what a county's data
// quality is, which rows were refused, where a grade comes from. Their data are read with the page that shows them.
"use strict";

{
  const text = UHI.data.text.why;
  const RELATIONS = ["overtaken_by", "overtook"];

  // The words that the audit has too, filled in.
  const words = (group, key, values = {}) => UHI.filled(text.words[group][key], values);
  const say = (group, key, values) => UHI.both(words(group, key, values));
  const tableName = (table) => UHI.both(text.tables[table]);
  const heading = (id, key) => UHI.el("h3", { id }, UHI.say(key));
  const note = (...content) => UHI.el("p", { class: "note" }, content);

  // A figure as exact as it is published, with its sign.
  const exact = (value) => {
    const shown = UHI.figure(value, 4);
    return value > 0 ? `+${shown}` : shown;
  };

  const namesOf = (code) => UHI.names(UHI.areas.get(code));
  const joined = (codes) => [codes.map((code) => namesOf(code)[0]).join("、"), codes.map((code) => namesOf(code)[1]).join(", ")];

  // What came of a rank, in a sentence, and who went past whom.
  function sentences(moved) {
    const since = words("since", moved.since.kind, moved.since);
    const values = {
      since, before: UHI.count(moved.rank_before), rank: UHI.count(moved.rank),
      index_before: UHI.figure(moved.health_index_before, 4), index: UHI.figure(moved.health_index, 4), change: exact(moved.change),
    };
    if (moved.change === null || moved.rank === null || moved.rank_before === null) return [UHI.el("p", {}, UHI.say("rank_unknown", values))];
    const passed = RELATIONS.filter((key) => moved[key].length)
      .map((key) => UHI.say(key, { names: joined(moved[key].map((other) => other.area_code)) }));
    return [
      UHI.el("p", {}, UHI.say(moved.rank === moved.rank_before ? "rank_kept" : "rank_moved", values)),
      UHI.el("p", {}, passed.length ? passed.flatMap((each) => [each, " "]) : UHI.say("passed_none")),
    ];
  }

  // The parts of the movements of a county and of those whose order with it changed.
  function parts(moved, labelledby) {
    const rows = [moved, ...RELATIONS.flatMap((key) => moved[key])];
    const shown = UHI.dimensions.filter(({ dimension }) => rows.some((row) => row.dimensions.some(([name]) => name === dimension)));
    const points = (row, { dimension }) => row.dimensions.find(([name]) => name === dimension)?.[1];
    return UHI.table(labelledby, [
      { head: UHI.both(UHI.label("area_level", "county")), row: true, cell: (row) => UHI.el("span", { class: "name" }, row === moved ? UHI.el("b", {}, UHI.both(namesOf(row.area_code))) : UHI.both(namesOf(row.area_code))) },
      { head: UHI.both(UHI.label("figure", "rank")), cell: (row) => `${UHI.count(row.rank_before)} → ${UHI.count(row.rank)}` },
      { head: say("movement", "change"), cell: (row) => exact(row.change) },
      ...shown.map((each) => ({ head: UHI.both(UHI.names(each)), cell: (row) => exact(points(row, each)) })),
      { head: say("movement", "members"), cell: (row) => exact(row.of_members) },
      { head: say("movement", "counts"), cell: (row) => `+${UHI.count(row.joined)} −${UHI.count(row.left)}` },
    ], rows);
  }

  function movements(found) {
    return [
      heading("why_rank", "why_rank"),
      found.length ? null : UHI.el("p", {}, say("movement", "none")),
      found.map((moved, place) => [
        UHI.el("div", { id: `why_rank_${place}` }, sentences(moved)),
        moved.change === null ? null : parts(moved, `why_rank_${place}`),
        moved.since.same_methodology ? null : UHI.el("p", { class: "notice" }, say("movement", "method_differs")),
      ]),
      found.length ? note(say("movement", "parts")) : null,
    ];
  }

  function unmeasured(counts, county) {
    const asked = { county, code: "unmeasured" };
    return [
      heading("why_unmeasured", "unmeasured"),
      counts.length ? UHI.table("why_unmeasured", [
        { head: UHI.say("unmeasured_reason"), row: true, cell: ([reason]) => UHI.el("span", { class: "name" }, say("short_reason", reason)) },
        { head: UHI.say("unmeasured_count"), cell: ([, count]) => UHI.count(count) },
      ], counts, "narrow") : UHI.el("p", {}, say("unmeasured", "none")),
      counts.length ? UHI.el("p", { class: "note" }, say("unmeasured", "several"), " ", UHI.el("a", { href: UHI.hash("unions", asked) }, UHI.say("unmeasured_of"))) : null,
    ];
  }

  // A column with its value, or why none is told.
  function cell([column, state, value]) {
    if (state === "value") return UHI.el("code", {}, `${column} = ${value}`);
    return [UHI.el("code", {}, column), state === "empty" ? " = " : ": ", say("values", state)];
  }

  const cells = (list) => list.flatMap((each, place) => [place ? UHI.el("br") : null, cell(each)]);

  // Refused rows, one by one.
  function refusedTable(labelledby, rows) {
    return UHI.table(labelledby, [
      { head: UHI.say("source_table"), row: true, cell: ([table]) => UHI.el("span", { class: "name" }, tableName(table)) },
      { head: UHI.say("row_key"), text: true, cell: ([, key]) => UHI.el("code", {}, key) },
      { head: UHI.say("rule"), text: true, cell: ([, , rule]) => say("rule", rule) },
      { head: UHI.say("cells"), text: true, cell: ([, , , told]) => cells(told) },
    ], rows, "refused");
  }

  function refused({ counts, rows }) {
    if (!counts.length) return [heading("why_refused", "refused"), UHI.el("p", {}, say("refused", "none"))];
    const all = counts.reduce((sum, [, , count]) => sum + count, 0);
    return [
      heading("why_refused", "refused"),
      note(UHI.say("refused_shown", { all: UHI.count(all), shown: UHI.count(rows.length) }), " ", say("refused", "personal")),
      UHI.el("h4", { id: "refused_by_rule" }, UHI.say("refused_by_rule")),
      UHI.table("refused_by_rule", [
        { head: UHI.say("source_table"), row: true, cell: ([table]) => UHI.el("span", { class: "name" }, tableName(table)) },
        { head: UHI.say("rule"), text: true, cell: ([, rule]) => say("rule", rule) },
        { head: UHI.say("row_count"), cell: ([, , count]) => UHI.count(count) },
      ], counts, "narrow"),
      UHI.el("h4", { id: "refused_each" }, UHI.say("refused_each")),
      refusedTable("refused_each", rows),
    ];
  }

  // What a part of a county's data quality is made of.
  function behind(part, scored) {
    const counts = { ...scored, due: scored.observed + scored.missing };
    const shown = Object.fromEntries(Object.entries(counts).map(([name, value]) => [name, typeof value === "number" ? UHI.count(value) : value]));
    return say("quality_behind", scored[part] === null ? "nothing" : part, shown);
  }

  // A county's data quality: its score, its parts with their weights, and what each is made of.
  function quality(scored) {
    if (!scored) return null;
    return UHI.el("section", {},
      UHI.el("h3", { id: "why_quality" }, say("quality", "heading")),
      UHI.facts([[say("quality", "score"), UHI.index(scored.score)]]),
      UHI.table("why_quality", [
        { head: say("quality", "part"), row: true, cell: ([part]) => UHI.el("span", { class: "name" }, say("quality_part", part)) },
        { head: say("quality", "weight"), cell: ([, weight]) => UHI.count(weight) },
        { head: say("quality", "points"), cell: ([part]) => UHI.index(scored[part]) },
        { head: say("quality", "behind"), text: true, cell: ([part]) => UHI.el("span", { class: "name" }, behind(part, scored)) },
      ], Object.entries(text.quality_weights), "refused"),
      note(say("quality", "note")));
  }

  // Why a county's rank moved; why unions of it are not measured, its data quality, and which of its rows were refused.
  UHI.whyCounty = async (code) => {
    const found = await UHI.load(`why/${code}`);
    return {
      rank: UHI.el("section", {}, movements(found.movements)),
      rows: [UHI.el("section", {}, unmeasured(found.unmeasured, code)), quality(found.quality), UHI.el("section", {}, refused(found.refused))],
    };
  };

  // The same of what lies in no county, read once it is opened.
  UHI.whyElsewhere = () => {
    if (!text.elsewhere) return [];
    const holder = UHI.el("div");
    const fill = async () => {
      const found = await UHI.load(`why/${UHI.city.area_code}`);
      holder.replaceChildren(...[unmeasured(found.unmeasured, UHI.city.area_code), refused(found.refused)].flat(Infinity).filter(Boolean));
    };
    return [UHI.el("details", { class: "why", ontoggle: fill }, UHI.el("summary", {}, UHI.say("refused_elsewhere")), holder)];
  };

  // The unions that are not measured: columns by union, and the place of each by its id.
  UHI.unmeasured = async () => {
    const index = await UHI.load("unmeasured");
    index.place ??= new Map(index.union_id.map((id, place) => [id, place]));
    index.county ??= index.township_code.map((township) => (township ? UHI.countyOf(township) : UHI.city).area_code);
    return index;
  };

  const reasonsOf = (index, at) =>
    index.reasons[at].flatMap(([reason, day], place) => [place ? UHI.el("br") : null, say("reason", reason, { day })]);

  // A table of unions that are not measured, by their places in the index.
  UHI.unmeasuredTable = (index, found) =>
    UHI.table("search_heading", [
      { head: UHI.say("enterprise"), row: true, cell: (at) => [
        UHI.el("a", { href: `#union/${encodeURIComponent(index.union_id[at])}` }, index.name_zh[at] ? UHI.chinese(index.name_zh[at]) : UHI.say("name_unknown")),
        UHI.el("span", { class: "aside" }, index.union_id[at], " · ", UHI.both(namesOf(index.county[at])))] },
      { head: UHI.say("unmeasured_reason"), text: true, cell: (at) => reasonsOf(index, at) },
    ], found, "results");

  // The page of a union that is not measured; nothing where there is none.
  UHI.unmeasuredPage = async (id) => {
    const index = await UHI.unmeasured();
    const at = index.place.get(id);
    if (at === undefined) return null;
    const township = UHI.areas.get(index.township_code[at]);
    const county = UHI.areas.get(index.county[at]);
    const places = [["#city", UHI.city], ...(county === UHI.city ? [] : [[`#county/${county.area_code}`, county]]), ...(township ? [[null, township]] : [])];
    const name = index.name_zh[at];
    const rows = Object.hasOwn(index.refused, id) ? index.refused[id] : [];
    return {
      title: name ? [name, name] : UHI.words("unmeasured_union"),
      content: [
        UHI.el("p", { class: "trail" }, places.flatMap(([href, area], number) => [number ? " › " : null, href ? UHI.el("a", { href }, UHI.both(UHI.names(area))) : UHI.both(UHI.names(area))])),
        UHI.el("h2", { tabindex: -1 }, name ? UHI.chinese(name) : UHI.say("name_unknown")),
        UHI.facts([[UHI.say("union_id"), id, "long"], [UHI.say("enterprise_id"), index.enterprise_id[at] ?? "–", "long"]]),
        UHI.el("section", {},
          heading("why_unmeasured", "unmeasured_union"),
          UHI.el("ul", { class: "reasons" }, index.reasons[at].map(([reason, day]) => UHI.el("li", {}, say("reason", reason, { day }))))),
        rows.length ? UHI.el("section", {}, heading("why_refused", "refused_concerning"), refusedTable("why_refused", rows), note(say("refused", "personal"))) : null,
        note(UHI.say("trace_unmeasured")),
        command("--union", id),
      ],
    };
  };

  // Why a union that is linked has no index.
  UHI.nothingApplies = () => UHI.el("p", { class: "notice" }, say("reason", "nothing_applies"));

  const command = (...given) => UHI.el("pre", { tabindex: 0 }, UHI.command("uhi", "trace", "--release", "DIR", ...given));

  // What an indicator without a value lacks, as words; nothing where that is not known.
  UHI.lacking = ({ indicator, status }) => text.lacking[status]?.[indicator] ?? null;

  // Where the grades of a union come from: grade: (row) => its words and those of the highest one, and whether it is that.
  UHI.whyGrades = (rows, grade) => {
    const graded = rows.filter(({ indicator }) => indicator in UHI.data.text.grades);
    if (!graded.length) return null;
    const said = (row) => {
      const { value, target, reached } = grade(row);
      if (row.status === "observed") return UHI.words(reached ? "grade_reached" : "grade_short", { value, target });
      const lacking = UHI.lacking(row);
      return lacking ? UHI.words("grade_none", { status: UHI.label("status", row.status), lacking }) : UHI.label("status", row.status);
    };
    return UHI.el("section", {},
      heading("grades_heading", "grades_heading"),
      UHI.el("ul", { class: "reasons" }, graded.map((row) => UHI.el("li", {}, UHI.el("b", {}, UHI.both(UHI.names(row))), " ", UHI.both(said(row))))),
      note(UHI.say("grade_rows")));
  };

  // How to ask about a union that was searched for and is not here.
  UHI.whyNotFound = (asked) => [note(UHI.say("why_not_found")), command("--union", /^[\w.\-]+$/.test(asked) ? asked : "ID")];
}
