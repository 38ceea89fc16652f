/**
 * The table of routes of the client, as TypeScript.
 *
 * @param {any} document the OpenAPI document
 */
export function clientRoutes({ paths }) {
  const rows = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const route = [method.toUpperCase(), path, ...accessOf(operation)].join(' ');
      return `  ${operation.operationId}: '${route}',`;
    }),
  );
  return [
    '// Made from docs/openapi.json by npm run openapi',
    '',
    '/** Where each operation is. */',
    'export const routes = {',
    ...rows,
    '} as const;',
    '',
  ].join('\n');
}

/** Who may call, if not members alone, and whether the body is a form. */
function accessOf({ security, requestBody }) {
  const isForm = requestBody !== undefined && !('application/json' in requestBody.content);
  const isOptional = security.some((scheme) => Object.keys(scheme).length === 0);
  const access = security.length === 0 ? 'public' : isOptional ? 'optional' : 'member';
  return isForm ? [access, 'form'] : access === 'member' ? [] : [access];
}
