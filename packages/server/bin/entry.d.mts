export function run(): Promise<never>;
export function hasCurrentBundle(server: string): boolean;
export function compiledState(server: string): string;
