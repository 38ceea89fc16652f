import { parse as parseQuery } from 'node:querystring';
import { type Anyone, type Application, isSallyportError, type WordsOfPages } from '@sallyport/core';
import Negotiator from 'negotiator';
import { type Fields, receiveBody } from '../body/body.ts';
import { originOf } from '../callers/bearer.ts';
import { refuseForeignPage } from '../callers/foreign-page.ts';
import type { ApiRequest, ApiResponse } from '../messages.ts';
import { answerError, type ErrorAnswers, logOutage } from '../problems/answer.ts';
import { problemMediaType } from '../problems/problem.ts';
import { retryHeaders } from '../problems/retry-headers.ts';
import type { Endpoint } from '../routes/path-table.ts';
import type { Brand } from './brand.ts';
import type { Worded } from './forms.ts';
import { pagesOf } from './page.ts';
import {
  doneView,
  failureView,
  formView,
  invalidLinkView,
  linkRequestedView,
  refusalView,
  type View,
} from './views.ts';

/** A page, what its form does, and how its reader gets a new link. */
interface LinkPage {
  readonly name: 'reset-password' | 'verify-email';
  readonly wordsIn: (texts: WordsOfPages) => Worded;
  act(application: Application, caller: Anyone, form: Fields): Promise<unknown>;
  requestLink(application: Application, caller: Anyone, form: Fields): Promise<unknown>;
}

const pages: readonly LinkPage[] = [
  {
    name: 'reset-password',
    wordsIn: ({ pages: { 'reset-password': words }, ...rest }) => ({ ...rest, words, password: words }),
    act: (application, caller, { token, new_password: newPassword }) =>
      application.resetPassword.attempt(caller, { token, newPassword }),
    requestLink: (application, caller, { email }) => application.forgotPassword.attempt(caller, { email }),
  },
  {
    name: 'verify-email',
    wordsIn: ({ pages: { 'verify-email': words }, ...rest }) => ({ ...rest, words }),
    act: (application, caller, { token }) => application.verifyEmail.attempt(caller, { token }),
    requestLink: (application, caller, { email }) => application.requestVerification.attempt(caller, { email }),
  },
];

/** What the pages are made for. */
interface LinkPageOptions {
  readonly publicUrl: string;
  readonly brand: Brand;
  readonly answers: ErrorAnswers;
}

/**
 * The pages that mailed links lead to, in the language that the browser prefers. Opening a page does not use the link
 * up, since mail scanners open links too. Only sending the form does. The page of an invalid link says so at once, and
 * offers a new one. Pages of other origins cannot send the forms. A browser gets every error as a page.
 */
export function linkPageEndpoints(
  application: Application,
  { publicUrl, brand, answers }: LinkPageOptions,
): readonly Endpoint[] {
  const { origin } = new URL(publicUrl);
  const { mails } = application.policy;
  const showPage = pagesOf(brand);
  const show = (status: number, { locale }: Worded, view: View, headers?: ApiResponse['headers']) =>
    showPage({ status, locale, ...view, headers });

  function wordedFor({ wordsIn }: LinkPage, request: ApiRequest): Worded {
    const { locales = [] } = originOf(request);
    return wordsIn(mails.pageWordsOf(mails.localeFor(locales) ?? mails.defaultLocale));
  }

  /** The form of a link, or that the link is invalid. Without the store, that is not known, and the form may work later. */
  async function viewOf({ name: page }: LinkPage, worded: Worded, request: ApiRequest): Promise<View> {
    const { token } = parseQuery(request.query);
    try {
      const link = await application.checkLink.attempt(originOf(request), { token, page });
      return link ? formView(page, worded, token, link.email) : invalidLinkView(page, worded);
    } catch (error) {
      if (!isSallyportError(error)) throw error;
      logOutage(error, request.requestId, answers.log);
      return error.code === 'unavailable' ? formView(page, worded, token, undefined) : invalidLinkView(page, worded);
    }
  }

  /** Does what the form is for, and shows what the page says then. */
  async function submit(page: LinkPage, worded: Worded, caller: Anyone, sent: Fields): Promise<View> {
    if (sent['email'] !== undefined) {
      await page.requestLink(application, caller, sent);
      return linkRequestedView(worded);
    }
    await page.act(application, caller, sent);
    return doneView(worded, brand);
  }

  /** The page of a refusal; also that of any other error, if a browser asks. */
  function refused(error: unknown, page: LinkPage, worded: Worded, request: ApiRequest, sent: Fields): ApiResponse {
    const known = isSallyportError(error) ? answers.types[error.code] : undefined;
    if (isSallyportError(error) && known) {
      logOutage(error, request.requestId, answers.log);
      if (request.observed) request.observed.code = error.code;
      return show(known.status, worded, refusalView(page.name, worded, error, sent), retryHeaders(error));
    }
    if (!prefersPage(request)) throw error;
    const { status, headers } = answerError(error, request.requestId, answers, request.observed);
    return show(status, worded, failureView(worded, error), headers);
  }

  return pages.flatMap((page) => {
    const path = `/${page.name}`;
    return [
      {
        method: 'GET',
        path,
        async answer(request) {
          const worded = wordedFor(page, request);
          try {
            return show(200, worded, await viewOf(page, worded, request));
          } catch (error) {
            return refused(error, page, worded, request, {});
          }
        },
      },
      {
        method: 'POST',
        path,
        statuses: [200, 400, 403, 413, 415, 422, 429],
        async answer(request) {
          const worded = wordedFor(page, request);
          let sent: Fields = {};
          try {
            refuseForeignPage(request, origin);
            sent = await receiveBody(request, 'form', async (parseBody) => parseBody());
            return show(200, worded, await submit(page, worded, originOf(request), sent));
          } catch (error) {
            return refused(error, page, worded, request, sent);
          }
        },
      },
    ] satisfies Endpoint[];
  });
}

/** Whether the client reads HTML rather than JSON, as browsers do (RFC 9110, section 12.5.1). */
function prefersPage({ header }: ApiRequest): boolean {
  const negotiator = new Negotiator({ headers: { accept: header('accept') } });
  return negotiator.mediaType([problemMediaType, 'text/html']) === 'text/html';
}
