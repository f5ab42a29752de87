// Charts, drawn from figures of the edition: the trend of areas over the months released.
"use strict";

{
  const HEIGHT = 230;
  const EDGE = { top: 22, right: 28, bottom: 30, left: 44 };
  const STEPS = [0.5, 1, 2, 5, 10, 20, 25, 50];
  const MOST_TICKS = 5;

  // The scale of a chart: from and to a multiple of its step.
  function scale(values) {
    const low = Math.min(...values), high = Math.max(...values);
    const margin = Math.max((high - low) * 0.15, 1);
    const step = STEPS.find((each) => (high - low + 2 * margin) / each <= MOST_TICKS) || STEPS.at(-1);
    return { step, from: Math.max(0, Math.floor((low - margin) / step) * step), to: Math.min(100, Math.ceil((high + margin) / step) * step) };
  }

  // Runs of months that have a figure.
  function runs(points) {
    const found = [[]];
    for (const point of points) {
      if (point.y === null) found.push([]);
      else found.at(-1).push(point);
    }
    return found.filter((run) => run.length);
  }

  function draw(holder, labelledby, series, periods) {
    const width = Math.max(280, Math.min(760, holder.clientWidth));
    const values = series.flatMap(({ points }) => points.map((row) => row.health_index)).filter((value) => value !== null);
    const { from, to, step } = scale(values);
    const span = width - EDGE.left - EDGE.right;
    const x = (period) => EDGE.left + (periods.length === 1 ? span / 2 : (span * periods.indexOf(period)) / (periods.length - 1));
    const y = (value) => EDGE.top + ((HEIGHT - EDGE.top - EDGE.bottom) * (to - value)) / (to - from);
    const drawing = UHI.svg("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "img", "aria-labelledby": labelledby });
    for (let tick = from; tick <= to + step / 2; tick += step) {
      drawing.append(
        UHI.svg("path", { class: "grid", d: `M${EDGE.left} ${y(tick)}H${width - EDGE.right}` }),
        UHI.svg("text", { x: EDGE.left - 8, y: y(tick) + 4, "text-anchor": "end" }, step < 1 ? tick.toFixed(1) : String(tick)));
    }
    const apart = Math.max(1, Math.ceil((periods.length * 62) / span));
    periods.forEach((period, place) => {
      if ((periods.length - 1 - place) % apart === 0)
        drawing.append(UHI.svg("text", { x: x(period), y: HEIGHT - 8, "text-anchor": "middle" }, period));
    });
    series.forEach(({ points }, place) => {
      const kind = place ? "second " : "";
      const drawn = points.map((row) => ({ row, x: x(row.period), y: row.health_index === null ? null : y(row.health_index) }));
      for (const run of runs(drawn)) {
        if (run.length > 1) drawing.append(UHI.svg("path", { class: `${kind}line`, d: "M" + run.map((point) => `${point.x} ${point.y}`).join("L") }));
        for (const point of run)
          drawing.append(place
            ? UHI.svg("rect", { class: `${kind}point`, x: point.x - 4, y: point.y - 4, width: 8, height: 8 })
            : UHI.svg("circle", { class: "point", cx: point.x, cy: point.y, r: 4.5 }));
      }
    });
    const [own, other] = series.map(({ points }) => points.findLast((row) => row.health_index !== null));
    const below = other && other.health_index > own.health_index;
    drawing.append(UHI.svg("text", { class: "value", x: x(own.period), y: y(own.health_index) + (below ? 20 : -10), "text-anchor": "middle" }, UHI.index(own.health_index)));
    holder.replaceChildren(drawing);
  }

  function legend(series) {
    const sign = (place) => UHI.svg("svg", { viewBox: "0 0 36 12", "aria-hidden": "true", focusable: "false" },
      UHI.svg("path", { class: place ? "second line" : "line", d: "M0 6H36" }),
      place ? UHI.svg("rect", { class: "second point", x: 14, y: 2, width: 8, height: 8 }) : UHI.svg("circle", { class: "point", cx: 18, cy: 6, r: 4.5 }));
    return UHI.el("p", { class: "legend" }, series.map(({ names }, place) => UHI.el("span", {}, sign(place), UHI.both(names))));
  }

  // The index of an area over the months released, against the city's where it is another; with the figures themselves.
  UHI.trend = (area) => {
    const shown = area === UHI.city ? [area] : [area, UHI.city];
    const series = shown.map((each) => ({ names: UHI.names(each), points: UHI.trendOf(each.area_code) }));
    const own = series[0].points;
    const [captioned, headed] = ["caption", "heading"].map((part) => `trend_${part}_${area.area_code}`);
    const caption = UHI.el("p", { class: "aside", id: captioned }, UHI.say("trend_index", { figure: UHI.label("figure", "health_index") }));
    const heading = UHI.el("h3", { id: headed }, UHI.say("trend"));
    if (!own.some((row) => row.health_index !== null)) return [heading, UHI.el("p", {}, UHI.say("trend_none"))];
    const periods = [...new Set(series.flatMap(({ points }) => points.map((row) => row.period)))].sort();
    const holder = UHI.el("div", { class: "drawing" });
    new ResizeObserver(() => draw(holder, captioned, series, periods)).observe(holder);
    const columns = [
      { head: UHI.say("period"), row: true, cell: (row) => row.period },
      { head: UHI.both(UHI.label("figure", "health_index")), cell: (row) => UHI.index(row.health_index) },
      { head: UHI.say("change"), cell: (row) => UHI.change(row.index_change) },
      { head: UHI.inPercent(UHI.label("figure", "sampling_rate")), cell: (row) => UHI.rate(row.sampling_rate) },
    ];
    return [
      heading, caption,
      UHI.el("figure", { class: "chart" }, legend(series), holder),
      own.length === 1 ? UHI.el("p", { class: "note" }, UHI.say("trend_one")) : null,
      UHI.el("details", {}, UHI.el("summary", {}, UHI.say("trend_data")), UHI.table(headed, columns, own)),
    ];
  };
}
