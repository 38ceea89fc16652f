type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The variables that have a value. An empty or blank one counts as absent: Docker Compose, for one, passes an unset
 * variable on as an empty one.
 */
export function givenVariables(variables: Variables): Record<string, string> {
  const given = Object.entries(variables).filter((entry): entry is [string, string] => Boolean(entry[1]?.trim()));
  return Object.fromEntries(given);
}
