// UUID v7 (RFC 9562, section 5.7): 48 bits of milliseconds, then randomness.

/** A new id of a time in milliseconds. */
export function identifier(millis: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let rest = millis;
  for (let i = 5; i >= 0; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = 0x70 | (bytes[6]! & 15);
  bytes[8] = 0x80 | (bytes[8]! & 63);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The time of an id in milliseconds. */
export function timeOf(id: string): number {
  return parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
