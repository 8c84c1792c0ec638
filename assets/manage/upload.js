// Files go by HTTP, with their progress; what came of them is then asked of the page's state.
import { createElement as h, useEffect, useId, useRef, useState } from "react";

const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

function send({ method, action, body, onProgress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, action);
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => {
      if (request.status < 300) resolve(request.response ?? {});
      else reject(new Error(request.response?.detail ?? `The server answered ${request.status}. Try again.`));
    };
    request.onerror = () => reject(new Error("The connection was lost. The file is still here: try again."));
    request.send(body);
  });
}

function useUpload({ action, method, onDone }) {
  const [progress, setProgress] = useState(-1); // -1: nothing is under way
  const [problem, setProblem] = useState("");
  const go = async (body) => {
    setProblem("");
    setProgress(0);
    try {
      const found = await send({ method, action, body, onProgress: setProgress });
      onDone(found.trackId ?? "");
      return true;
    } catch (error) {
      setProblem(error.message);
      return false;
    } finally {
      setProgress(-1);
    }
  };
  return { progress, problem, setProblem, go, isBusy: progress >= 0 };
}

function Progress({ value }) {
  if (value < 0) return null;
  const isSent = value >= 1;
  return h("div", { className: "progress", role: "status" },
    h("progress", { value: isSent ? undefined : value, max: 1, "aria-label": "Upload" }),
    h("span", null, isSent ? "Checking…" : `${Math.round(value * 100)} % sent`));
}

function FileZone({ id, accept, maxBytes, words, file, onFile, onProblem }) {
  const [isOver, setOver] = useState(false);
  const take = (chosen) => {
    if (!chosen) return;
    if (chosen.size > maxBytes) onProblem(`The file has ${size(chosen.size)}; up to ${size(maxBytes)} are possible.`);
    else onFile(chosen);
  };
  return h("div", {
    className: "drop", "data-over": String(isOver),
    onDragOver: (event) => { event.preventDefault(); setOver(true); },
    onDragLeave: () => setOver(false),
    onDrop: (event) => { event.preventDefault(); setOver(false); take(event.dataTransfer.files[0]); },
  },
    h("label", { htmlFor: id }, file ? `${file.name} (${size(file.size)})` : words),
    h("input", { id, type: "file", accept, onChange: (event) => take(event.target.files[0]) }));
}

/** A file with the fields in `children`, sent as a multipart form. */
export function UploadForm({ action, method, accept, maxBytes, words, sendWords, onDone, children, ...props }) {
  const id = useId();
  const [file, setFile] = useState(null);
  const form = useRef(null);
  const upload = useUpload({ action, method, onDone });
  const submit = async (event) => {
    event.preventDefault();
    if (upload.isBusy) return;
    if (!file) {
      upload.setProblem("Choose a file first.");
      return;
    }
    const body = new FormData();
    for (const [name, value] of new FormData(form.current)) if (typeof value === "string") body.append(name, value);
    body.append("file", file, file.name);
    if (await upload.go(body)) {
      setFile(null);
      form.current?.reset();
    }
  };
  return h("form", { ...props, ref: form, noValidate: true, onSubmit: submit },
    h(FileZone, {
      id, accept, maxBytes, words, file, onProblem: upload.setProblem,
      onFile: (chosen) => { setFile(chosen); upload.setProblem(""); },
    }),
    children,
    upload.problem && h("p", { className: "field-problem", role: "alert" }, upload.problem),
    h(Progress, { value: upload.progress }),
    h("button", { type: "submit", className: "button button-main", "aria-disabled": String(upload.isBusy) }, sendWords));
}

const clamp = (value) => Math.min(1, Math.max(0, Math.round(value * 1000) / 1000));
const percent = (value) => `${Math.round(value * 100)} %`;

