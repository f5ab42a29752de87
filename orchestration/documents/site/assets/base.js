// What every view is made of: elements, words in both languages, figures, tables. Text enters the page as text alone.
"use strict";

const UHI = { data: {}, show: "both" };

{
  const SVG = "http://www.w3.org/2000/svg";
  const DASH = "–";
  const UNITS = 10000;

  function fill(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
    }
    element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
    return element;
  }

  UHI.el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
  UHI.svg = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

  // A pair (Chinese, English) as elements of their languages.
  UHI.both = ([chinese, english]) => [UHI.el("span", { lang: "zh-Hans" }, chinese), " ", UHI.el("span", { lang: "en" }, english)];

  // A text of Chinese alone, which stands in every language.
  UHI.chinese = (text) => UHI.el("span", { lang: "zh-Hans", class: "only" }, text);

  // A pair as plain text, for where no element can stand.
  UHI.plain = ([chinese, english]) => ({ zh: chinese, en: english, both: chinese === english ? chinese : `${chinese} / ${english}` })[UHI.show];

  // The words of a key as a pair, filled in; a value that is a pair gives each language its own.
  UHI.words = (key, values = {}) => UHI.filled(UHI.data.text.words[key], values);
  UHI.filled = (pair, values) =>
    pair.map((words, place) => words.replace(/\{(\w+)\}/g, (_, name) => (Array.isArray(values[name]) ? values[name][place] : values[name])));
  UHI.say = (key, values) => UHI.both(UHI.words(key, values));
  UHI.inPercent = (pair) => UHI.both(pair.map((words) => `${words}\u00a0%`));
  UHI.names = (row) => [row.name_zh, row.name_en];

  // A figure of 4 places, rounded half away from zero in integers, with groups of thousands; a dash for none. A zero has no sign.
  UHI.figure = (value, places) => {
    if (value === null || value === undefined) return DASH;
    const step = UNITS / 10 ** places;
    const rounded = Math.floor((2 * Math.round(Math.abs(value) * UNITS) + step) / (2 * step));
    const digits = String(rounded).padStart(places + 1, "0");
    const whole = digits.slice(0, digits.length - places).replace(/\B(?=(\d{3})+$)/g, ",");
    return (value < 0 && rounded ? "−" : "") + whole + (places ? "." + digits.slice(-places) : "");
  };
  UHI.index = (value) => UHI.figure(value, 1);
  UHI.rate = (value) => UHI.figure(value, 2);
  UHI.count = (value) => UHI.figure(value, 0);
  UHI.change = (value) => {
    const shown = UHI.figure(value, 1);
    return value > 0 && shown !== UHI.figure(0, 1) ? `+${shown}` : shown;
  };

  // A rank among so many.
  UHI.rankOf = (rank, all) => (rank === null ? DASH : `${UHI.count(rank)} / ${UHI.count(all)}`);

  UHI.code = (code) => UHI.el("span", { class: `code ${code}` }, UHI.both(UHI.label("health_code", code)));
  UHI.level = (level) => UHI.el("span", { class: `code ${level}` }, UHI.both(UHI.label("alert_level", level)));

  // A bar from 0 to `full`; mark: where an upright line stands.
  UHI.bar = (value, { full = 100, mark = null, kind = "" } = {}) =>
    UHI.svg("svg", { class: "bar", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" },
      UHI.svg("rect", { class: "ground", width: 100, height: 8 }),
      UHI.svg("rect", { class: `fill ${kind}`, width: value === null || !full ? 0 : Math.min(100, (100 * value) / full), height: 8 }),
      mark === null ? null : UHI.svg("rect", { class: "mark", x: Math.min(98.5, Math.max(0, (100 * mark) / full - 0.75)), width: 1.5, height: 8 }));

  // A command for a shell, selected whole by one click; what a shell would take apart is quoted.
  UHI.command = (...words) =>
    UHI.el("code", { class: "command" }, words.map((word) => (/^[\w.\-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" "));

  // A control of a form with its label.
  UHI.field = (label, control, kind = "") => {
    control.id = `field_${control.name}`;
    return UHI.el("div", { class: `field ${kind}` }, UHI.el("label", { for: control.id }, label), control);
  };

  // Terms and what is said of them; entries: [term, description, class].
  UHI.facts = (entries) =>
    UHI.el("dl", { class: "facts" }, entries.map(([term, description, kind]) =>
      UHI.el("div", {}, UHI.el("dt", {}, term), UHI.el("dd", { class: kind }, description))));

  const collator = () => new Intl.Collator(UHI.show === "en" ? "en" : "zh-Hans");

  function compare(one, other, names) {
    return typeof one === "string" ? names.compare(one, other) : one - other;
  }

  // Let the columns of a table sort its rows: value(row element, key) is what a row is sorted by; those without one stand last.
  UHI.sortable = (table, value) => {
    const body = table.tBodies[0];
    for (const head of table.tHead.querySelectorAll("th[data-key]")) {
      const button = UHI.el("button", { type: "button" }, ...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const falling = head.getAttribute("aria-sort") === "ascending";
        const names = collator();
        const rows = [...body.rows].map((row) => [value(row, head.dataset.key), row]);
        const known = rows.filter(([cell]) => cell !== null).sort(([one], [other]) => compare(one, other, names) * (falling ? -1 : 1));
        body.append(...[...known, ...rows.filter(([cell]) => cell === null)].map(([, row]) => row));
        for (const each of table.tHead.querySelectorAll("[aria-sort]")) each.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", falling ? "descending" : "ascending");
      });
    }
  };

  // A table in a region that scrolls, named by an element. columns: {head, cell(row), value(row), row, text, spare, kind}: with
  // `value` the column sorts, `row` names the row, `text` stands left, `spare` gives way on a phone.
  UHI.table = (labelledby, columns, rows, kind = "") => {
    const classes = ({ row, text, spare }, ...more) => [row || text ? "text" : "", row ? "pinned" : "", spare ? "spare" : "", ...more].filter(Boolean).join(" ") || null;
    const cell = (column, row) =>
      UHI.el(column.row ? "th" : "td", { scope: column.row ? "row" : null, class: classes(column, column.kind) }, column.cell(row));
    const head = (column, place) => UHI.el("th", { scope: "col", "data-key": column.value ? place : null, class: classes(column) }, column.head);
    const data = new Map(rows.map((row) => [UHI.el("tr", {}, columns.map((column) => cell(column, row))), row]));
    const table = UHI.el("table", { class: kind || null }, UHI.el("thead", {}, UHI.el("tr", {}, columns.map(head))), UHI.el("tbody", {}, [...data.keys()]));
    UHI.sortable(table, (element, place) => columns[place].value(data.get(element)));
    return UHI.el("div", { class: "wide", tabindex: 0, role: "region", "aria-labelledby": labelledby }, table);
  };
}
