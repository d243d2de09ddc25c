// The page's own words in both languages, and which language is on.

const words = {
  uk: {
    name: "Місток",
    title: "Місток: GraphQL",
    token: "Токен доступу",
    tokenHint: "без нього видно лише відкрите",
    schema: "Схема",
    language: "Мова",
    plain: "Простий вигляд",
    graphiql: "GraphiQL",
    examples: "Приклади",
    query: "Запит",
    variables: "Змінні (JSON)",
    run: "Виконати",
    runHint: "Ctrl+Enter",
    result: "Відповідь",
    empty: "Тут з’явиться відповідь.",
    running: "Виконується…",
    without: "GraphiQL не вбудовано: під час збирання npm не було або він не спрацював. Ця сторінка вміє те саме, лише без підказок.",
    signedIn: "Ви увійшли. Наступні запити йдуть із цим токеном.",
    notJson: "Змінні мають бути об’єктом JSON.",
    unreachable: "Сервер не відповідає.",
    notGraphql: "Сервер відповів не JSON; стан",
    unloaded: "Не вдалося завантажити GraphiQL.",
  },
  en: {
    name: "Mistok",
    title: "Mistok: GraphQL",
    token: "Access token",
    tokenHint: "without it, public data only",
    schema: "Schema",
    language: "Language",
    plain: "Plain view",
    graphiql: "GraphiQL",
    examples: "Examples",
    query: "Query",
    variables: "Variables (JSON)",
    run: "Run",
    runHint: "Ctrl+Enter",
    result: "Answer",
    empty: "The answer will be here.",
    running: "Running…",
    without: "GraphiQL is not built in: npm was missing or failed when this was built. This page does the same, only without completion.",
    signedIn: "You are signed in. The next requests carry this token.",
    notJson: "Variables must be a JSON object.",
    unreachable: "The server does not answer.",
    notGraphql: "The server did not answer in JSON; status",
    unloaded: "GraphiQL could not be loaded.",
  },
};

const kept = "mistok:locale";
const asked = localStorage.getItem(kept) ?? navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in words);
let current = asked in words ? asked : "uk";

export const locale = () => current;

export const word = (key) => words[current][key];

export function speak(locale) {
  current = locale;
  localStorage.setItem(kept, locale);
}

// Puts the words where the page's marks ask for them.
export function translate(root) {
  for (const element of root.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of root.querySelectorAll("[data-hint]")) element.placeholder = word(element.dataset.hint);
  for (const element of root.querySelectorAll("[data-label]")) element.setAttribute("aria-label", word(element.dataset.label));
}
