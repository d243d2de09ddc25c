// One call of the API, with the page's token and language.

import { locale, word } from "./words.js";

const kept = "mistok:token";
const token = document.getElementById("token");
token.value = sessionStorage.getItem(kept) ?? "";
token.addEventListener("input", () => sessionStorage.setItem(kept, token.value.trim()));

// Runs {query, variables, operationName} and returns the answer; `headers` come before the page's own.
export async function ask(request, headers = {}) {
  const all = { "content-type": "application/json", accept: "application/graphql-response+json, application/json", "accept-language": locale() };
  if (token.value.trim()) all.authorization = `Bearer ${token.value.trim()}`;
  for (const [name, value] of Object.entries(headers)) all[name.toLowerCase()] = value;
  let response;
  try {
    response = await fetch("/graphql", { method: "POST", headers: all, body: JSON.stringify(request), credentials: "omit" });
  } catch {
    throw new Error(word("unreachable"));
  }
  let answer;
  try {
    answer = await response.json();
  } catch {
    throw new Error(`${word("notGraphql")} ${response.status}`);
  }
  adopt(answer?.data?.signIn?.accessToken);
  return answer;
}

// A token that a sign-in gave is used from then on.
function adopt(given) {
  if (!given) return;
  token.value = given;
  sessionStorage.setItem(kept, given);
  document.dispatchEvent(new CustomEvent("mistok:notice", { detail: "signedIn" }));
}
