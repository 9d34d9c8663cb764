// What the page knows, and what happens to it: one object, drawn anew whenever it changes.
import { html, render } from "./html.js";
import { fromLocation, intoLocation, query, withOption, withoutPath } from "./address.js";
import { Controls } from "./controls.js";
import { Results } from "./results.js";
import { OverTime } from "./overtime.js";

const WAIT = 80; // ms that a slider must rest before the question is asked

const page = {
  about: null, // what the scenario is and what can be moved
  patch: [], // pairs of an address: what is changed
  more: {}, // replications and margin
  state: null, // where controls stand, what is changed in words
  moving: {}, // positions of sliders that the server has not confirmed yet
  told: null, // what is known so far
  fresh: false, // whether `told` is about the present patch
  problems: [],
  asked: 0,
  firstAfter: null,
  enoughAfter: null,
  lost: false,
  pool: "",
  series: null,
};

let stream = null;
let timer = null;

function draw() {
  render(html`<${Page} page=${page} act=${act} />`, document.getElementById("page"));
}

function change(what) {
  Object.assign(page, what);
  draw();
}

function ask(moves = []) {
  window.clearTimeout(timer);
  if (stream) stream.close();
  change({ fresh: false, waiting: null, problems: [], lost: false, asked: performance.now(), firstAfter: null, enoughAfter: null });
  stream = new EventSource(`/answers?${query(page.patch, page.more, ...moves)}`);
  const mine = stream;
  const hear = (name, what) =>
    mine.addEventListener(name, (event) => {
      if (mine === stream) what(JSON.parse(event.data));
    });
  hear("state", (state) => {
    page.patch = state.address;
    intoLocation(page.patch, page.more);
    change({ state, moving: {} });
  });
  hear("problems", ({ problems }) => {
    mine.close();
    change({ problems, moving: {} });
  });
  hear("answer", (told) => {
    const seconds = (performance.now() - page.asked) / 1000;
    if (told.done) mine.close();
    const something = told.look || told.pairs;
    // what the last patch came to stays until there is something to say of this one
    if (!page.fresh && !something && !told.failures.length) return change({ waiting: told });
    if (page.firstAfter === null && something) page.firstAfter = seconds;
    if (page.enoughAfter === null && told.answer && told.answer.enough && told.answer.enough.enough) {
      page.enoughAfter = seconds;
    }
    const more = !page.told || told.pairs !== page.told.pairs || !page.fresh;
    change({ told, fresh: true, waiting: null });
    if (more && told.pairs) showOverTime();
  });
  mine.onerror = () => {
    if (mine !== stream || mine.readyState === EventSource.CLOSED && page.told && page.told.done) return;
    mine.close();
    change({ lost: true });
  };
}

async function showOverTime(pool = page.pool) {
  const known = page.told && (page.told.answer || page.told.baseline);
  if (!known) return;
  const named = known.seen.some((each) => each.name === pool);
  const chosen = named ? pool : (known.seen[0] && known.seen[0].name) || "";
  if (!chosen) return;
  const text = query(page.patch, page.more, ["pool", chosen]);
  const answer = await fetch(`/over-time?${text}`).catch(() => null);
  if (answer && answer.ok && text === query(page.patch, page.more, ["pool", chosen])) {
    change({ pool: chosen, series: await answer.json() });
  }
}

const act = {
  move(path, position) {
    page.moving = { ...page.moving, [path]: position };
    page.patch = withoutPath(page.patch, path);
    draw();
    window.clearTimeout(timer);
    const moves = Object.entries(page.moving).map(([name, at]) => ["move", `${name}=${at}`]);
    timer = window.setTimeout(() => ask(moves), WAIT);
  },
  reset(path) {
    page.patch = withoutPath(page.patch, path);
    ask();
  },
  option(name, on) {
    page.patch = withOption(page.patch, name, on);
    ask();
  },
  nothing() {
    page.patch = [];
    ask();
  },
  stop() {
    if (stream) stream.close();
    stream = null;
    const ended = { done: true, stopped: true };
    const nothing = { ready: true, wanted: page.told ? page.told.wanted : page.about.replications, pairs: 0 };
    if (page.fresh) change({ told: { ...page.told, ...ended } });
    else change({ waiting: { ...(page.waiting || nothing), ...ended } });
  },
  again() {
    ask();
  },
  further() {
    page.more = { ...page.more, replications: (page.told ? page.told.wanted : page.about.replications) + page.about.replications };
    ask();
  },
  margin(text) {
    page.more = { ...page.more, margin: text };
    ask();
  },
  pool(name) {
    change({ pool: name });
    showOverTime(name);
  },
  async load(file) {
    if (!file) return;
    const body = await file.text();
    const answer = await fetch("/patch", { method: "POST", body, headers: { "content-type": "application/yaml" } });
    const told = await answer.json().catch(() => ({ problems: ["The file could not be read."] }));
    if (told.problems) return change({ problems: told.problems });
    page.patch = told.address;
    ask();
  },
  saved() {
    return `/patch.yaml?${query(page.patch, page.more)}`;
  },
};

function Page({ page, act }) {
  if (!page.about) return html`<p>Reading the scenario …</p>`;
  const about = page.about;
  return html`
    <header>
      <h1>${about.title}</h1>
      <p class="lead">Change something, and see what comes of it. The same ${about.people ? `${about.people.toLocaleString("en-GB")} ` : ""}people,
        with the same luck, are run with your change and without it, so that what differs is the change.</p>
    </header>
    <div class="columns">
      <${Controls} page=${page} act=${act} />
      <main id="results">
        <${Results} page=${page} act=${act} />
        <${OverTime} page=${page} act=${act} />
        <footer>
          ${about.description && html`<p>${about.description}</p>`}
          ${about.not_for && html`<p><strong>Not for:</strong> ${about.not_for}</p>`}
          <p>Intervals are of luck alone, given the inputs of the scenario. Everything here is worked out on this
            machine; the page asks for nothing from anywhere else.</p>
        </footer>
      </main>
    </div>`;
}

async function begin() {
  Object.assign(page, fromLocation());
  const answer = await fetch("/scenario").catch(() => null);
  if (!answer || !answer.ok) {
    document.getElementById("page").textContent = "The server does not answer. Start urgentflow explore again.";
    return;
  }
  page.about = await answer.json();
  document.getElementById("page").textContent = "";
  document.title = `${page.about.title} – urgentflow`;
  draw();
  ask();
}

window.addEventListener("popstate", () => {
  Object.assign(page, fromLocation());
  ask();
});
begin();
