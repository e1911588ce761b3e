// Bytes within JSON.

/** Write bytes as text. */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  // in pieces: a call takes only so many parameters
  for (let start = 0; start < bytes.length; start += 32_768) {
    text += String.fromCharCode(...bytes.subarray(start, start + 32_768));
  }
  return btoa(text);
}

/** Read bytes that `toBase64` wrote; throws an Error where the text is nothing of the kind. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
