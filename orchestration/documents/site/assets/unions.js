// Unions, in the internal edition: the search, and the page of each.
"use strict";

{
  const PAGE = 50;
  const UNMEASURED = "unmeasured";
  const MOST_RAISING = 3;
  const STATUSES = ["observed", "missing", "not_applicable"];
  const TWO_PLACES = new Set(["percent", "per_100_employees", "stars"]);
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  let prepared = null;

  // The index of the unions by place in the city, with the texts that are searched.
  async function unions() {
    const index = await UHI.load("unions");
    if (!prepared) {
      const counties = index.township_code.map((township) => UHI.countyOf(township).area_code);
      prepared = { index, place: new Map(index.union_id.map((id, place) => [id, place])), texts: texts(index, counties), counties };
    }
    return prepared;
  }

  // What is searched of each union of an index.
  function texts(index, counties) {
    const places = new Map([...UHI.areas].map(([code, area]) => [code, `${area.name_zh} ${area.name_en}`]));
    return index.union_id.map((id, place) =>
      plain([index.name_zh[place], id, places.get(counties[place]), places.get(index.township_code[place])].filter(Boolean).join(" ")));
  }

  // The same of the unions that are not measured.
  async function unmeasured() {
    const index = await UHI.unmeasured();
    index.texts ??= texts(index, index.county);
    return { index, texts: index.texts, counties: index.county };
  }

  // Places in an index of unions that hold every word, in that county, and with that health code where it has any.
  function matching({ index, texts, counties }, { q, county, code }) {
    const words = plain(q).split(/\s+/).filter(Boolean);
    const found = [];
    for (let place = 0; place < texts.length; place += 1) {
      if ((county && counties[place] !== county) || (code && index.health_code && index.health_code[place] !== code)) continue;
      if (words.every((word) => texts[place].includes(word))) found.push(place);
    }
    return found;
  }

  function place({ index, counties }, at) {
    return [counties[at], index.township_code[at]].map((code) => UHI.both(UHI.names(UHI.areas.get(code))));
  }

  // A table of unions by their places in the index.
  function results(known, found) {
    const { index } = known;
    const [county, township] = [(at) => place(known, at)[0], (at) => place(known, at)[1]];
    return UHI.table("search_heading", [
      { head: UHI.say("enterprise"), row: true, cell: (at) => [
        UHI.el("a", { href: `#union/${encodeURIComponent(index.union_id[at])}` }, UHI.chinese(index.name_zh[at])),
        UHI.el("span", { class: "aside" }, index.union_id[at], " · ", county(at), " · ", township(at))] },
      { head: UHI.both(UHI.label("figure", "health_index")), cell: (at) => UHI.index(index.health_index[at]) },
      { head: UHI.say("code"), text: true, cell: (at) => UHI.code(index.health_code[at]) },
      { head: UHI.say("city_rank"), cell: (at) => UHI.count(index.city_rank[at]) },
      { head: UHI.say("county_rank"), cell: (at) => UHI.count(index.county_rank[at]) },
    ], found, "results");
  }

  function select(name, label, options, chosen, change) {
    const list = UHI.el("select", { name, onchange: () => change(list.value) },
      options.map(([value, names]) => UHI.el("option", { value, selected: value === chosen ? "" : null }, UHI.plain(names))));
    return UHI.field(label, list);
  }

  // The search, with what the address asks for: words, county, health code.
  UHI.searchPage = async (asked) => {
    const [known, others] = [await unions(), await unmeasured()];
    const wanted = { q: "", county: "", code: "", order: "", ...asked };
    const status = UHI.el("p", { role: "status" });
    const beside = UHI.el("p", { class: "aside" });
    const list = UHI.el("div");
    const why = UHI.el("div");
    const isUnmeasured = () => wanted.code === UNMEASURED;
    const more = UHI.el("button", { type: "button", class: "more", onclick: () => extend() }, UHI.say("more"));
    let found = [], shown = 0;
    const say = () => status.replaceChildren(...(found.length ? UHI.say("found", { all: UHI.count(found.length), shown: UHI.count(shown) }) : UHI.say("found_none")));
    const extend = () => {
      const before = shown;
      shown = Math.min(found.length, shown + PAGE);
      const table = isUnmeasured() ? UHI.unmeasuredTable : (_, places) => results(known, places);
      list.replaceChildren(...(shown ? [table(others.index, found.slice(0, shown))] : []));
      more.hidden = shown === found.length;
      if (before) list.querySelectorAll("tbody a")[before].focus();
      say();
    };
    const search = (changed) => {
      Object.assign(wanted, changed);
      found = matching(isUnmeasured() ? others : known, wanted);
      if (wanted.order === "worst" && !isUnmeasured()) found.reverse();
      shown = 0;
      extend();
      const further = isUnmeasured() || wanted.code ? 0 : matching(others, wanted).length;
      const link = UHI.el("a", { href: UHI.hash("unions", { ...wanted, code: UNMEASURED }) }, UHI.say("unmeasured_found", { all: UHI.count(further) }));
      beside.replaceChildren(...(further ? [link] : []));
      why.replaceChildren(...(found.length || further ? [] : UHI.whyNotFound(wanted.q.trim())));
      UHI.remember("unions", wanted);
    };
    const input = UHI.el("input", { type: "search", name: "q", autocomplete: "off", spellcheck: "false", value: wanted.q, "aria-describedby": "search_hint", oninput: () => search({ q: input.value }) });
    const counties = [["", UHI.words("all_counties")], ...UHI.ranking.map((row) => [row.area_code, UHI.names(row)])];
    const health = ["green", "yellow", "red"].map((code) => [code, UHI.label("health_code", code)]);
    const codes = [["", UHI.words("all_codes")], ...health, [UNMEASURED, UHI.words("unmeasured_code")]];
    const orders = [["", UHI.words("order_best")], ["worst", UHI.words("order_worst")]];
    search({});
    return {
      title: UHI.words("unions"),
      content: [
        UHI.el("h2", { tabindex: -1, id: "search_heading" }, UHI.say("unions")),
        UHI.el("form", { role: "search", class: "tools", onsubmit: (event) => event.preventDefault() },
          UHI.field(UHI.say("search"), input, "search"),
          select("county", UHI.both(UHI.label("area_level", "county")), counties, wanted.county, (county) => search({ county })),
          select("code", UHI.say("code"), codes, wanted.code, (code) => search({ code })),
          select("order", UHI.say("order"), orders, wanted.order, (order) => search({ order }))),
        UHI.el("p", { class: "note", id: "search_hint" }, UHI.say("search_hint")),
        status, beside, list, more, why,
      ],
    };
  };

  const trimmed = (number, unit) => (TWO_PLACES.has(unit) ? UHI.rate(number) : UHI.figure(number, 4).replace(/\.?0+$/, ""));
  const apart = (words) => (words === "%" ? "" : " ");
  const measured = (number, { indicator, unit }) => {
    const grade = UHI.data.text.grades[indicator]?.[String(number)];
    if (grade) return grade;
    if (unit === "yes_no") return UHI.words(number ? "yes" : "no");
    const digits = trimmed(number, unit);
    return UHI.data.text.words.units[unit].map((words) => (words ? `${digits}${apart(words)}${words}` : digits));
  };

  // A value with its unit, the number once where both languages stand; a grade in words.
  function shown(number, row) {
    const { indicator, unit } = row;
    const words = UHI.data.text.words.units[unit];
    if (unit === "yes_no" || UHI.data.text.grades[indicator]?.[String(number)]) return UHI.both(measured(number, row));
    return [trimmed(number, unit), words[0] === words[1] ? `${apart(words[0])}${words[0]}` : [" ", UHI.both(words)]];
  }

  // The value from which on, or up to which, an indicator has its highest score, as words.
  function target(row, current) {
    const { indicator, unit } = row;
    const knots = UHI.data.text.methodology.scoring_knots.filter((row) => row.indicator === indicator)
      .map((row) => ({ value: Number(row.value), score: Number(row.score) }));
    const highest = Math.max(...knots.map((knot) => knot.score));
    const best = knots.filter((knot) => knot.score === highest).map((knot) => knot.value);
    if (unit === "yes_no" || indicator in UHI.data.text.grades) return measured(best[0], row);
    const rising = current === null ? knots[0].score < highest : current < best[0];
    return UHI.words(rising ? "at_least" : "at_most", { value: measured(rising ? best[0] : best.at(-1), row) });
  }

  // The highest grade or the value for the highest score, and whether an indicator's value earns it.
  function standard(row) {
    const knots = UHI.data.text.methodology.scoring_knots.filter(({ indicator }) => indicator === row.indicator);
    const reached = row.score === Math.max(...knots.map(({ score }) => Number(score)));
    return { target: target(row, reached ? null : row.value), reached };
  }

  function raising(rows) {
    const most = rows.filter((row) => row.lost > 0).sort((one, other) => other.lost - one.lost || one.position - other.position).slice(0, MOST_RAISING);
    if (!most.length) return UHI.el("p", {}, UHI.say("raise_none"));
    return UHI.el("ol", { class: "raise" }, most.map((row) => {
      const words = UHI.words(`raise_${row.status}`, { lost: UHI.rate(row.lost), value: row.value === null ? "" : measured(row.value, row), target: target(row, row.value) });
      const said = (lang, place) => UHI.el("span", { lang }, UHI.el("b", {}, UHI.names(row)[place]), " ", words[place]);
      return UHI.el("li", {}, said("zh-Hans", 0), " ", said("en", 1));
    }));
  }

  // One alert for each cause, which is a measure and, of dimensions, a dimension: red before yellow, since the first month of
  // either. That alerts persist is told of itself only where no other has been open for as many months.
  function causes(list) {
    const found = new Map();
    for (const alert of list) {
      const [rule, level, dimension, , , period, months] = alert;
      const key = `${UHI.rules.get(rule).measure} ${dimension}`;
      const known = found.get(key);
      const shown = known && known[1] === "red" && level !== "red" ? [...known] : [...alert];
      if (known && known[6] > months) shown.splice(5, 2, known[5], known[6]);
      else shown.splice(5, 2, period, months);
      found.set(key, shown);
    }
    const all = [...found.values()], persists = ([rule]) => UHI.rules.get(rule).measure === "months_yellow";
    return all.filter((alert) => !persists(alert) || !all.some((other) => !persists(other) && other[6] >= alert[4]));
  }

  function alerts(list) {
    if (!list.length) return UHI.el("p", {}, UHI.say("alerts_none"));
    const dimensionNames = new Map(UHI.dimensions.map((each) => [each.dimension, UHI.names(each)]));
    return UHI.el("ul", { class: "alerts" }, causes(list).map(([rule, level, dimension, observed, threshold, period, months]) => UHI.el("li", {},
      UHI.level(level),
      UHI.el("b", {}, UHI.both(UHI.names(UHI.rules.get(rule))), dimension ? [" · ", UHI.both(dimensionNames.get(dimension))] : null),
      UHI.el("span", {}, months === 1 ? UHI.say("since_one", { period }) : UHI.say("since", { period, months: UHI.count(months) })),
      UHI.el("span", { class: "aside" }, UHI.say("observed_against", { observed: UHI.rate(observed), operator: UHI.data.text.words.triggers[UHI.rules.get(rule).operator], threshold: trimmed(threshold) })))));
  }

  // The modules of a QR code, from their bits, with the quiet zone that the standard asks for.
  function pageCode([size, packed]) {
    const bytes = atob(packed), quiet = 4;
    let path = "";
    for (let module = 0; module < size * size; module += 1)
      if (bytes.charCodeAt(module >> 3) & (128 >> (module & 7))) path += `M${quiet + (module % size)} ${quiet + Math.floor(module / size)}h1v1h-1z`;
    return UHI.el("figure", {},
      UHI.svg("svg", { class: "page_code", viewBox: `0 0 ${size + 2 * quiet} ${size + 2 * quiet}`, role: "img", "aria-labelledby": "page_code_caption", "shape-rendering": "crispEdges" }, UHI.svg("path", { d: path })),
      UHI.el("figcaption", { id: "page_code_caption" }, UHI.say("scan")));
  }

  function indicators(rows, dimensions) {
    const dimensionNames = new Map(UHI.dimensions.map((each) => [each.dimension, UHI.names(each)]));
    const most = Math.max(...rows.map((row) => row.weight || 0));
    const value = (row) => {
      const lacking = UHI.lacking(row);
      if (row.status !== "observed") return [UHI.el("span", { class: "status" }, UHI.both(UHI.label("status", row.status))), lacking ? UHI.el("span", { class: "aside lacking" }, UHI.both(lacking)) : null];
      const parts = row.numerator !== null && row.denominator !== null ? UHI.el("span", { class: "aside" }, ` (${amount(row.numerator)} / ${amount(row.denominator)})`) : null;
      return [shown(row.value, row), parts];
    };
    const standards = (row) => {
      const { target: highest, reached } = standard(row);
      const met = row.status === "observed" ? UHI.el("span", { class: "aside" }, UHI.say(reached ? "reached" : "not_reached")) : null;
      return row.status === "not_applicable" ? "–" : [UHI.el("span", { class: "name" }, UHI.both(highest)), met];
    };
    return UHI.table("indicators_heading", [
      { head: UHI.say("indicator"), row: true, cell: (row) => UHI.el("span", { class: "name" }, UHI.both(UHI.names(row))), value: (row) => UHI.names(row)[UHI.show === "en" ? 1 : 0] },
      { head: UHI.say("dimension"), text: true, spare: true, cell: (row) => UHI.el("span", { class: "name" }, UHI.both(dimensionNames.get(row.dimension))), value: (row) => Number(row.position) },
      { head: UHI.say("value"), cell: value },
      { head: UHI.say("standard"), text: true, spare: true, cell: standards },
      { head: UHI.say("score"), cell: (row) => UHI.rate(row.score), value: (row) => row.score },
      { head: UHI.say("full_weight"), cell: (row) => UHI.rate(row.weight), value: (row) => row.weight },
      { head: UHI.say("lost"), kind: "measure", cell: (row) => [row.lost === null ? null : UHI.bar(row.lost, { full: most, kind: "lost" }), UHI.rate(row.lost)], value: (row) => row.lost },
    ], rows);
  }
  const amount = (number) => trimmed(number);

  // How to trace a union's figures to the source rows, all of them or one indicator's.
  function trace(id) {
    const command = (...words) => UHI.command("uhi", "trace", "--release", "DIR", "--union", id, ...words);
    return [
      UHI.el("p", { class: "note" }, UHI.say("trace_union")),
      UHI.el("pre", { tabindex: 0 }, command()),
      UHI.el("details", {},
        UHI.el("summary", {}, UHI.say("trace_indicator")),
        UHI.el("ul", { class: "commands" }, UHI.indicators.map((each) =>
          UHI.el("li", {}, UHI.el("span", { class: "name" }, UHI.both(UHI.names(each))), command("--indicator", each.indicator))))),
    ];
  }

  // The page of a union by its id; nothing where there is none.
  UHI.unionPage = async (id) => {
    const { index, place, counties } = await unions();
    const at = place.get(id);
    if (at === undefined) return UHI.unmeasuredPage(id);
    const township = UHI.areas.get(index.township_code[at]), county = UHI.areas.get(counties[at]);
    const union = (await UHI.load(`unions/${township.area_code}`))[id];
    const [enterprise, indexChange, monthsYellow] = union.facts;
    const code = index.health_code[at];
    const rows = UHI.indicators.map((indicator, number) => {
      const [status, weight, lost, score, value, numerator, denominator] = union.indicators[number];
      return { ...indicator, status: STATUSES[status], weight, lost, score, value, numerator, denominator };
    });
    const applies = new Set(rows.filter((row) => row.status !== "not_applicable").map((row) => row.dimension));
    const dimensions = UHI.dimensions.map((each, number) => ({ ...each, rate: union.dimensions[number][0], points: union.dimensions[number][1] }));
    const section = (head, id, ...content) => UHI.el("section", {}, UHI.el("h3", { id }, UHI.say(head)), content);
    const above = county === UHI.city ? [] : [[`#county/${county.area_code}`, UHI.names(county)]];
    const asked = { q: township.name_zh, county: county === UHI.city ? "" : county.area_code };
    const trail = [["#city", UHI.names(UHI.city)], ...above, [UHI.hash("unions", asked), UHI.names(township)]];
    const countyCode = township.area_code.slice(0, UHI.data.text.county_code_length);
    const peers = index.township_code.filter((other) => other.startsWith(countyCode)).length;
    return {
      title: [index.name_zh[at], index.name_zh[at]],
      content: [
        UHI.el("p", { class: "trail" }, trail.flatMap(([href, names], number) => [number ? " › " : null, UHI.el("a", { href }, UHI.both(names))])),
        UHI.el("h2", { tabindex: -1 }, UHI.chinese(index.name_zh[at])),
        UHI.el("div", { class: `card ${code}` },
          UHI.el("div", {}, UHI.el("p", {}, UHI.say("code")), UHI.el("p", { class: "word" }, UHI.el("span", {}, UHI.both(UHI.label("health_code", code))))),
          union.page ? pageCode(union.page) : null),
        UHI.facts([
          [UHI.both(UHI.label("figure", "health_index")), UHI.index(index.health_index[at]), "main"],
          [UHI.say("change"), UHI.change(indexChange)],
          [UHI.say("city_rank"), UHI.rankOf(index.city_rank[at], UHI.city.linked)],
          [UHI.say("county_rank"), UHI.rankOf(index.county_rank[at], peers)],
          [UHI.say("months_yellow"), UHI.count(monthsYellow)],
          [UHI.say("union_id"), id, "long"],
          [UHI.say("enterprise_id"), enterprise, "long"],
        ]),
        index.health_index[at] === null ? UHI.nothingApplies() : null,
        section("raise", "raise", raising(rows)),
        section("alerts", "alerts", alerts(union.alerts)),
        section("dimensions", "dimensions_heading", UHI.table("dimensions_heading", [
          { head: UHI.say("dimension"), row: true, cell: (row) => UHI.el("span", { class: "name" }, UHI.both(UHI.names(row))) },
          { head: UHI.inPercent(UHI.label("figure", "rate")), kind: "measure", cell: (row) => [UHI.bar(row.rate), UHI.rate(row.rate)] },
          { head: UHI.both(UHI.label("figure", "points")), cell: (row) => UHI.rate(row.points) },
          { head: UHI.say("weight"), cell: (row) => row.weight },
        ], dimensions, "narrow"), dimensions.every((row) => applies.has(row.dimension)) ? null : UHI.el("p", { class: "note" }, UHI.say("dimension_inapplicable"))),
        section("indicators", "indicators_heading", indicators(rows), UHI.el("p", { class: "note" }, UHI.say("full_weight_note")), trace(id)),
        UHI.whyGrades(rows, (row) => ({ ...standard(row), value: row.value === null ? "" : measured(row.value, row) })),
      ],
    };
  };
}
