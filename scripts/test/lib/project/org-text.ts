/** A valid org file with one member per line and the given members replaced, or omitted if undefined. */
export function orgText(members: Readonly<Record<string, unknown>> = {}): string {
  const all = { orgId: '00D4fP53twgxYnvEBE', kind: 'sandbox', wave: 1, channels: ['Web_Chat'], ...members };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`${JSON.stringify(name)}: ${JSON.stringify(value)}`],
  );
  return `{\n${lines.join(',\n')}\n}\n`;
}