/** The point that every crop keeps in view: pressed on the picture, or moved with the arrow keys. */
function FocalPoint({ src, alt, focus, onFocus, onUnreadable }) {
  const onKeyDown = (event) => {
    const step = event.shiftKey ? 0.1 : 0.02;
    const move = {
      ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step],
    }[event.key];
    if (!move) return;
    event.preventDefault();
    onFocus({ x: clamp(focus.x + move[0]), y: clamp(focus.y + move[1]) });
  };
  const onPointer = (event) => {
    if (event.type === "pointermove" && !(event.buttons & 1)) return;
    const box = event.currentTarget.getBoundingClientRect();
    onFocus({ x: clamp((event.clientX - box.left) / box.width), y: clamp((event.clientY - box.top) / box.height) });
  };
  return h("div", { className: "focal", onPointerDown: onPointer, onPointerMove: onPointer },
    h("img", { src, alt, draggable: false, onError: onUnreadable }),
    h("button", {
      type: "button", className: "focal-point", onKeyDown,
      style: { left: `${focus.x * 100}%`, top: `${focus.y * 100}%` },
      "aria-label": `Focal point: ${percent(focus.x)} from the left, ${percent(focus.y)} from the top. Arrow keys move it.`,
    }));
}

// How the picture will be cropped in the places where it is shown.
function Crops({ src, focus, shapes }) {
  const position = { objectPosition: `${focus.x * 100}% ${focus.y * 100}%` };
  return h("ul", { className: "crops", role: "list", "aria-label": "Crops" },
    shapes.map(([words, ratio]) =>
      h("li", { key: words },
        h("img", { src, alt: "", style: { ...position, aspectRatio: ratio } }), h("small", null, words))));
}

const SHAPES = {
  poster: [["Poster", "2 / 3"]],
  backdrop: [["Wide", "16 / 9"], ["Phone", "3 / 4"], ["Shared link", "1.91 / 1"]],
};

/** Uploads a poster or a backdrop, or moves the focal point of the one that is there. */
export function PictureForm({ kind, action, original, focusX, focusY, busy, onDone, onCrop }) {
  const id = useId();
  const [file, setFile] = useState(null);
  const [local, setLocal] = useState("");
  const [focus, setFocus] = useState({ x: focusX, y: focusY });
  const [unreadable, setUnreadable] = useState("");
  const upload = useUpload({ action, method: "PUT", onDone });
  useEffect(() => setFocus({ x: focusX, y: focusY }), [focusX, focusY, original]);
  useEffect(() => {
    if (!file) return undefined;
    const url = URL.createObjectURL(file);
    setLocal(url);
    return () => URL.revokeObjectURL(url);
  }, [file]);

  const src = file ? local : original;
  const isReadable = src && src !== unreadable;
  const isMoved = !file && (focus.x !== focusX || focus.y !== focusY);
  const choose = (chosen) => {
    setFile(chosen);
    setFocus({ x: 0.5, y: 0.5 });
    upload.setProblem("");
  };
  const submit = async () => {
    if (!file) {
      onCrop(kind, focus.x, focus.y);
      return;
    }
    const body = new FormData();
    body.append("file", file, file.name);
    body.append("focusX", String(focus.x));
    body.append("focusY", String(focus.y));
    if (await upload.go(body)) setFile(null);
  };
  const isBusy = busy || upload.isBusy;
  return h("div", { className: "picture-form", "data-kind": kind },
    h(FileZone, {
      id, accept: "image/jpeg,image/png,image/webp,image/avif", maxBytes: 20 * 1024 * 1024, file,
      words: `Choose a ${kind}, or drop one here: JPEG, PNG, WebP or AVIF, up to 20 MB`,
      onFile: choose, onProblem: upload.setProblem,
    }),
    upload.problem && h("p", { className: "field-problem", role: "alert" }, upload.problem),
    isReadable && h("p", { className: "hint" }, "Press what must stay in view in every crop, or move the point with the arrow keys."),
    isReadable && h("div", { className: "focal-room" },
      h(FocalPoint, { onUnreadable: () => setUnreadable(src), src, alt: `The ${kind} as it was uploaded`, focus, onFocus: setFocus }),
      h(Crops, { src, focus, shapes: SHAPES[kind] })),
    h(Progress, { value: upload.progress }),
    (file || isMoved) &&
      h("div", { className: "actions-row" },
        h("button", { type: "button", className: "button button-main", "aria-disabled": String(isBusy), onClick: () => !isBusy && submit() },
          isBusy ? "Working…" : file ? `Upload the ${kind}` : "Crop around this point"),
        h("button", {
          type: "button", className: "button",
          onClick: () => { setFile(null); setFocus({ x: focusX, y: focusY }); upload.setProblem(""); },
        }, "Cancel")));
}
