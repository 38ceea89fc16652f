import { join } from 'node:path';

/** This folder. */
export const here = import.meta.dirname;

/** The root of the repository. */
export const root = join(here, '..');

/** The documents that the site is made of. */
export const docs = join(root, 'docs');

/** The pages as VitePress gets them, made from the documents and the docstrings. */
export const made = join(here, 'pages');

/** The built site. */
export const built = join(here, 'dist');
