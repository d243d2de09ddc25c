// Puts the page together: its language, its view and its notices.

import { examples } from "./examples.js";
import * as graphiql from "./graphiql-view.js";
import * as plain from "./plain-view.js";
import "./server.js";
import { locale, speak, translate, word } from "./words.js";

const main = document.getElementById("main");
const notice = document.getElementById("notice");
const viewSwitch = document.getElementById("view");
const revision = document.body.dataset.graphiql;
const kept = "mistok:view";
const wide = matchMedia("(min-width: 800px)");

let view;
let said;

function tell(key) {
  said = key;
  notice.hidden = !key;
  notice.textContent = key ? word(key) : "";
}

function words() {
  document.documentElement.lang = locale();
  document.title = word("title");
  translate(document);
  for (const button of document.querySelectorAll("[data-locale]")) button.setAttribute("aria-pressed", String(button.dataset.locale === locale()));
  viewSwitch.textContent = word(viewSwitch.dataset.to ?? "plain");
  if (said) tell(said);
}

async function open(name, all) {
  view?.close();
  if (name === "graphiql") {
    try {
      view = await graphiql.show(main, all, revision);
    } catch (problem) {
      console.error(problem);
      name = "plain";
      tell("unloaded");
    }
  }
  if (name === "plain") view = plain.show(main, all);
  viewSwitch.dataset.to = name === "plain" ? "graphiql" : "plain";
  words();
}

document.getElementById("access").addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("mistok:notice", (event) => tell(event.detail));
for (const button of document.querySelectorAll("[data-locale]")) {
  button.addEventListener("click", () => {
    speak(button.dataset.locale);
    words();
    view?.speak();
  });
}

words();
const all = await examples();
viewSwitch.hidden = !revision;
viewSwitch.addEventListener("click", () => {
  localStorage.setItem(kept, viewSwitch.dataset.to);
  open(viewSwitch.dataset.to, all);
});
if (!revision) tell("without");
const wished = localStorage.getItem(kept) ?? (wide.matches ? "graphiql" : "plain");
await open(revision ? wished : "plain", all);
