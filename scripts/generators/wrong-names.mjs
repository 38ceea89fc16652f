import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile, exportedNames, propertyNames } from '../../generators/names.mjs';

const lists = join(import.meta.dirname, '../fixtures/generated-names');

/** A list that a person wrote. */
const wished = (name) => readFileSync(join(lists, `${name}.txt`), 'utf8').match(/^\w+$/gm);

const [operations, schemas, parameters, responses] = ['operations', 'schemas', 'parameters', 'responses'].map(wished);

const capitalized = (name) => name.charAt(0).toUpperCase() + name.slice(1);
const each = (names, ...decorations) => names.flatMap((name) => decorations.map((decorate) => decorate(name)));

/** How each generator decorates the name of an operation: for its results, its errors, its URL. */
const decorated = {
  'hey-api': /^([A-Z]\w*?)(Data|Errors?|Responses?)$/,
  orval: /^(?:get([A-Z]\w*)Url|([a-z]\w*?)Response(?:\d{3}|Success|Error)?|([A-Z]\w*)Params)$/,
};

/** The names that each generator made, and those that it should have made, without its decorations of operations. */
const namesOf = {
  'openapi-typescript': (folder) => {
    const { program, errors } = compile(folder, ['schema.ts']);
    const file = join(folder, 'schema.ts');
    const found = [
      ...propertyNames(program, file, ['operations']),
      ...['schemas', 'parameters', 'responses'].flatMap((kind) => propertyNames(program, file, ['components', kind])),
    ];
    return { errors, found, expected: [...operations, ...schemas, ...parameters, ...responses] };
  },
  'hey-api': (folder) => {
    const { program, errors } = compile(folder, ['index.ts']);
    const found = exportedNames(program, join(folder, 'index.ts'));
    return { errors, found, expected: [...operations, ...schemas, ...parameters, 'ClientOptions', 'Options'] };
  },
  orval: (folder) => {
    const { program, errors } = compile(folder, ['api.ts', 'model/index.ts']);
    const found = [
      ...exportedNames(program, join(folder, 'api.ts')),
      ...exportedNames(program, join(folder, 'model/index.ts')),
    ];
    const inPath = ['Id'];
    const expected = [
      ...operations,
      ...schemas,
      ...each(
        parameters.filter((name) => !inPath.includes(name)),
        (name) => `${name}Parameter`,
      ),
      ...each(responses, (name) => `${name}Response`),
      // A field that may be null, or that is an object, has a type of its own.
      ...wished('orval'),
    ];
    return { errors, found, expected };
  },
};

/** Names that say nothing: numbered, or longer than a line of code bears. */
const isUgly = (name) => (/\d$/.test(name) && !/Response\d{3}$/.test(name)) || name.length > 40 || name.includes('_');

/**
 * What is wrong with the code that a generator wrote into this folder.
 *
 * @param {'openapi-typescript' | 'hey-api' | 'orval'} generator
 * @returns {string[]}
 */
export function wrongNames(generator, folder) {
  const { errors, found, expected } = namesOf[generator](folder);
  const ofOperations = new Set(each(operations, (name) => name, capitalized));
  const isDecorated = (name) => {
    const [, ...base] = decorated[generator]?.exec(name) ?? [];
    return ofOperations.has(base.find((one) => one !== undefined));
  };
  const plain = found.filter((name) => expected.includes(name) || !isDecorated(name));
  return [
    ...errors.map((error) => `What ${generator} generated does not compile:\n${error}`),
    ...expected.filter((name) => !plain.includes(name)).map((name) => `${generator} has no name ${name}`),
    ...plain.filter((name) => !expected.includes(name)).map((name) => `${generator} made up the name ${name}`),
    ...found.filter(isUgly).map((name) => `${generator} gave the ugly name ${name}`),
  ];
}
