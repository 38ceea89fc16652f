import openapiTS, { astToString } from 'openapi-typescript';
import { madeFrom } from '../scripts/made-from.mjs';

/** What the client has no use for: it takes types of results and inputs, and its table of routes has the paths. */
const unused = ['paths', 'webhooks', '$defs'];

/**
 * The types of the client: those of the operations and the bodies of this document, by openapi-typescript.
 *
 * @param {string} text the OpenAPI document
 */
export async function clientTypes(text) {
  const document = JSON.parse(text, (key, value) => (key === 'examples' && Array.isArray(value) ? undefined : value));
  for (const operation of Object.values(document.paths).flatMap((methods) => Object.values(methods))) {
    const successes = Object.entries(operation.responses).filter(([status]) => Number(status) < 300);
    operation.responses = Object.fromEntries(successes.map(([status, { headers: _, ...rest }]) => [status, rest]));
  }
  const { responses: _, headers: __, ...components } = document.components;
  const nodes = await openapiTS({ ...document, components }, { defaultNonNullable: false });
  const kept = nodes.filter((node) => !unused.includes(node.name?.text));
  const types = withDescriptions(astToString(kept), document);
  return `${madeFrom(text)}\n${Object.entries(docstrings).reduce(withDocstring, types)}`;
}

const docstrings = {
  components: 'The schemas of the API by name, as the OpenAPI document declares them. `Schemas` is shorter.',
  operations: 'The operations of the API by name, with their parameters, bodies and successful responses.',
};

const withDocstring = (types, [name, docstring]) =>
  types.replace(`export interface ${name} {`, (declaration) => `/** ${docstring} */\n${declaration}`);

/** Puts what the document says of an operation before its type: editors show it for the method of the client. */
function withDescriptions(types, { paths }) {
  const start = types.indexOf('export interface operations');
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, ...operation })),
  );
  const described = operations.reduce((rest, { operationId, summary, description, route }) => {
    const lines = [`${summary} (\`${route}\`).`, description].map((line) => `     * ${line}\n`).join('     *\n');
    return rest.replace(`\n    ${operationId}: {`, (entry) => `\n    /**\n${lines}     */${entry}`);
  }, types.slice(start));
  return types.slice(0, start) + described;
}
