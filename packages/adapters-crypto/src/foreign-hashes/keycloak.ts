import { fromBase64, keyOf } from './encodings.ts';

/** A credential of Keycloak, as its realm export and its table `credential` contain it. */
export interface KeycloakCredential {
  readonly algorithm: string;
  readonly iterations: number;
  readonly salt: Buffer;
  readonly key: Buffer;
  /** The value of a further parameter, such as `memory`. */
  readonly parameter: (name: string) => string | undefined;
}

/**
 * Reads `{"secretData": "…", "credentialData": "…"}`, two texts of JSON: the shape of a credential in a realm export.
 * Further fields are ignored.
 */
export function readKeycloak(hash: string): KeycloakCredential | undefined {
  if (!hash.startsWith('{"')) return undefined;
  const { secretData, credentialData } = fieldsOf(hash);
  const { value, salt } = fieldsOf(secretData);
  const { algorithm, hashIterations, additionalParameters } = fieldsOf(credentialData);
  const saltBytes = typeof salt === 'string' ? fromBase64(salt) : undefined;
  const key = keyOf(typeof value === 'string' ? fromBase64(value) : undefined);
  if (!saltBytes || !key || typeof algorithm !== 'string' || !Number.isSafeInteger(hashIterations)) return undefined;
  const further = fieldsOf(additionalParameters);
  const parameter = (name: string) => {
    const given = further[name];
    const first: unknown = Array.isArray(given) ? given[0] : given;
    return typeof first === 'string' ? first : undefined;
  };
  return { algorithm, iterations: Number(hashIterations), salt: saltBytes, key, parameter };
}

/** The fields of an object, or of an object in a text of JSON. What is neither has none. */
function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  const object: unknown = typeof value === 'string' ? parsed(value) : value;
  return typeof object === 'object' && object !== null ? (object as Record<string, unknown>) : {};
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
