// Reads the example queries: operations parted by comments that give titles and variables.

const mark = /^# (uk|en|variables): (.*)$/;

export async function examples() {
  const text = await (await fetch("/explorer/examples.graphql")).text();
  return text.split(/\n(?=# uk: )/).map(read);
}

function read(block) {
  const example = { uk: "", en: "", variables: "", query: "" };
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
