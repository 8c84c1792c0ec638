// How captions look: chosen by the viewer, kept on this device, shown on the film as it is chosen.

const CAPTION_STYLE_KEY = "portal.caption-style";
// Each setting: its words, its choices with their words, and the one that holds without a choice.
// These are the properties that 47 CFR 79.103(c) names; a device that has its own may still win.
const CAPTION_STYLE = {
  size: [known("Size"), { 75: known("Small"), 100: known("Normal"), 140: known("Large"), 190: known("Very large") }, "100"],
  font: [known("Font"), { sans: known("Plain"), serif: known("Serif"), mono: known("Typewriter"), casual: known("Handwriting") }, "sans"],
  color: [known("Text"), { white: known("White"), yellow: known("Yellow"), cyan: known("Cyan"), green: known("Green") }, "white"],
  background: [known("Background"), { dim: known("Dim"), solid: known("Solid"), none: known("None") }, "dim"],
  edge: [known("Edge"), { none: known("None"), shadow: known("Shadow"), outline: known("Outline") }, "none"],
  position: [known("Position"), { bottom: known("Below"), top: known("Above") }, "bottom"],
};
const CAPTION_FONTS = {
  sans: "var(--player-font)",
  serif: "Georgia, 'Times New Roman', serif",
  mono: "ui-monospace, 'DejaVu Sans Mono', 'Courier New', monospace",
  casual: "'Comic Neue', 'Comic Sans MS', 'Segoe Print', cursive",
};
const CAPTION_COLORS = { white: "#fff", yellow: "#ffe94a", cyan: "#6ff3ff", green: "#8dff8d" };
const CAPTION_BACKGROUNDS = { dim: "rgb(0 0 0 / .76)", solid: "#000", none: "transparent" };
const CAPTION_EDGES = {
  none: "none",
  shadow: "2px 2px 3px #000, 0 0 6px #000",
  outline: "-1.5px -1.5px 0 #000, 1.5px -1.5px 0 #000, -1.5px 1.5px 0 #000, 1.5px 1.5px 0 #000, 0 0 3px #000",
};

const captionStyleDefaults = () =>
  Object.fromEntries(Object.entries(CAPTION_STYLE).map(([name, [, , usual]]) => [name, usual]));

function storedCaptionStyle() {
  const style = captionStyleDefaults();
  try {
    const stored = JSON.parse(localStorage.getItem(CAPTION_STYLE_KEY) || "{}");
    for (const name of Object.keys(style)) {
      if (Object.hasOwn(CAPTION_STYLE[name][1], stored[name])) style[name] = stored[name];
    }
  } catch {
    // storage is forbidden, or somebody else wrote there
  }
  return style;
}

function storeCaptionStyle(style) {
  try {
    localStorage.setItem(CAPTION_STYLE_KEY, JSON.stringify(style));
  } catch {
    // the choice holds for this page
  }
}

// The declarations of a style, for the cues and for the sample.
function captionDeclarations({ size, font, color, background, edge }) {
  return (
    `font: 600 ${(0.86 * Number(size)) / 100}em/1.4 ${CAPTION_FONTS[font]};` +
    ` color: ${CAPTION_COLORS[color]}; background: ${CAPTION_BACKGROUNDS[background]};` +
    ` text-shadow: ${CAPTION_EDGES[edge]};`
  );
}

// Cues stand where the author put them; a viewer who wants them above gets those that stand below
// by default moved there. `line` of a cue is only set where the author set none.
function placeCues(video, position) {
  const line = position === "top" ? 0 : "auto";
  for (const track of video.textTracks) {
    for (const cue of track.cues || []) {
      if (cue.portalPlaced || cue.line === "auto") {
        cue.portalPlaced = true;
        cue.line = line;
      }
    }
  }
}

// Keeps the cues that come with the film where the viewer wants them.
function usePlacedCues(video, position) {
  useEffect(() => {
    const element = video.current;
    const place = () => placeCues(element, position);
    place();
    const tracks = element.textTracks;
    const onTrack = ({ track }) => track.addEventListener("cuechange", place);
    for (const track of tracks) onTrack({ track });
    tracks.addEventListener("addtrack", onTrack);
    tracks.addEventListener("change", place);
    return () => {
      tracks.removeEventListener("addtrack", onTrack);
      tracks.removeEventListener("change", place);
      for (const track of tracks) track.removeEventListener("cuechange", place);
    };
  }, [position]);
}

function CaptionStyleDialog({ dialog, style, onChange }) {
  const fields = Object.entries(CAPTION_STYLE).map(([name, [words, choices]]) =>
    jsx(
      "fieldset",
      { key: name, className: "cs-field" },
      jsx("legend", {}, t(words)),
      // Integer-like keys of an object come first and in their order: as the sizes should.
      ...Object.entries(choices).map(([value, label]) =>
        jsx(
          "label",
          { key: value },
          jsx("input", {
            type: "radio",
            name: `caption-${name}`,
            value,
            checked: style[name] === value,
            onChange: () => onChange({ ...style, [name]: value }),
          }),
          jsx("span", {}, t(label)),
        ),
      ),
    ),
  );
  return jsx(
    "dialog",
    { ref: dialog, className: "player-dialog caption-style", "aria-labelledby": "caption-style-title" },
    jsx("h2", { id: "caption-style-title" }, t("Captions")),
    jsx(
      "p",
      { className: "cs-sample", "data-position": style.position, "aria-hidden": true },
      jsx("span", { className: "cs-words" }, t("That was the last train.")),
    ),
    jsx("div", { className: "cs-fields" }, ...fields),
    jsx(
      "form",
      { method: "dialog" },
      jsx("button", { className: "btn btn-primary" }, t("Done")),
      button(t("As it was"), () => onChange(captionStyleDefaults()), "btn btn-quiet"),
    ),
  );
}
