// The plain view: examples, a query, its variables and the answer. Works on a phone and by keyboard alone.

import { ask } from "./server.js";
import { locale, translate, word } from "./words.js";

const markup = `
  <section class="examples" aria-labelledby="examples-title">
    <h2 id="examples-title" data-word="examples"></h2>
    <ul></ul>
  </section>
  <form class="asked">
    <label for="query" data-word="query"></label>
    <textarea id="query" spellcheck="false" autocapitalize="off" rows="18" required></textarea>
    <label for="variables" data-word="variables"></label>
    <textarea id="variables" spellcheck="false" autocapitalize="off" rows="5"></textarea>
    <p><button type="submit" class="main"><span data-word="run"></span></button> <kbd data-word="runHint"></kbd></p>
  </form>
  <section class="answered" aria-labelledby="result-title">
    <h2 id="result-title" data-word="result"></h2>
    <pre id="result" tabindex="0" aria-live="polite" data-word="empty"></pre>
  </section>`;

export function show(main, examples) {
  main.className = "plain";
  main.innerHTML = markup;
  translate(main);
  const [query, variables, result, list] = ["#query", "#variables", "#result", ".examples ul"].map((selector) => main.querySelector(selector));

  const choose = (example) => {
    query.value = example.query;
    variables.value = example.variables;
    for (const button of list.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.example === example));
  };
  for (const example of examples) {
    const button = Object.assign(document.createElement("button"), { type: "button", example, textContent: example[locale()] });
    button.addEventListener("click", () => choose(example));
    const item = document.createElement("li");
    item.append(button);
    list.append(item);
  }
  choose(examples.find((example) => example.query.startsWith("query Matches")) ?? examples[0]);

  const say = (text) => {
    delete result.dataset.word;
    result.textContent = text;
  };
  const run = async () => {
    say(word("running"));
    let values;
    try {
      values = JSON.parse(variables.value.trim() || "{}");
    } catch {
      say(word("notJson"));
      variables.focus();
      return;
    }
    try {
      say(JSON.stringify(await ask({ query: query.value, variables: values }), null, 2));
    } catch (problem) {
      say(problem.message);
    }
  };
  const form = main.querySelector("form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  return {
    speak() {
      translate(main);
      for (const button of list.querySelectorAll("button")) button.textContent = button.example[locale()];
    },
    close() {
      main.replaceChildren();
    },
  };
}
