// Passkeys: the browser asks the device, and what the device answers is sent with the form.
// <form data-passkey="create|get" [data-options-url="…"]> holds a hidden field "credential"; its
// options are read from that address, or stand in the page as JSON (id "passkey-options").

const fromText = (text) => {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const named = (list = []) => list.map((one) => ({ ...one, id: fromText(one.id) }));

async function optionsOf(form) {
  if (!form.dataset.optionsUrl) {
    return JSON.parse(document.getElementById("passkey-options").textContent);
  }
  const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`The portal answered ${answer.status}`);
  return answer.json();
}

async function create(options) {
  const publicKey = options.creation_options.publicKey;
  return navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: fromText(publicKey.challenge),
      user: { ...publicKey.user, id: fromText(publicKey.user.id) },
      excludeCredentials: named(publicKey.excludeCredentials),
      // A passkey that is found without a name typed first, and that asks who holds it.
      authenticatorSelection: {
        ...publicKey.authenticatorSelection,
        residentKey: "required",
        requireResidentKey: true,
        userVerification: "required",
      },
    },
  });
}

async function get(options) {
  const publicKey = options.request_options.publicKey;
  return navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: fromText(publicKey.challenge),
      allowCredentials: named(publicKey.allowCredentials),
    },
  });
}

function asJson(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = toText(credential.response[part]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function ask(event) {
  event.preventDefault();
  const form = event.target;
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  try {
    const ceremony = form.dataset.passkey === "create" ? create : get;
    form.elements.credential.value = asJson(await ceremony(await optionsOf(form)));
    form.submit();
  } catch (error) {
    console.warn(error);
    failed.hidden = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const isKnown = Boolean(window.PublicKeyCredential && navigator.credentials);
  form.hidden = !isKnown;
  form.nextElementSibling.hidden = isKnown;
  form.addEventListener("submit", ask);
}
