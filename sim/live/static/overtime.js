// One pool over time: how many units are in use and how many people wait, before and after.
import { html } from "./html.js";

const WIDTH = 720;
const HEIGHT = 170;
const LEFT = 44;
const BOTTOM = 22;

export function OverTime({ page, act }) {
  const known = page.told && (page.told.answer || page.told.baseline);
  if (!known || !known.seen.length) return null;
  const pools = known.seen;
  return html`
    <section aria-labelledby="time">
      <h2 id="time">4. Over time</h2>
      <p><label>Show <select value=${page.pool} onChange=${(event) => act.pool(event.target.value)}>
        ${pools.map((pool) => html`<option key=${pool.name} value=${pool.name}>${pool.title}</option>`)}</select></label></p>
      ${page.series && page.series.before && html`
        <${Chart} title="Waiting" field="waiting" series=${page.series} />
        <${Chart} title="In use" field="in_use" series=${page.series} />
        <p class="quiet small"><span class="swatch before"></span> baseline ${page.series.after && html`<span class="swatch after"></span> with the change`};
          mean of ${page.series.before.replications === 1 ? "one replication" : `${page.series.before.replications} replications`}, counted ${every(page.series.before.every)}. What is shut at those moments is not shown here.</p>`}
    </section>`;
}

function Chart({ title, field, series }) {
  const { before, after } = series;
  const top = Math.max(1, ...before[field], ...(after ? after[field] : []), field === "in_use" && before.units > 0 ? before.units : 0) * 1.05;
  const first = before.days[0];
  const last = before.days[before.days.length - 1];
  const x = (day) => LEFT + ((day - first) / (last - first || 1)) * (WIDTH - LEFT - 6);
  const y = (number) => 8 + (1 - number / top) * (HEIGHT - BOTTOM - 8);
  const line = (side) => side.days.map((day, at) => `${x(day).toFixed(1)},${y(side[field][at]).toFixed(1)}`).join(" ");
  const marks = [0, top / 2.1, top / 1.05];
  const mean = (side) => {
    const kept = side[field];
    return (kept.reduce((sum, each) => sum + each, 0) / Math.max(1, kept.length)).toLocaleString("en-GB", { maximumFractionDigits: 1 });
  };
  const words = `${title}: mean ${mean(before)}${after ? ` in the baseline, ${mean(after)} with the change` : ""}`;
  return html`
    <figure><figcaption>${words}</figcaption>
      <svg class="chart" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label=${words}>
        ${marks.map((each, place) => html`<g key=${place}><line class="grid" x1=${LEFT} x2=${WIDTH - 6} y1=${y(each)} y2=${y(each)} />
          <text x=${LEFT - 5} y=${y(each) + 4} text-anchor="end">${each.toLocaleString("en-GB", { maximumSignificantDigits: 3 })}</text></g>`)}
        ${months(before, first, last).map(({ day, name }) => html`<text key=${day} x=${x(day)} y=${HEIGHT - 6} text-anchor="middle">${name}</text>`)}
        <polyline class="before" points=${line(before)} />
        ${after && html`<polyline class="after" points=${line(after)} />`}
      </svg>
    </figure>`;
}

function every(hours) {
  if (hours === 24) return "once a day";
  return hours >= 1 ? `every ${hours === 1 ? "hour" : `${hours} hours`}` : `every ${Math.round(hours * 60)} minutes`;
}

function months(side, first, last) {
  const start = new Date(`${side.start}T00:00:00Z`);
  const found = [];
  const count = (last - first) / 30;
  const every = Math.max(1, Math.ceil(count / 7));
  for (let at = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1)); ; at.setUTCMonth(at.getUTCMonth() + every)) {
    const day = (at - start) / 86400000;
    if (day > last) return found;
    if (day >= first) found.push({ day, name: at.toLocaleDateString("en-GB", { month: "short", timeZone: "UTC" }) });
  }
}
