export function run(): Promise<never>;
export function entryOf(server: string): string;
export function compiledState(server: string): string;
