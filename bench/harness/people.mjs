let people = 0;

/** A person without an account. */
export function newPerson() {
  people += 1;
  return { name: 'Ada Lovelace', email: `person${people}@example.com`, password: 'secret123', age: 36 };
}
