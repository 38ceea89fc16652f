import { admit } from '../../accounts';

export const dynamic = 'force-dynamic';

/** A route of the host, for members. */
export async function GET(request: Request): Promise<Response> {
  const admitted = await admit(request, 'member');
  return admitted instanceof Response ? admitted : Response.json({ for: admitted.user.name });
}
