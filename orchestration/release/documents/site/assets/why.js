// Folded answers to "why", in the internal edition: which questions the commands of a page answer, and how to ask about what is not there.
"use strict";

{
  const GRADED = ["collective_contract", "innovation_studio", "operating_status", "open_affairs"];

  const command = (...words) => UHI.el("pre", { tabindex: 0 }, UHI.command("uhi", "trace", "--release", "DIR", ...words));

  const why = (questions) =>
    UHI.el("details", { class: "why" },
      UHI.el("summary", {}, UHI.say("why")),
      UHI.el("p", { class: "note" }, UHI.say("why_command")),
      UHI.el("ul", { class: "notes" }, questions.map((question) => UHI.el("li", {}, question))));

  // Why a county's rank moved, why unions of it are not measured, which of its rows were refused; one without unions has no command yet.
  UHI.whyCounty = ({ area_code: code, linked }) => [
    linked ? null : command("--area", code),
    why((linked ? ["why_rank", "why_unmeasured", "why_refused"] : ["why_unmeasured", "why_refused"]).map((key) => UHI.say(key))),
  ];

  // Which rows give a union its grades.
  UHI.whyUnion = () => why(UHI.indicators.filter(({ indicator }) => GRADED.includes(indicator))
    .map((each) => UHI.say("why_grade", { indicator: UHI.names(each) })));

  // Why a union that was searched for is not here.
  UHI.whyNotFound = (asked) => {
    const identifier = /^[\w.\-]+$/.test(asked) ? asked : "ID";
    return [UHI.el("p", { class: "note" }, UHI.say("why_not_found")), command("--union", identifier)];
  };
}
