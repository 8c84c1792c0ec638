// Renditions and captions: what hls.js knows, as media-chrome's menus show it.

// Feeds the quality menu through the media-tracks polyfill; -1, "Auto", gives the choice back.
function offerRenditions(Hls, hls, video) {
  hls.on(Hls.Events.MANIFEST_PARSED, (_event, data) => {
    for (const track of [...video.videoTracks]) video.removeVideoTrack(track);
    const main = video.addVideoTrack("main");
    main.selected = true;
    data.levels.forEach(({ url, width, height, videoCodec, bitrate }, index) => {
      main.addRendition(url[0], width, height, videoCodec, bitrate).id = String(index);
    });
  });
  const onChange = () => {
    const chosen = video.videoRenditions.selectedIndex;
    if (chosen !== hls.nextLevel) hls.nextLevel = chosen;
  };
  video.videoRenditions.addEventListener("change", onChange);
  return () => video.videoRenditions.removeEventListener("change", onChange);
}

// Captions are native text tracks. Which one shows when a film starts:
// 1. what the viewer chose last, on this device: off, or on in that language (else the browser's,
//    else the film's default);
// 2. nobody chose yet: none, but for a film that has to start without sound. `c` and the menu then
//    take the browser's language first.
const CAPTIONS_KEY = "portal.captions";
// What media-chrome dispatches when the viewer chooses; not what code does to the tracks.
const CAPTION_CHOICES = [
  "mediashowsubtitlesrequest",
  "mediadisablesubtitlesrequest",
  "mediatogglesubtitlesrequest",
];

function storedCaptions() {
  try {
    const stored = JSON.parse(localStorage.getItem(CAPTIONS_KEY) || "null");
    return typeof stored?.on === "boolean" ? stored : null;
  } catch {
    return null; // storage is forbidden, or somebody else wrote there
  }
}

function storeCaptions(chosen) {
  try {
    localStorage.setItem(CAPTIONS_KEY, JSON.stringify(chosen));
  } catch {
    // the choice holds for this page
  }
}

const baseLanguage = (tag) => (tag || "").toLowerCase().split("-")[0];

// Index of the track to show for a viewer who wants captions; tracks have `lang` and `default`.
function captionTrackFor(tracks, language, languages) {
  const wanted = [language, ...languages].filter(Boolean);
  for (const tag of wanted) {
    const same = tracks.findIndex((track) => track.lang === tag);
    if (same >= 0) return same;
    const near = tracks.findIndex((track) => baseLanguage(track.lang) === baseLanguage(tag));
    if (near >= 0) return near;
  }
  return Math.max(0, tracks.findIndex((track) => track.default));
}

function rememberCaptions(Hls, hls, video, controller) {
  let settled = false;
  const settle = () => {
    const tracks = hls.subtitleTracks;
    if (settled || !tracks.length) return;
    settled = true;
    const stored = storedCaptions();
    hls.subtitleDisplay = true;
    hls.subtitleTrack = (stored ? stored.on : video.muted && video.autoplay)
      ? captionTrackFor(tracks, stored?.language, navigator.languages)
      : -1;
  };
  const onChoice = () => {
    // The request is handled by media-chrome first; hls.js follows the mode of the text tracks.
    setTimeout(() => {
      const isShown = ({ mode, kind }) => mode === "showing" && /captions|subtitles/.test(kind);
      const shown = [...video.textTracks].find(isShown);
      const language = shown?.language || storedCaptions()?.language || "";
      storeCaptions({ on: Boolean(shown), language });
    }, 0);
  };
  // hls.js selects its default track right after this event.
  hls.on(Hls.Events.SUBTITLE_TRACKS_UPDATED, () => setTimeout(settle, 0));
  for (const name of CAPTION_CHOICES) controller.addEventListener(name, onChoice);
  return () => {
    for (const name of CAPTION_CHOICES) controller.removeEventListener(name, onChoice);
  };
}
