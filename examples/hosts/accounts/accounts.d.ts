import type { HttpApi } from '@sallyport/http-api';

/** Opens the accounts of an app whose API has this URL. Await `close` after the last request. */
export declare function openAccounts(publicUrl: string): Promise<{ api: HttpApi; close: () => Promise<void> }>;
