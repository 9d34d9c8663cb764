// Preact and htm, put together once: html`<p>${text}</p>` is an element, and text stays text.
import { h, render } from "./vendor/preact.module.js";
import htm from "./vendor/htm.module.js";

export const html = htm.bind(h);
export { render };
