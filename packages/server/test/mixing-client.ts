interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: any;
}

async function ask(url: string, route: string, address: string, token?: string, json?: object): Promise<Answer> {
  const [method = '', path = ''] = route.split(' ');
  const response = await fetch(url + path, {
    method,
    headers: {
      'x-forwarded-for': address,
      ...(token && { authorization: `Bearer ${token}` }),
      ...(json && { 'content-type': 'application/json' }),
    },
    ...(json && { body: JSON.stringify(json) }),
  });
  const body: unknown = await response.json().catch(() => undefined);
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body };
}

/** A member who sends a mixture of requests to all nodes, and knows what belongs into the answers. */
export class MixingClient {
  readonly #number: number;
  readonly #urls: readonly string[];
  readonly #credentials: { readonly email: string; readonly password: string };
  readonly #name: string;
  id = 0;
  /** What was asked last, and the answer's status. */
  last = '';
  #token = '';
  #refreshToken = '';
  #asked = 0;
  readonly #posts: number[] = [];

  constructor(number: number, urls: readonly string[]) {
    this.#number = number;
    this.#urls = urls;
    this.#name = `Person ${number}`;
    this.#credentials = { email: `person${number}@example.com`, password: `secret of person ${number}` };
  }

  /** One of the member's addresses, and one node after the other. */
  async ask(route: string, json?: object, token = this.#token): Promise<Answer> {
    this.#asked += 1;
    const url = this.#urls[this.#asked % this.#urls.length]!;
    const answer = await ask(url, route, `198.51.${this.#number}.${this.#asked % 10}`, token, json);
    this.last = `${route}: ${answer.status}`;
    return answer;
  }

  async register(): Promise<void> {
    const json = { ...this.#credentials, name: this.#name, age: 20 + this.#number };
    const { body } = await this.ask('POST /auth/register', json, '');
    this.id = body.id;
    if (!(await this.#logIn())) throw new Error('The login was refused');
  }

  /** Sends the next request of a mixture, and returns whether the answer is the right one for this member. */
  async next(n: number, others: readonly MixingClient[]): Promise<boolean> {
    if (n % 250 === 0) return this.#logIn();
    switch (n % 10) {
      case 0:
        return this.#refresh();
      case 1:
        return this.#write(n);
      case 2: {
        const city = `City ${this.#number} of ${n}`;
        const { status, body } = await this.ask('PATCH /users/me', { city });
        return status === 200 && body.id === this.id && body.city === city;
      }
      case 3: {
        const { status, body } = await this.ask('GET /posts/my?limit=5');
        return status === 200 && body.every((post: any) => post.author_id === this.id);
      }
      case 4: {
        const post = this.#posts.at(-1);
        if (post === undefined) return this.#write(n);
        const { status, body } = await this.ask(`GET /posts/${post}`);
        return status === 200 && body.id === post && body.author.id === this.id;
      }
      case 5: {
        const other = others[n % others.length]!;
        const { status, body } = await this.ask(`GET /users/${other.id}`);
        return status === 200 && body.id === other.id && body.name === other.#name;
      }
      case 6: {
        const { status, body } = await this.ask('GET /users/me/sessions');
        return status === 200 && body.length >= 1 && body.filter((one: any) => one.current).length === 1;
      }
      case 7:
        return (await this.ask('GET /posts?limit=3', undefined, '')).status === 200;
      default: {
        const { status, body } = await this.ask('GET /users/me');
        return status === 200 && body.id === this.id && body.email === this.#credentials.email;
      }
    }
  }

  async #logIn(): Promise<boolean> {
    return this.#accept(await this.ask('POST /auth/login', this.#credentials, ''));
  }

  async #refresh(): Promise<boolean> {
    return this.#accept(await this.ask('POST /auth/refresh', { refresh_token: this.#refreshToken }, ''));
  }

  #accept({ status, body }: Answer): boolean {
    if (status !== 200 || body.user.id !== this.id) return false;
    [this.#token, this.#refreshToken] = [body.access_token, body.refresh_token];
    return true;
  }

  async #write(n: number): Promise<boolean> {
    const title = `Post ${n} of person ${this.#number}`;
    const { status, body } = await this.ask('POST /posts', { title, content: 'Weaves algebraical patterns.' });
    if (status !== 201 || body.author_id !== this.id || body.title !== title) return false;
    this.#posts.push(body.id);
    return true;
  }
}
