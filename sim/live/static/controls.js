// What can be moved: switches for options, a slider for each value, and what has been changed.
import { html } from "./html.js";

export function Controls({ page, act }) {
  const { about } = page;
  const groups = [...new Set(about.controls.map((each) => each.group))];
  return html`
    <section class="controls" aria-labelledby="change">
      <h2 id="change">1. What you change</h2>
      <${Changed} page=${page} act=${act} />
      ${about.options.length > 0 && html`<${Options} page=${page} act=${act} />`}
      ${groups.map((group, place) => html`<${Group} key=${group} name=${group} open=${place === 0} page=${page} act=${act} />`)}
    </section>`;
}

function Changed({ page, act }) {
  const words = page.state ? page.state.words : [];
  const something = page.patch.length > 0;
  return html`
    <div class="changed">
      ${page.problems.length > 0 &&
      html`<div role="alert" class="problems"><p>This cannot be run:</p>
        <ul>${page.problems.map((each) => html`<li>${each}</li>`)}</ul></div>`}
      ${!something && html`<p class="quiet">Nothing yet: this is the baseline.</p>`}
      ${something &&
      html`<ul class="words" aria-label="Changes from the baseline">${words.map((line) =>
        html`<li class=${line.startsWith("  ") ? "inner" : ""}>${line.trim()}</li>`)}</ul>`}
      <p class="buttons">
        <button type="button" disabled=${!something} onClick=${act.nothing}>Back to the baseline</button>
        <a class=${something ? "button" : "button off"} href=${something ? act.saved() : undefined}
          aria-disabled=${something ? undefined : "true"} download="explored.yaml">Save as YAML</a>
        <label class="button file">Load YAML<input type="file" accept=".yaml,.yml"
          onChange=${(event) => { act.load(event.target.files[0]); event.target.value = ""; }} /></label>
      </p>
      ${something && page.state && html`<p class="quiet small">The same from a terminal, with what is saved here:${" "}
        <code>${page.state.command}</code></p>`}
    </div>`;
}

function Options({ page, act }) {
  const on = page.patch.filter(([word]) => word === "with").map(([, name]) => name);
  return html`
    <fieldset><legend>Options</legend>
      ${page.about.options.map(({ name, title }) => html`
        <label class="switch" key=${name}><input type="checkbox" checked=${on.includes(name)}
          onChange=${(event) => act.option(name, event.target.checked)} /> ${title}</label>`)}
    </fieldset>`;
}

function Group({ name, open, page, act }) {
  const mine = page.about.controls.filter((each) => each.group === name);
  const seen = mine.filter((each) => !each.folded || changed(page, each.path));
  const hidden = mine.filter((each) => !seen.includes(each));
  const touched = mine.some((each) => changed(page, each.path));
  return html`
    <details class="group" open=${open || touched}>
      <summary><h3>${name}</h3></summary>
      ${seen.map((each) => html`<${Slider} key=${each.path} control=${each} page=${page} act=${act} />`)}
      ${hidden.length > 0 && html`<details class="more"><summary>${hidden.length} more</summary>
        ${hidden.map((each) => html`<${Slider} key=${each.path} control=${each} page=${page} act=${act} />`)}</details>`}
    </details>`;
}

function changed(page, path) {
  return path in page.moving || page.patch.some(([word, text]) => word === "set" && text.startsWith(`${path}=`));
}

function Slider({ control, page, act }) {
  const stands = page.state && page.state.positions[control.path];
  const id = `move-${control.path}`;
  if (!stands) {
    const why = control.needs.length ? `only with ${control.needs.join(" or ")}` : "not in this world";
    return html`<div class="slider off"><span>${control.title}</span> <span class="quiet small">${why}</span></div>`;
  }
  const at = control.path in page.moving ? page.moving[control.path] : stands.at;
  const low = Math.min(control.low, at);
  const high = Math.max(control.high, at);
  const away = Math.abs(at - stands.start) > control.step / 1000;
  const move = (event) => act.move(control.path, Number(event.target.value));
  return html`
    <div class=${away ? "slider away" : "slider"}>
      <label for=${id}>${control.title}</label>
      <output for=${id}>${stands.odd && !(control.path in page.moving) ? "as in the file loaded" : shown(control, at)}</output>
      <span class="row">
        <button type="button" aria-label=${`Less: ${control.title}`} disabled=${at <= low}
          onClick=${() => act.move(control.path, tidy(Math.max(low, at - control.step)))}>−</button>
        <input type="range" id=${id} min=${low} max=${high} step=${control.step} value=${at}
          aria-valuetext=${shown(control, at)} onInput=${move} />
        <button type="button" aria-label=${`More: ${control.title}`} disabled=${at >= high}
          onClick=${() => act.move(control.path, tidy(Math.min(high, at + control.step)))}>+</button>
      </span>
      ${away && html`<span class="small was">${control.moves === "add" ? "" : `was ${shown(control, stands.start)} `}
        <button type="button" class="link" onClick=${() => act.reset(control.path)}
          aria-label=${`Put back: ${control.title}`}>put back</button></span>`}
    </div>`;
}

function tidy(number) {
  return Number(number.toPrecision(12));
}

function shown(control, number) {
  const text = tidy(number).toLocaleString("en-GB", { maximumFractionDigits: 6 });
  if (control.moves !== "add") return control.unit ? `${text} ${control.unit}` : text;
  if (number === 0) return "as it is";
  return `${number > 0 ? "+" : "−"}${text.replace("-", "")} ${control.unit}`;
}
