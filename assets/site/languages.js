// The page in other languages. The document's language is in its address and constant; another one
// is another document. `assets/portal.js` keeps the choice and what the address asks for.
import { createElement } from "react";
import { useLocation } from "react-router";

/** Links to this page in each language: `choices` is a list of { code, name, prefix }. */
export function LanguageLinks({ choices, ...props }) {
  const { pathname } = useLocation();
  const here = globalThis.__portalWords?.code ?? "en";
  const links = choices.map(({ code, name, prefix }) =>
    createElement(
      "li",
      { key: code },
      createElement(
        "a",
        {
          href: (prefix + pathname).replace(/(.)\/$/, "$1"),
          lang: code,
          hrefLang: code,
          "data-language": code,
          "aria-current": code === here ? "true" : undefined,
        },
        name,
      ),
    ),
  );
  return createElement("ul", { ...props, role: "list" }, links);
}
