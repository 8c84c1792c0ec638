// The interface's words. A message's key is its English text, so English needs no table: a document
// in another language loads one before everything else (portal/first_paint/wording.py), and stays in
// that language until it is left. Python's half is portal/components/i18n.py; docs/languages.md.
//
// The table: { code, locale, isolates, plural: (n) => index, words: { key: text or [forms] } }.
const table = () => globalThis.__portalWords;

// In a text from right to left a title in another script keeps its own direction (U+2068, U+2069).
const fill = (text, values) =>
  values
    ? text.replace(/\{(\w+)\}/g, (all, name) => {
        const value = values[name] ?? all;
        if (typeof value === "number") return number(value);
        return table()?.isolates ? `\u2068${value}\u2069` : value;
      })
    : text;

/** A number as the document's language writes it. */
export const number = (value) => Number(value).toLocaleString(table()?.locale ?? "en");

/** Marks a text that goes through `t` where it is shown. */
export const known = (text) => text;

/** A text of the interface: `t("Resumed at {time}", { time })`. */
export const t = (text, values) => fill(table()?.words[text] ?? text, values);

/** The same for words that mean several things: `tc("button", "Play")`. */
export const tc = (context, text, values) =>
  fill(table()?.words[`${context}\u0004${text}`] ?? text, values);

/** A text with a number, `{n}`, in the form that the language has for it. */
export const tn = (one, other, n, values) => {
  const words = table();
  const forms = words?.words[one];
  const text = forms ? forms[words.plural(n)] : n === 1 ? one : other;
  return fill(text, { ...values, n });
};
