// The city's view, to which sorting, a filter, links and the trend are added, and the page of a county.
"use strict";

{
  const table = document.querySelector("table.ranking");
  const counties = new Map([...table.tBodies[0].rows].map((row, place) => [row, UHI.ranking[place]]));

  function value(row, key) {
    const county = counties.get(row);
    if (key === "name") return UHI.show === "en" ? county.name_en : county.name_zh;
    if (key.startsWith("rate:")) return UHI.dimensionOf(county.area_code, key.slice("rate:".length)).rate;
    return key in county ? county[key] : UHI.areas.get(county.area_code)[key];
  }

  function filter(input, status) {
    const wanted = input.value.normalize("NFKC").trim().toLowerCase();
    let shown = 0;
    for (const [row, county] of counties) {
      row.hidden = !UHI.names(county).some((name) => name.toLowerCase().includes(wanted));
      shown += !row.hidden;
    }
    status.replaceChildren(...UHI.say("shown_counties", { shown, all: counties.size }));
  }

  function filterOfCounties() {
    const status = UHI.el("p", { role: "status", class: "aside" });
    const input = UHI.el("input", { type: "search", name: "filter", autocomplete: "off", spellcheck: "false", oninput: () => filter(input, status) });
    return UHI.el("div", { class: "tools" }, UHI.field(UHI.say("ranking_filter"), input), status);
  }

  // What a script adds to the city's view.
  UHI.enhanceCity = () => {
    UHI.sortable(table, value);
    const rank = table.tHead.querySelector("[data-key=rank]");
    if (rank) rank.setAttribute("aria-sort", "ascending");
    else table.tHead.querySelector("[data-key=health_index]").setAttribute("aria-sort", "descending");
    for (const [row, county] of counties) {
      const name = row.querySelector(".name");
      name.replaceChildren(UHI.el("a", { href: `#county/${county.area_code}` }, ...name.childNodes));
    }
    if (counties.size) table.closest(".wide").before(filterOfCounties());
    document.getElementById("city_trend").append(...UHI.trend(UHI.city).filter(Boolean));
    if (UHI.data.text.internal) document.getElementById("city").append(...UHI.whyElsewhere());
    const direct = UHI.townshipsOfNoCounty();
    if (direct.length) {
      const head = UHI.el("h3", { id: "townships_heading" }, UHI.say("townships"));
      table.closest("section").after(UHI.el("section", {}, head, townships(direct, "")));
    }
  };

  // Why an area has no figures, or no counts, or nothing.
  function reason(area) {
    if (area.suppressed || area.green === null) return UHI.el("p", { class: "notice" }, UHI.say("suppressed_note"));
    return area.linked ? null : UHI.el("p", { class: "notice" }, UHI.say("none_linked_note"));
  }

  // Whether areas lack their ranks though they have what is ranked, because a hidden one is ranked with them.
  const lackRanks = (rows, figure = "health_index") => rows.some((row) => row[figure] !== null && row.rank === null);

  // Why areas lack their ranks, or nothing; words: the key of what is said of them.
  function unranked(rows, words, figure) {
    return lackRanks(rows, figure) ? UHI.el("p", { class: "notice" }, UHI.say(words)) : null;
  }

  // Why a county that has its rank lacks that in some dimensions, or nothing.
  function unrankedDimensions(county) {
    const rates = UHI.dimensions.map(({ dimension }) => UHI.dimensionOf(county.area_code, dimension));
    return lackRanks([county]) ? null : unranked(rates, "unranked_dimensions", "rate");
  }

  function headline(county, area) {
    const isRanked = !lackRanks([county]);
    const interval = county.rank_low === county.rank_high ? UHI.count(county.rank_low) : `${UHI.count(county.rank_low)}–${UHI.count(county.rank_high)}`;
    return UHI.facts([
      [UHI.both(UHI.label("figure", "health_index")), UHI.index(area.health_index), "main"],
      isRanked ? [UHI.both(UHI.label("figure", "rank")), UHI.rankOf(county.rank, UHI.ranking.length), "main"] : null,
      [UHI.say("change"), UHI.change(area.index_change)],
      isRanked ? [UHI.say("previous"), UHI.count(county.previous_rank)] : null,
      isRanked ? [UHI.say("interval"), interval] : null,
      [UHI.both(UHI.label("figure", "sampling_rate")), area.sampling_rate === null ? UHI.rate(null) : `${UHI.rate(area.sampling_rate)}%`],
      [UHI.say("linked_of_frame"), `${UHI.count(area.linked)} / ${UHI.count(area.frame)}`],
      ...["green", "yellow", "red"].map((code) => [UHI.code(code), UHI.count(area[code])]),
    ].filter(Boolean));
  }

  function dimensions(area) {
    const row = ({ dimension }) => UHI.dimensionOf(area.area_code, dimension);
    const city = ({ dimension }) => UHI.dimensionOf(UHI.city.area_code, dimension).rate;
    const rates = UHI.dimensions.map(row);
    const isRanked = rates.some((each) => each.rank !== null) || !lackRanks(rates, "rate");
    return UHI.table("against_city", [
      { head: UHI.say("dimension"), row: true, cell: (each) => UHI.el("span", { class: "name" }, UHI.both(UHI.names(each))) },
      { head: UHI.inPercent(UHI.label("figure", "rate")), kind: "measure", cell: (each) => [UHI.bar(row(each).rate, { mark: city(each) }), UHI.rate(row(each).rate)] },
      { head: UHI.inPercent(UHI.words("city_beside")), cell: (each) => UHI.rate(city(each)) },
      isRanked ? { head: UHI.both(UHI.label("figure", "rank")), cell: (each) => UHI.count(row(each).rank) } : null,
    ].filter(Boolean), UHI.dimensions, "narrow");
  }

  function indicators(area) {
    const row = ({ indicator }) => UHI.indicatorOf(area.area_code, indicator);
    const city = ({ indicator }) => UHI.indicatorOf(UHI.city.area_code, indicator).mean_score;
    const dimensionNames = new Map(UHI.dimensions.map((each) => [each.dimension, UHI.names(each)]));
    const counted = (status) => ({ head: UHI.both(UHI.label("status", status)), cell: (each) => UHI.count(row(each)[status]), value: (each) => row(each)[status] });
    return UHI.table("indicators_heading", [
      { head: UHI.say("indicator"), row: true, cell: (each) => UHI.el("span", { class: "name" }, UHI.both(UHI.names(each))), value: (each) => UHI.names(each)[UHI.show === "en" ? 1 : 0] },
      { head: UHI.say("dimension"), text: true, spare: true, cell: (each) => UHI.el("span", { class: "name" }, UHI.both(dimensionNames.get(each.dimension))), value: (each) => Number(each.position) },
      { head: UHI.say("weight"), cell: (each) => each.weight, value: (each) => Number(each.weight) },
      { head: UHI.say("mean_score"), kind: "measure", cell: (each) => [UHI.bar(row(each).mean_score, { mark: city(each) }), UHI.rate(row(each).mean_score)], value: (each) => row(each).mean_score },
      { head: UHI.say("city_mean"), cell: (each) => UHI.rate(city(each)), value: city },
      counted("observed"), counted("missing"), counted("not_applicable"),
    ], UHI.indicators);
  }

  // Why an area that has figures lacks those of some indicators, or nothing.
  function few(area) {
    const lacking = !area.suppressed && UHI.indicators.some(({ indicator }) => UHI.indicatorOf(area.area_code, indicator).observed === null);
    return lacking ? UHI.el("p", { class: "notice" }, UHI.say("few_note")) : null;
  }

  // Townships by index, with their ranks unless these are hidden; county: the code of theirs, empty where they lie in none.
  function townships(rows, county) {
    const shown = rows.sort((one, other) => (other.health_index ?? -1) - (one.health_index ?? -1));
    const isRanked = rows.some((row) => row.rank !== null) || !lackRanks(rows);
    const rate = (row, { dimension }) => UHI.dimensionOf(row.area_code, dimension).rate;
    const note = (row) => (row.suppressed ? UHI.el("span", { class: "aside" }, UHI.say("suppressed")) : row.linked ? null : UHI.el("span", { class: "aside" }, UHI.say("none_linked")));
    const name = (row) => (UHI.data.text.internal && row.linked
      ? UHI.el("a", { class: "name", href: UHI.hash("unions", { q: row.name_zh, county, order: "worst" }) }, UHI.both(UHI.names(row)))
      : UHI.el("span", { class: "name" }, UHI.both(UHI.names(row))));
    const plain = (key, head, format) => ({ head, cell: (row) => format(row[key]), value: (row) => row[key] });
    const table = UHI.table("townships_heading", [
      isRanked ? plain("rank", UHI.both(UHI.label("figure", "rank")), UHI.count) : null,
      { head: UHI.both(UHI.label("area_level", "township")), row: true, cell: (row) => [name(row), " ", note(row)], value: (row) => UHI.names(row)[UHI.show === "en" ? 1 : 0] },
      { ...plain("health_index", UHI.both(UHI.label("figure", "health_index")), UHI.index), kind: "measure", cell: (row) => (row.health_index === null ? UHI.index(null) : [UHI.bar(row.health_index), UHI.index(row.health_index)]) },
      plain("index_change", UHI.say("change"), UHI.change),
      plain("sampling_rate", UHI.inPercent(UHI.label("figure", "sampling_rate")), UHI.rate),
      plain("linked", UHI.both(UHI.label("figure", "linked")), UHI.count),
      ...UHI.dimensions.map((each) => ({ head: UHI.inPercent(UHI.names(each)), cell: (row) => UHI.rate(rate(row, each)), value: (row) => rate(row, each) })),
      plain("yellow", UHI.both(UHI.label("health_code", "yellow")), UHI.count),
      plain("red", UHI.both(UHI.label("health_code", "red")), UHI.count),
    ].filter(Boolean), shown);
    return [unranked(rows, "unranked_townships"), table];
  }

  // How to trace an area's figures to the source rows, where the edition has what that needs.
  function trace({ area_code: code, linked }) {
    if (!UHI.data.text.internal || !linked) return null;
    return [UHI.el("p", { class: "note" }, UHI.say("trace_area")), UHI.el("pre", { tabindex: 0 }, UHI.command("uhi", "trace", "--release", "DIR", "--area", code))];
  }

  // The page of a county by its code; nothing where there is none.
  UHI.countyPage = async (code) => {
    const county = UHI.ranking.find((row) => row.area_code === code);
    if (!county) return null;
    const why = UHI.data.text.internal ? await UHI.whyCounty(code) : { rank: null, rows: null };
    const area = UHI.areas.get(code);
    const section = (id, head, ...content) => UHI.el("section", {}, UHI.el("h3", { id }, head), content);
    const links = [
      UHI.data.text.sheets.includes(code) ? UHI.el("a", { href: `counties/${code}.pdf` }, UHI.say("county_sheet")) : null,
      UHI.data.text.internal && area.linked ? UHI.el("a", { href: UHI.hash("unions", { county: code, order: "worst" }) }, UHI.say("unions_of")) : null,
    ].filter(Boolean);
    return {
      title: UHI.names(county),
      content: [
        UHI.el("p", { class: "trail" }, UHI.el("a", { href: "#city" }, UHI.both(UHI.names(UHI.city)))),
        UHI.el("h2", { tabindex: -1 }, UHI.both(UHI.names(county))),
        reason(area),
        unranked([county], "unranked"),
        headline(county, area),
        links.length ? UHI.el("p", {}, links.flatMap((link, place) => (place ? [" · ", link] : [link]))) : null,
        section("against_city", UHI.say("against_city"), dimensions(area), UHI.el("p", { class: "note" }, UHI.say("mark_city")), unrankedDimensions(county)),
        why.rank,
        UHI.el("section", {}, UHI.trend(area)),
        section("indicators_heading", UHI.say("indicators"), indicators(area), few(area), trace(area)),
        section("townships_heading", UHI.say("townships"), townships(UHI.townshipsOf(code), code)),
        why.rows,
      ],
    };
  };
}
