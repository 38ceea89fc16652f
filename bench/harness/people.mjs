let people = 0;
let addresses = 0;

/** A person without an account. */
export function newPerson() {
  people += 1;
  return { name: 'Ada Lovelace', email: `person${people}@example.com`, password: 'secret123', age: 36 };
}

/** An address of the network for benchmarks (RFC 2544), which does not repeat before all others were used. */
export function newAddress() {
  addresses += 1;
  return `198.${18 + ((addresses >> 16) & 1)}.${(addresses >> 8) & 255}.${addresses & 255}`;
}
