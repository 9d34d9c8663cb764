// The address of the page says what is changed: with=OPTION, set=PATH=VALUE, replications, margin.

const KEPT = ["replications", "margin"];

export function fromLocation() {
  const said = new URLSearchParams(window.location.search);
  const patch = [...said].filter(([name]) => name === "with" || name === "set");
  const more = Object.fromEntries([...said].filter(([name]) => KEPT.includes(name)));
  return { patch, more };
}

export function query(patch, more, ...extra) {
  return new URLSearchParams([...patch, ...Object.entries(more), ...extra]).toString();
}

export function intoLocation(patch, more) {
  const text = query(patch, more);
  const address = text ? `?${text}` : window.location.pathname;
  if (window.location.search !== (text ? `?${text}` : "")) {
    window.history.replaceState(null, "", address);
  }
}

export function withOption(patch, name, on) {
  const others = patch.filter(([word, value]) => !(word === "with" && value === name));
  return on ? [...others, ["with", name]] : others;
}

export function withoutPath(patch, path) {
  return patch.filter(([word, value]) => !(word === "set" && value.startsWith(`${path}=`)));
}
