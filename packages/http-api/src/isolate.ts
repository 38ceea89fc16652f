/** Calls a function of the host that is only told of something. What it throws or rejects must not become the client's. */
export async function isolate(tell: () => unknown): Promise<void> {
  try {
    await tell();
  } catch {
    // It has no other place to report to.
  }
}
