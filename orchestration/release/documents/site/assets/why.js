// Folded answers to "why", in the internal edition: which questions `uhi trace` answers of a county or union, and how it is asked.
"use strict";

{
  const GRADED = ["collective_contract", "innovation_studio", "operating_status", "open_affairs"];

  const command = (...words) => UHI.el("pre", { tabindex: 0 }, UHI.command("uhi", "trace", "--release", "DIR", ...words));

  function why(id, questions) {
    return UHI.el("details", { class: "why", id },
      UHI.el("summary", {}, UHI.say("why")),
      UHI.el("p", { class: "note" }, UHI.say("why_command")),
      questions.map(([question, asked]) => [UHI.el("p", {}, question), asked]));
  }

  // Why a county's rank moved, why unions of it are not measured, which of its rows were refused: one command answers all.
  UHI.whyCounty = ({ area_code: code, linked }) => (linked
    ? why("why_county", ["why_rank", "why_unmeasured", "why_refused"].map((key, place, all) =>
      [UHI.say(key), place === all.length - 1 ? command("--area", code) : null]))
    : why("why_county", [[UHI.say("why_refused"), command("--area", code)]]));

  // Which rows give a union its grades.
  UHI.whyUnion = (id) => {
    const names = new Map(UHI.indicators.map((each) => [each.indicator, UHI.names(each)]));
    const graded = GRADED.filter((indicator) => names.has(indicator));
    return why("why_union", graded.map((indicator) => [UHI.say("why_grade", { indicator: names.get(indicator) }), command("--union", id, "--indicator", indicator)]));
  };

  // Why a union that was searched for is not here.
  UHI.whyNotFound = (asked) => {
    const identifier = /^[\w.\-]+$/.test(asked) ? asked : "ID";
    return [UHI.el("p", { class: "note" }, UHI.say("why_not_found")), command("--union", identifier)];
  };
}
