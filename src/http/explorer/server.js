// One call of the API, with the page's token and language.

import { locale, word } from "./words.js";

const kept = "mistok:token";
const keptRefresh = "mistok:refresh";
const token = document.getElementById("token");
token.value = sessionStorage.getItem(kept) ?? "";
token.addEventListener("input", () => {
  sessionStorage.setItem(kept, token.value.trim());
  sessionStorage.removeItem(keptRefresh); // it belongs to another sign-in
});

// Runs {query, variables, operationName} and returns the answer; `headers` come before the page's own. A token whose time is
// over is replaced by the next one, where a sign-in gave what it takes.
export async function ask(request, headers = {}) {
  let [status, answer] = await send(request, headers);
  if (status === 401 && sessionStorage.getItem(keptRefresh) && (await refresh())) [, answer] = await send(request, headers);
  adopt(answer?.data?.signIn ?? answer?.data?.refreshSession);
  return answer;
}

async function send(request, headers) {
  const all = { "content-type": "application/json", accept: "application/graphql-response+json, application/json", "accept-language": locale() };
  if (token.value.trim()) all.authorization = `Bearer ${token.value.trim()}`;
  for (const [name, value] of Object.entries(headers)) all[name.toLowerCase()] = value;
  let response;
  try {
    response = await fetch("/graphql", { method: "POST", headers: all, body: JSON.stringify(request), credentials: "omit" });
  } catch {
    throw new Error(word("unreachable"));
  }
  try {
    return [response.status, await response.json()];
  } catch {
    throw new Error(`${word("notGraphql")} ${response.status}`);
  }
}

// A refresh token is good once, so it is let go before it is used, and the token that is over goes with it.
async function refresh() {
  const variables = { input: { refreshToken: sessionStorage.getItem(keptRefresh) } };
  sessionStorage.removeItem(keptRefresh);
  keep("");
  const query = "mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { accessToken refreshToken userErrors { code } } }";
  const [, answer] = await send({ query, variables }, {});
  const given = answer?.data?.refreshSession;
  if (given?.accessToken) keep(given.accessToken, given.refreshToken);
  return Boolean(given?.accessToken);
}

function keep(access, next) {
  token.value = access;
  sessionStorage.setItem(kept, access);
  if (next) sessionStorage.setItem(keptRefresh, next);
}

// Tokens that a sign-in gave are used from then on.
function adopt(given) {
  if (!given?.accessToken) return;
  sessionStorage.removeItem(keptRefresh);
  keep(given.accessToken, given.refreshToken);
  document.dispatchEvent(new CustomEvent("mistok:notice", { detail: "signedIn" }));
}
