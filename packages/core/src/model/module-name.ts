/** The name of something that a module adds: the module's name, a dot, and a name of its own, as in `comments.deleted`. */
export type ModuleName = `${string}.${string}` & {};
