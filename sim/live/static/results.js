// What comes out and how sure it is: the headline, differences that tighten, who waits for what.
import { html } from "./html.js";

export function Results({ page, act }) {
  const { told } = page;
  return html`
    <section aria-labelledby="out" class=${page.fresh || !told ? "" : "stale"}>
      <h2 id="out">2. What comes out</h2>
      <${Progress} page=${page} act=${act} />
      ${told && told.answer && html`<${Answer} page=${page} act=${act} />`}
      ${told && !told.answer && told.look && html`<${Look} look=${told.look} />`}
      ${told && told.baseline && html`<${Baseline} told=${told} />`}
    </section>`;
}

function Progress({ page, act }) {
  const { told, lost } = page;
  if (lost) {
    return html`<p role="alert" class="problems">The server is gone: the page shows what was known last.
      If urgentflow explore still runs, <button type="button" class="link" onClick=${act.again}>ask again</button>.</p>`;
  }
  if (page.problems.length) return html`<p class="quiet">Nothing is run until the change can be.</p>`;
  const now = page.fresh ? told : page.waiting;
  const failures = (now && now.failures) || [];
  const wanted = now ? now.wanted : page.about.replications;
  const pairs = now && page.fresh ? now.pairs : 0;
  const empty = page.patch.length === 0;
  const noun = empty ? "replications of the baseline" : "pairs of worlds";
  const busy = !(now && now.done);
  return html`
    <div class="progress">
      ${failures.length > 0 && html`<div role="alert" class="problems"><p>The run failed:</p><ul>${failures.map((each) => html`<li>${each}</li>`)}</ul></div>`}
      <progress max=${wanted} value=${pairs} aria-label=${noun}></progress>
      <p aria-live="polite">${now && !now.ready ? "Getting the engine ready (the first time ever this takes a minute or two). " : ""}${
        now && now.stopped ? "Stopped: " : ""}${pairs} of ${wanted} ${noun}, ${days(page.about.days)} each.${" "}
        ${page.fresh && page.firstAfter !== null ? html`<span class="quiet small">First answer after ${page.firstAfter.toFixed(1)} s${page.enoughAfter !== null ? `, enough after ${page.enoughAfter.toFixed(0)} s` : ""}.</span>` : ""}
        ${!page.fresh && told ? html`<strong> Below is still the answer to the last change.</strong>` : ""}</p>
      <p class="buttons">${busy
        ? html`<button type="button" onClick=${act.stop}>Stop</button>`
        : now && now.stopped
          ? html`<button type="button" onClick=${act.again}>Go on</button>`
          : html`<button type="button" onClick=${act.further}>Run ${page.about.replications} more</button>`}</p>
    </div>`;
}

function days(number) {
  return number === 1 ? "a day" : `${number.toLocaleString("en-GB")} days`;
}

function Answer({ page, act }) {
  const { answer } = page.told;
  const margin = page.more.margin || page.about.margin;
  const scale = reach(answer.rows);
  return html`
    ${answer.growing.some(Boolean) && html`<p class="problems">A queue grows to the end of the run
      ${answer.growing[0] ? "in the baseline" : ""}${answer.growing.every(Boolean) ? " and " : ""}${answer.growing[1] ? "with the change" : ""}:
      the numbers depend on how long is run.</p>`}
    <p class="sentence">${answer.sentence}</p>
    <h3>How sure</h3>
    ${answer.enough && html`<p class=${answer.enough.enough ? "enough yes" : "enough"} aria-live="polite">${answer.enough.text}</p>`}
    <p><label>A difference would matter from <input type="number" class="margin" min="0.01" max="100" step="any" value=${margin}
      onChange=${(event) => act.margin(event.target.value)} /> % of the baseline</label></p>
    <ul class="rows">${answer.rows.map((row) => html`<${Row} key=${row.measure} row=${row} scale=${scale} />`)}</ul>
    <p class="quiet small key">Each dot is one pair of worlds; the bar is the 95 % interval of the mean${
      answer.pairs < 5 ? " (from 5 pairs on; until then from the lowest to the highest)" : ""}; the line is no change.
      Scale: ± ${scale.toLocaleString("en-GB", { maximumSignificantDigits: 2 })} % of the baseline.</p>
    <h2 id="where">3. Who waits for what</h2>
    <${Pools} pools=${answer.pools} both=${true} />`;
}

