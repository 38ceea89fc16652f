/** What one process used and was answered. */
export class Notes {
  credentials(...values: readonly (string | undefined)[]): void;
  environment(variables: Readonly<Record<string, string | undefined>>): void;
  request(request: { readonly authorization?: string | undefined; readonly body?: unknown }): void;
  sent(init?: RequestInit): void;
  answer(answer: {
    readonly status: number;
    readonly url: string;
    readonly headers: Headers;
    readonly body: string;
  }): void;
  watchFetch(): void;
  keep(folder: string): void;
}

export const notes: Notes;

export function searchRun(folder: string, planted: string): { readonly credentials: number; readonly requests: number };
