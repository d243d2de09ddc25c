// GraphiQL with the page's token and language, and one tab for each example.

import { ask } from "./server.js";
import { locale } from "./words.js";

// Its tabs are kept in the browser; when the examples change, they start anew.
const kept = "mistok:examples";

export async function show(main, examples, revision) {
  style(`/explorer/graphiql.css?${revision}`);
  for (const name of ["react", "react-dom", "graphiql"]) await script(`/explorer/${name}.js?${revision}`);
  const { React, ReactDOM } = window;
  const GraphiQL = window.GraphiQL.GraphiQL ?? window.GraphiQL;

  const matches = examples.findIndex((example) => example.query.startsWith("query Matches"));
  const tabs = [examples[matches], ...examples.filter((_, index) => index !== matches)].map((example) => ({
    query: `# ${example[locale()]}\n${example.query}`,
    variables: example.variables,
    headers: "",
  }));
  const now = JSON.stringify(examples);
  if (localStorage.getItem(kept) !== now) {
    for (const part of ["tabState", "headers", "operationName"]) localStorage.removeItem(`graphiql:${part}`);
    // The tab that is open first shows what is kept for the editors, not what its tab says.
    localStorage.setItem("graphiql:query", tabs[0].query);
    localStorage.setItem("graphiql:variables", tabs[0].variables);
    localStorage.setItem(kept, now);
  }

  main.className = "graphiql";
  const place = document.createElement("div");
  place.className = "graphiql-place";
  main.replaceChildren(place);
  const root = ReactDOM.createRoot(place);
  root.render(
    React.createElement(GraphiQL, {
      fetcher: (request, options) => ask(request, options?.headers),
      defaultTabs: tabs,
      defaultEditorToolsVisibility: "variables",
      shouldPersistHeaders: false,
    }),
  );
  return {
    speak() {},
    close() {
      root.unmount();
      main.replaceChildren();
    },
  };
}

function script(address) {
  if (document.querySelector(`script[src="${address}"]`)) return Promise.resolve();
  return new Promise((loaded, failed) => {
    const element = Object.assign(document.createElement("script"), { src: address, onload: loaded, onerror: failed });
    document.head.append(element);
  });
}

function style(address) {
  if (document.querySelector(`link[href="${address}"]`)) return;
  document.head.prepend(Object.assign(document.createElement("link"), { rel: "stylesheet", href: address }));
}
