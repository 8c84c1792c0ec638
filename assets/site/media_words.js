// media-chrome's own words in the document's language. Imported before its elements: they ask for
// their words when they are made. The messages are listed in portal/components/player/media_words.py.
import { addTranslation, setLanguage } from "media-chrome/dist/utils/i18n.js";

const CONTEXT = "player\u0004";
const { code = "en", words = {} } = globalThis.__portalWords ?? {};
const ours = Object.entries(words).filter(([key]) => key.startsWith(CONTEXT));
if (ours.length) {
  addTranslation(code, Object.fromEntries(ours.map(([key, said]) => [key.slice(CONTEXT.length), said])));
}
// Not the browser's language: the page's.
setLanguage(code);
