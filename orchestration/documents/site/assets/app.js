// Which view the address asks for: #<view>/<code>?<what it is asked>, with the language among the latter. Nothing is stored elsewhere.
"use strict";

{
  // Maps, for what the address asks for may be the name of something that every object has.
  const LANGUAGES = new Map([["zh", "zh-Hans"], ["en", "en"], ["both", "zh-Hans"]]);
  const root = document.documentElement;
  const main = document.getElementById("main");
  const fixed = new Map([...main.children].map((article) => [article.id, article]));
  const page = UHI.el("article", { id: "page", hidden: "" });
  const made = new Map([
    ["county", (code) => UHI.countyPage(code)],
    ["unions", (_, asked) => UHI.searchPage(asked)],
    ["union", (id) => UHI.unionPage(id)],
  ]);
  let current = 0;

  // An address of this page; the language goes with it.
  UHI.hash = (path, asked = {}) => {
    const given = Object.entries({ ...asked, lang: UHI.show === "both" ? "" : UHI.show }).filter(([, value]) => value);
    return `#${path}${given.length ? `?${new URLSearchParams(given)}` : ""}`;
  };

  function address() {
    const [path, asked = ""] = location.hash.slice(1).split(/\?(.*)/s);
    const [view, code = ""] = path.split(/\/(.*)/s);
    const { lang, ...others } = Object.fromEntries(new URLSearchParams(asked));
    return { path: path || "city", view: view || "city", code: decoded(code), lang, asked: others };
  }

  function decoded(code) {
    try {
      return decodeURIComponent(code);
    } catch (error) {
      if (error instanceof URIError) return code;
      throw error;
    }
  }

  function replace(hash) {
    if (hash !== location.hash) history.replaceState(null, "", hash);
  }

  // Keep what a view is asked in the address, while that view is shown.
  UHI.remember = (view, asked) => {
    if (address().view === view) replace(UHI.hash(view, asked));
  };

  function speak(language) {
    UHI.show = LANGUAGES.has(language) ? language : "both";
    root.dataset.show = UHI.show;
    root.lang = LANGUAGES.get(UHI.show);
    for (const choice of document.querySelectorAll(".languages input")) choice.checked = choice.value === UHI.show;
  }

  function name(title) {
    const site = UHI.words("title", { city: UHI.names(UHI.city), figure: UHI.label("figure", "health_index") });
    document.title = [title && UHI.plain(title), UHI.plain(site), UHI.data.text.period].filter(Boolean).join(" · ");
  }

  async function content(view, code, asked) {
    if (!made.has(view) || (view !== "county" && !UHI.data.text.internal)) return null;
    try {
      return await made.get(view)(code, asked);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith("site/")) throw error;
      return { title: null, content: [UHI.el("p", { class: "notice", role: "alert" }, UHI.say("unreadable", { file: error.message }))] };
    }
  }

  function lost() {
    return {
      title: UHI.words("not_found"),
      content: [
        UHI.el("h2", { tabindex: -1 }, UHI.say("not_found")),
        UHI.el("p", {}, UHI.say("not_found_text", { address: location.hash.split("?")[0] })),
        UHI.el("p", {}, UHI.el("a", { href: "#city" }, UHI.say("back"))),
      ],
    };
  }

  async function route(moved) {
    const turn = (current += 1);
    const { path, view, code, lang, asked } = address();
    speak(lang || UHI.show);
    if (location.hash || UHI.show !== "both") replace(UHI.hash(path, asked));
    const found = fixed.has(view) ? null : (await content(view, code, asked)) || lost();
    if (turn !== current) return;
    for (const article of fixed.values()) article.hidden = article.id !== view;
    page.hidden = !found;
    page.replaceChildren(...(found ? found.content.flat().filter(Boolean) : []));
    for (const link of document.querySelectorAll("nav a")) {
      if (link.dataset.view === view || (link.dataset.view === "unions" && view === "union")) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const heading = (found ? page : fixed.get(view)).querySelector("h2");
    name(found ? found.title : view === "city" ? null : [...heading.children].map((each) => each.textContent));
    if (moved) {
      scrollTo(0, 0);
      heading?.focus({ preventScroll: true });
    }
    root.dataset.view = view;
  }

  function change(language) {
    const { path, asked } = address();
    UHI.show = language;
    replace(UHI.hash(path, asked));
    route(false);
  }

  function languages() {
    const choice = (value, words) => UHI.el("label", {}, UHI.el("input", { type: "radio", name: "language", value, onchange: () => change(value) }), words);
    return UHI.el("fieldset", { class: "languages" }, UHI.el("legend", { class: "hidden" }, UHI.say("language")),
      choice("both", UHI.el("span", {}, UHI.say("language_both"))), choice("zh", UHI.el("span", { lang: "zh-Hans", class: "only" }, "中文")), choice("en", UHI.el("span", { lang: "en", class: "only" }, "English")));
  }

  root.classList.add("with_script");
  main.append(page);
  document.querySelector(".rail").append(languages());
  for (const heading of main.querySelectorAll("article > h2")) heading.tabIndex = -1;
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
  });
  UHI.enhanceCity();
  addEventListener("hashchange", () => route(true));
  route(false);
}
