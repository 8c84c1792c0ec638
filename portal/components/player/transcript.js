// What is said, beside the film: follows it, leads to the second of each line, and can be searched.

const ENTITIES = { amp: "&", lt: "<", gt: ">", nbsp: " ", lrm: "\u200e", rlm: "\u200f" };
const TIMING = /^((?:\d+:)?\d\d:\d\d\.\d{3})\s+-->\s+((?:\d+:)?\d\d:\d\d\.\d{3})/;

const secondsOf = (time) => time.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);

// Words of a cue: a voice's name is said, other tags are not (W3C WebVTT, cue text).
const cueWords = (text) =>
  text
    .replace(/<v(?:\.[^\s>]*)?\s+([^>]+)>/g, "$1: ")
    .replace(/<[^>]*>/g, "")
    .replace(/&(amp|lt|gt|nbsp|lrm|rlm);/g, (_all, name) => ENTITIES[name])
    .replace(/\s+/g, " ")
    .trim();

// Cues of a WebVTT file as the portal sends it: checked and written by its own parser.
function parseCues(text) {
  const cues = [];
  for (const block of text.replace(/\r\n?/g, "\n").split(/\n{2,}/)) {
    const lines = block.split("\n");
    const at = lines.findIndex((line) => TIMING.test(line));
    if (at < 0) continue;
    const [, start, end] = TIMING.exec(lines[at]);
    const words = cueWords(lines.slice(at + 1).join("\n"));
    if (words) cues.push({ start: secondsOf(start), end: secondsOf(end), words });
  }
  return cues;
}

// Index of the line that is said at a second, or the last one before it; -1 before the first.
function lineAt(cues, at) {
  let low = 0;
  let high = cues.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cues[middle].start <= at + 0.05) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function useCues(film, tracks, language) {
  const [loaded, setLoaded] = useState({ language: "", cues: [], failed: false });
  const [tries, setTries] = useState(0);
  const track = tracks.find(({ lang }) => lang === language);
  useEffect(() => {
    if (!track) return undefined;
    let isCurrent = true;
    film.current
      .readCaptions(track.url)
      .then((text) => isCurrent && setLoaded({ language, cues: parseCues(text), failed: false }))
      .catch(() => isCurrent && setLoaded({ language, cues: [], failed: true }));
    return () => {
      isCurrent = false;
    };
  }, [track?.url, tries]);
  const isLoading = Boolean(track) && loaded.language !== language;
  return { ...loaded, isLoading, again: () => setTries((before) => before + 1) };
}

const wordsWithMarks = (words, wanted) => {
  if (!wanted) return words;
  const parts = words.split(new RegExp(`(${wanted.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")})`, "gi"));
  return parts.map((part, index) => (index % 2 ? jsx("mark", { key: index }, part) : part));
};

// Marks the line that is said, and keeps it in sight until the viewer scrolls away themselves.
function useFollowing(video, list, cues, isFollowing) {
  useEffect(() => {
    const element = video.current;
    let shown = -2;
    const onTime = () => {
      const index = lineAt(cues, element.currentTime);
      if (index === shown) return;
      shown = index;
      list.current?.querySelector("[aria-current]")?.removeAttribute("aria-current");
      const line = list.current?.querySelector(`[data-line="${index}"]`);
      line?.setAttribute("aria-current", "true");
      if (!line || !isFollowing) return;
      // Not scrollIntoView: that would move the page under the film as well.
      const box = list.current;
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      box.scrollTo({
        top: line.offsetTop - box.clientHeight / 2 + line.offsetHeight / 2,
        behavior: calm ? "auto" : "smooth",
      });
    };
    onTime();
    element.addEventListener("timeupdate", onTime);
    return () => element.removeEventListener("timeupdate", onTime);
  });
}

function Transcript({ film, video, tracks, onClose }) {
  const list = useRef(null);
  const [language, setLanguage] = useState("");
  const [wanted, setWanted] = useState("");
  const [isFollowing, setFollowing] = useState(true);
  const chosen = tracks.some(({ lang }) => lang === language)
    ? language
    : tracks[captionTrackFor(tracks, storedCaptions()?.language, navigator.languages)]?.lang || "";
  const { cues, failed, isLoading, again } = useCues(film, tracks, chosen);
  const text = wanted.trim().toLowerCase();
  const found = cues
    .map((cue, index) => ({ ...cue, index }))
    .filter(({ words }) => !text || words.toLowerCase().includes(text));
  useFollowing(video, list, cues, isFollowing && !text);

  const seek = (at) => {
    video.current.currentTime = at;
    setFollowing(true);
  };
  const lines = found.map(({ start, words, index }) =>
    jsx(
      "li",
      { key: index },
      jsx(
        "button",
        { type: "button", className: "ts-line", "data-line": index, onClick: () => seek(start) },
        jsx("span", { className: "ts-time" }, clockTime(start)),
        jsx("span", { dir: "auto" }, ...[].concat(wordsWithMarks(words, wanted.trim()))),
      ),
    ),
  );
  const told = () => {
    if (failed) return t("The transcript cannot be loaded right now.");
    if (isLoading) return t("Loading the transcript…");
    if (!text) return "";
    return found.length
      ? tn("{found} of {n} line", "{found} of {n} lines", cues.length, { found: found.length })
      : t("Nobody says that.");
  };
  return jsx(
    "aside",
    { className: "transcript", "aria-label": t("Transcript") },
    jsx(
      "div",
      { className: "ts-head" },
      jsx("h2", {}, t("Transcript")),
      tracks.length > 1
        ? jsx(
            "select",
            {
              className: "field select ts-language",
              "aria-label": t("Language of the transcript"),
              value: chosen,
              onChange: (event) => setLanguage(event.target.value),
            },
            ...tracks.map(({ lang, name }) => jsx("option", { key: lang, value: lang }, name)),
          )
        : null,
      button(t("Close"), onClose, "btn btn-quiet ts-close"),
    ),
    jsx("input", {
      type: "search",
      className: "field ts-search",
      placeholder: t("Find a line"),
      "aria-label": t("Find a line in the transcript"),
      value: wanted,
      onChange: (event) => setWanted(event.target.value),
    }),
    jsx(
      "p",
      { role: "status", className: "ts-told" },
      told(),
      failed ? button(t("Try again"), again, "note-action") : null,
    ),
    jsx(
      "ol",
      {
        ref: list,
        className: "ts-lines",
        lang: chosen,
        onWheel: () => setFollowing(false),
        onTouchMove: () => setFollowing(false),
      },
      ...lines,
    ),
    !isFollowing && !text
      ? button(t("Follow the film"), () => setFollowing(true), "btn btn-primary ts-follow")
      : null,
  );
}
