// The frame of the content managers' pages: dialogs, keys, and a line for what was refused.
import { createElement, useEffect, useState } from "react";
import "./admin.css";

const closest = (event, selector) => event.target.closest?.(selector);
const inField = (event) =>
  closest(event, "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], media-controller");

function onClick(event) {
  const opener = closest(event, "[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  const closer = closest(event, "[data-closes]");
  if (closer) closer.closest("dialog")?.close();
  // A click on the dialog itself is one on its backdrop: its content fills it.
  if (event.target.tagName === "DIALOG") event.target.close();
}

function onKey(event) {
  const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey;
  if (isCommand && event.key === "s") {
    const forms = [...document.querySelectorAll("form[data-draft]")].filter((form) => form.checkVisibility());
    const form = forms.find((each) => each.contains(document.activeElement)) ?? forms[0];
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  } else if (isCommand && event.key === "z" && !inField(event)) {
    const undo = document.querySelector("[data-undo]");
    if (!undo) return;
    event.preventDefault();
    undo.click();
  } else if (event.key === "?" && !isCommand && !inField(event)) {
    const keys = document.getElementById("admin-keys");
    if (!keys || keys.open) return;
    event.preventDefault();
    keys.showModal();
  }
}

/** Around everything on a page. What the server refuses outside of any form is told here. */
export function AdminFrame({ children, ...props }) {
  const [refused, setRefused] = useState("");
  useEffect(() => {
    const onRefused = (event) => setRefused(event.detail);
    const onAct = () => setRefused("");
    window.addEventListener("portal:refused", onRefused);
    window.addEventListener("portal:acts", onAct);
    document.addEventListener("click", onClick);
    document.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("portal:refused", onRefused);
      window.removeEventListener("portal:acts", onAct);
      document.removeEventListener("click", onClick);
      document.removeEventListener("keydown", onKey);
    };
  }, []);
  const line = createElement(
    "div",
    { role: "alert", className: "refused-room" },
    refused &&
      createElement(
        "div",
        { className: "toast toast-bad" },
        createElement("p", null, refused),
        createElement("button", { type: "button", className: "mini", onClick: () => setRefused("") }, "Dismiss"),
      ),
  );
  return createElement("div", props, children, line);
}
