// Reads the example queries: operations parted by comments that give titles and variables. Where an example says what to
// find, each text of its variables is a path into the answer.

import { ask } from "./server.js";

const mark = /^# (uk|en|find|variables): (.*)$/;

export async function examples() {
  const text = await (await fetch("/explorer/examples.graphql")).text();
  return Promise.all(text.split(/\n(?=# uk: )/).map(read).map(filled));
}

// The example with what it finds in its variables; what is not found is left for the person to fill in.
async function filled(example) {
  if (!example.find) return example;
  const answer = await ask({ query: example.find }).catch(() => ({}));
  const at = (path) => path.split(".").reduce((value, step) => value?.[step], answer.data);
  const isPath = (text) => /^[a-z]+(\.\w+)+$/i.test(text);
  const put = (_, value) => (typeof value === "string" && isPath(value) ? (at(value) ?? "") : value);
  return { ...example, variables: JSON.stringify(JSON.parse(example.variables, put), null, 2) };
}

function read(block) {
  const example = { uk: "", en: "", find: "", variables: "", query: "" };
  const rest = [];
  for (const line of block.split("\n")) {
    const [, key, value] = mark.exec(line) ?? [];
    if (key) example[key] = value;
    else rest.push(line);
  }
  example.query = rest.join("\n").trim();
  if (example.variables) example.variables = JSON.stringify(JSON.parse(example.variables), null, 2);
  return example;
}
