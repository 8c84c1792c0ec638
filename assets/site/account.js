// Pages of accounts work without this; it adds what only a script can: passkeys, copying, and times
// of this person's own clock.

// https://www.w3.org/TR/webauthn-3/#sctn-parseCreationOptionsFromJSON, for browsers without it.
const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
const withIds = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

function forCreate(options) {
  return {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: withIds(options.excludeCredentials),
  };
}

function forGet(options) {
  return {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: withIds(options.allowCredentials),
  };
}

function asJson(credential) {
  const { response } = credential;
  const answer = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) answer[name] = text(response[name]);
  }
  if (response.getTransports) answer.transports = response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: answer,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

const WORDS = {
  NotAllowedError: "No passkey was used: it was cancelled, or took too long. Try again.",
  InvalidStateError: "This device has a passkey for your account already.",
  NotSupportedError: "This device cannot make a passkey that asks for you.",
  SecurityError: "This address cannot use passkeys. Open the portal by its own name.",
};

async function askDevice(form) {
  const answer = await fetch(form.dataset.options, { method: "POST" });
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.detail);
  const credential =
    form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey: forCreate(found.options) })
      : await navigator.credentials.get({ publicKey: forGet(found.options) });
  form.elements.ticket.value = found.ticket;
  form.elements.credential.value = asJson(credential);
}

function passkeys(form) {
  const says = form.querySelector("[data-says]");
  const button = form.querySelector("button");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    says.hidden = true;
    button.disabled = true;
    try {
      await askDevice(form);
      form.submit();
    } catch (error) {
      const offline = error instanceof TypeError ? "The portal does not answer. Try again." : "";
      says.textContent = WORDS[error.name] || offline || error.message;
      says.hidden = false;
      button.disabled = false;
      button.focus();
    }
  });
}

function copies(button) {
  const words = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copies);
    const lines = [...source.querySelectorAll("li")].map((each) => each.textContent.trim());
    await navigator.clipboard.writeText(lines.length ? lines.join("\n") : source.textContent);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = words), 2000);
  });
}

function ownClock(time) {
  const options = { dateStyle: "medium", timeStyle: "short" };
  const at = new Date(time.dateTime);
  time.title = time.textContent;
  time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, options).format(at);
}

if (window.PublicKeyCredential) document.querySelectorAll("[data-passkey]").forEach(passkeys);
if (navigator.clipboard) document.querySelectorAll("[data-copies]").forEach(copies);
document.querySelectorAll("time").forEach(ownClock);