function reach(rows) {
  const sizes = rows.flatMap((row) => [...row.each, ...row.shown.filter((each) => each !== null)]).map(Math.abs);
  return Math.max(0.01, ...sizes) * 1.05;
}

const WORDS = {
  better: "better", worse: "worse", changed: "changed", uncertain: "not told apart from no change", "no change": "no change",
};

function Row({ row, scale }) {
  return html`
    <li class=${`measure ${row.verdict.replace(" ", "-")}`}>
      <h4>${row.title}</h4>
      <p class="big">${row.difference} ${row.percent && row.difference !== "no change" && html`<span class="quiet">${row.percent}</span>`}</p>
      <p class="small">${row.before} → ${row.after}; <strong>${row.interval === "95 %" || row.verdict === "no change" ? WORDS[row.verdict] : "too early to tell"}</strong>${
        row.intended ? ` (${row.intended})` : ""}; ${row.chance}.</p>
      ${row.beware && html`<p class="small quiet">Beware: ${row.beware}.</p>`}
      <${Strip} row=${row} scale=${scale} />
    </li>`;
}

function Strip({ row, scale }) {
  const width = 320;
  const x = (percent) => width / 2 + (percent / scale) * (width / 2 - 4);
  const [middle, low, high] = row.shown;
  return html`
    <svg class="strip" viewBox=${`0 0 ${width} 26`} role="img" aria-label=${`${row.title}: ${row.difference}`} preserveAspectRatio="none">
      <line class="zero" x1=${width / 2} x2=${width / 2} y1="0" y2="26" />
      ${low !== null && high !== null && html`<rect class="interval" x=${x(low)} width=${Math.max(1.5, x(high) - x(low))} y="9" height="8" />`}
      ${row.each.map((each, place) => html`<circle key=${place} class="pair" cx=${x(each)} cy="13" r="2.5" />`)}
      ${middle !== null && html`<line class="mean" x1=${x(middle)} x2=${x(middle)} y1="4" y2="22" />`}
    </svg>`;
}

function Look({ look }) {
  return html`
    <div class="look"><h3>First look</h3>
      <p>The first ${look.days} days of one pair of worlds: a hint of which way it goes, before whole runs are there.</p>
      <ul class="rows">${look.rows.map((row) => html`<li key=${row.measure} class="measure"><h4>${row.title}</h4>
        <p class="big">${row.difference} ${row.difference !== "no change" && html`<span class="quiet">${row.percent}</span>`}</p></li>`)}</ul>
    </div>`;
}

function Baseline({ told }) {
  return html`
    <p>As it is, mean of ${told.baseline.pairs === 1 ? "one replication" : `${told.baseline.pairs} replications`}. Move something to compare with this.</p>
    <ul class="rows">${told.baseline.rows.map((row) => html`<li key=${row.title} class="measure"><h4>${row.title}</h4><p class="big">${row.before}</p></li>`)}</ul>
    <h2 id="where">3. Who waits for what</h2>
    <${Pools} pools=${told.baseline.pools} both=${false} />`;
}

function Pools({ pools, both }) {
  if (!pools.length) return html`<p>Nobody waits for anything for long.</p>`;
  const cell = (pool, what) => (both && pool.before[what] !== pool.after[what] ? `${pool.before[what]} → ${pool.after[what]}` : pool.before[what]);
  return html`
    <div class="wide" tabindex="0" role="region" aria-labelledby="where"><table>
      <thead><tr><th scope="col">What is waited for</th><th scope="col">waiting</th><th scope="col">wait</th><th scope="col">in use</th></tr></thead>
      <tbody>${pools.map((pool) => html`<tr key=${pool.name}><th scope="row">${pool.title}</th>
        <td>${cell(pool, "queue")}</td><td>${cell(pool, "wait")}</td><td>${cell(pool, "use")}</td></tr>`)}</tbody>
    </table></div>
    <p class="quiet small">Means over the measured time: how many wait, for how long, and the share of capacity in use.
      Those that hold people up most stand first.</p>`;
}
