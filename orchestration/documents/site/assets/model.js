// The tables of the edition as the views ask for them: areas, their rates and indicators, and scripts with more that are read when needed.
"use strict";

{
  const rows = ({ columns, rows: cells }) => cells.map((row) => Object.fromEntries(columns.map((name, place) => [name, row[place]])));
  const keyed = (list, key) => new Map(list.map((row) => [key(row), row]));
  const { areas, text } = UHI.data;
  const byPosition = (list) => [...list].sort((one, other) => one.position - other.position);

  UHI.dimensions = byPosition(text.methodology.dimensions);
  UHI.indicators = byPosition(text.methodology.indicators);
  UHI.rules = keyed(text.methodology.alert_rules, (row) => row.rule);
  UHI.ranking = rows(areas.county_ranking);
  UHI.areas = keyed(rows(areas.area_index), (row) => row.area_code);
  UHI.city = [...UHI.areas.values()].find((row) => row.level === "city");

  const labels = keyed(text.methodology.labels, (row) => `${row.list}.${row.code}`);
  const rates = keyed(rows(areas.area_dimension), (row) => `${row.area_code}.${row.dimension}`);
  const scores = keyed(rows(areas.area_indicator), (row) => `${row.area_code}.${row.indicator}`);
  const trend = rows(areas.trend);

  UHI.label = (list, code) => UHI.names(labels.get(`${list}.${code}`));
  UHI.dimensionOf = (area, dimension) => rates.get(`${area}.${dimension}`);
  UHI.indicatorOf = (area, indicator) => scores.get(`${area}.${indicator}`);
  UHI.trendOf = (area) => trend.filter((row) => row.area_code === area);
  UHI.townshipsOf = (county) => [...UHI.areas.values()].filter((row) => row.level === "township" && row.area_code.startsWith(county));
  // The county of a township; the city where it lies in none.
  UHI.countyOf = (township) => UHI.ranking.find((row) => township.startsWith(row.area_code)) ?? UHI.city;
  UHI.townshipsOfNoCounty = () => UHI.townshipsOf("").filter((row) => UHI.countyOf(row.area_code) === UHI.city);

  const loading = new Map();

  // What the script site/data/<name>.js holds, read once. Fails where it cannot be read.
  UHI.load = (name) => {
    if (!loading.has(name)) {
      loading.set(name, new Promise((resolve, reject) => {
        const file = `site/data/${name}.js`;
        const script = UHI.el("script", { src: file, onload: () => resolve(UHI.data[name]), onerror: () => reject(new Error(file)) });
        document.head.append(script);
      }));
    }
    return loading.get(name);
  };
}
