/** The parts of a multipart/form-data body: name -> content. Parts without a name are ignored. */
export function parseMultipart(body: Buffer, contentType: string): Map<string, Buffer> {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  const parts = new Map<string, Buffer>();
  if (!boundary) return parts;
  for (const part of splitAtBoundary(body, Buffer.from(`--${boundary}`))) {
    const end = part.indexOf('\r\n\r\n');
    const name = end < 0 ? undefined : /\bname="([^"]*)"/i.exec(part.toString('latin1', 0, end))?.[1];
    if (name) parts.set(name, part.subarray(end + 4, part.length - 2));
  }
  return parts;
}

// A part extends from one boundary to the next, and starts and ends with a line break.
function splitAtBoundary(body: Buffer, delimiter: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let start = body.indexOf(delimiter);
  while (start >= 0) {
    const next = body.indexOf(delimiter, start + delimiter.length);
    if (next < 0) break;
    parts.push(body.subarray(start + delimiter.length, next));
    start = next;
  }
  return parts;
}
